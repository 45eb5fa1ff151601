"""The dose of an implant at a lesion, shown beside the evidence without weight."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from brachyresponse.geometry import Structure, Volume
from brachyresponse.response.evidence.gathering.context import DoseContext
from brachyresponse.response.field import site_of_failure


class LesionDose(Protocol):
    """What is known of the dose at a lesion, computed or read."""

    @property
    def d50_gy(self) -> float | None:
        """Median dose."""

    @property
    def v100_percent(self) -> float | None:
        """Share of the volume at or above the prescription."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences."""


def dose_context(
    lesion: Structure, dose: Volume, prescription_gy: float, to_dose: ArrayLike | None = None
) -> DoseContext | None:
    """Return the dose of an implant at a lesion; None where the dose grid holds no part of it.

    Parameters
    ----------
    lesion
        On any grid, in the space of the follow-up scan.
    dose
        Gy, on any grid.
    to_dose
        (4, 4), RAS of the scan to RAS of the dose, mm, rigid; None where both lie in one space.

    Raises
    ------
    ResponseError
        See :func:`brachyresponse.response.field.site_of_failure`.
    """
    return dose_context_of(site_of_failure(lesion, dose, prescription_gy, to_dose), prescription_gy)


def dose_context_of(found: LesionDose, prescription_gy: float | None = None) -> DoseContext | None:
    """Return the dose at a lesion whose place against the dose is known already; None where no dose is."""
    if found.d50_gy is None or found.v100_percent is None:
        return None
    return DoseContext(found.d50_gy, found.v100_percent, prescription_gy, found.warnings)
