"""Errors that a user can act on: each message names what was wrong, what was expected and what to do."""

from __future__ import annotations


class BrachyResponseError(ValueError):
    """Base of every error that the library raises for bad input."""


class GeometryError(BrachyResponseError):
    """A grid, a matrix or a position that cannot be used."""


class StructureError(BrachyResponseError):
    """A structure (target, organ at risk, lesion) that is missing, empty or misplaced."""


class SeedsError(BrachyResponseError):
    """Seeds whose number, position, axis or strength cannot be used."""


class SourceError(BrachyResponseError):
    """A source model that is unknown or whose data are not valid."""


class DoseError(BrachyResponseError):
    """A dose or a dose-volume histogram that cannot be computed."""


class PlanError(BrachyResponseError):
    """A plan, a needle, a profile or a rule that contradicts itself or the patient."""


class InputFileError(BrachyResponseError):
    """A file that cannot be read or written as what it should be."""


class ImageError(BrachyResponseError):
    """An image that is not what a computation needs: other values, gaps between slices, no metal in it."""


class RegistrationError(BrachyResponseError):
    """Two images that cannot be brought together."""


class VerificationError(BrachyResponseError):
    """A plan and an implant that cannot be compared."""


class PerfusionError(BrachyResponseError):
    """A dynamic series, an arterial input function or a map that does not allow what is asked of it."""


class ResponseError(BrachyResponseError):
    """A lesion that cannot be measured, or a history that the response criteria cannot be applied to."""


class SpectroscopyError(BrachyResponseError):
    """A spectrum that cannot be read or fitted, or a voxel that does not lie where it is asked for."""


class DiffusionError(BrachyResponseError):
    """A diffusion image or an ADC map that does not allow what is asked of it."""


class CohortError(BrachyResponseError):
    """A series of patients that cannot be evaluated."""


class Cancelled(Exception):  # noqa: N818 - a wish of the user, not an error
    """Raised by a progress report when the user wants the work to stop."""


def reason_of(error: Exception) -> str:
    """Return why a file was not read, without the system's number and the path that the sentence names already."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
