"""Closed vocabularies of the evidence on recurrence or radiation necrosis."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What the evidence says, all of it together; never a diagnosis."""

    FAVOURS_RECURRENCE = "favours_recurrence"
    FAVOURS_NECROSIS = "favours_necrosis"
    INCONCLUSIVE = "inconclusive"
    """The interval holds 50 %."""
    CONFLICTING = "conflicting"
    """Markers of different groups point to different classes."""
    NOT_EVALUABLE = "not_evaluable"
    """No marker can be weighed."""


class LesionClass(StrEnum):
    """The two classes of the question; mixed lesions and a third possibility are not modelled."""

    RECURRENCE = "recurrence"
    NECROSIS = "necrosis"


class MarkerGroup(StrEnum):
    """What a marker measures; markers of one group measure the same biology."""

    PERFUSION = "perfusion"
    DIFFUSION = "diffusion"
    SPECTROSCOPY = "spectroscopy"
    PET = "pet"
    PET_FDG = "pet_fdg"
    PET_SSTR = "pet_sstr"
    SPECT = "spect"
    MORPHOLOGY = "morphology"
    RADIOMICS = "radiomics"
    CEST = "cest"
    DELAYED_CONTRAST = "delayed_contrast"
    MIXED = "mixed"
    """A summary over several kinds of imaging: no marker."""


class FigureStatus(StrEnum):
    """How far a study's sensitivity and specificity are known."""

    VERIFIED = "verified"
    """Both were read in the named source."""
    UNVERIFIED = "unverified"
    """At least one is from memory, or its positive class is not explicit."""
    UNKNOWN = "unknown"
    """At least one is not stated."""


class Answer(StrEnum):
    """Whether a condition holds for this patient."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Quality(StrEnum):
    """How well a marker was measured, by its own quality flags."""

    GOOD = "good"
    LIMITED = "limited"
    POOR = "poor"


class Side(StrEnum):
    """On which side of its published cut-offs a value lies."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    BETWEEN = "between"
    """Within the grey zone, or between the lowest and the highest published cut-off."""
    UNDECIDED = "undecided"
    """There is no cut-off that the value could be held against."""
