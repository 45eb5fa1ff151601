"""The closed vocabularies of response assessment, with the words that files and tables use."""

from __future__ import annotations

from enum import StrEnum


class CriteriaName(StrEnum):
    """Published sets of response criteria."""

    RANO_2010 = "RANO-2010"
    RANO_2_0 = "RANO-2.0"
    RANO_BM = "RANO-BM"
    RECIST_1_1 = "RECIST-1.1"
    RANO_GLIASITE = "RANO-GliaSite"
    """The short RANO of the GliaSite imaging protocol."""


class Category(StrEnum):
    """What is said of a visit."""

    BASELINE = "baseline"
    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"
    PRELIMINARY_PD = "pPD"
    """Growth that meets the threshold but may not count yet: possible pseudoprogression."""
    NE = "NE"
    NON_CR_NON_PD = "non-CR/non-PD"


class VisitRole(StrEnum):
    """What a visit is to the assessment."""

    PRE_BASELINE = "pre-baseline"
    BASELINE = "baseline"
    FOLLOW_UP = "follow-up"


class LesionRole(StrEnum):
    """Whether a lesion is summed."""

    TARGET = "target"
    NON_TARGET = "non-target"


class LesionKind(StrEnum):
    """What a lesion is; of a node the short axis counts."""

    ENHANCING = "enhancing"
    SOFT_TISSUE = "soft tissue"
    NODE = "node"


class LesionState(StrEnum):
    """How a lesion is found at a visit."""

    MEASURED = "measured"
    ABSENT = "absent"
    TOO_SMALL = "too_small"
    NOT_EVALUABLE = "not_evaluable"
    SPLIT = "split"
    MERGED = "merged"


class NonTargetStatus(StrEnum):
    """The reader's word on all lesions that are not summed."""

    NONE = "none"
    CR = "CR"
    NON_CR_NON_PD = "non-CR/non-PD"
    PD = "PD"
    NE = "NE"


class T2Flair(StrEnum):
    """The reader's word on disease that does not enhance."""

    STABLE_OR_IMPROVED = "stable_or_improved"
    WORSE = "worse"
    NOT_ASSESSED = "not_assessed"


class SteroidTrend(StrEnum):
    """The dose of corticosteroids against that at the baseline scan."""

    STABLE = "stable"
    INCREASED = "increased"
    DECREASED = "decreased"


class ClinicalStatus(StrEnum):
    """The patient's state; worse means from the tumour, and nothing else explains it."""

    STABLE_OR_IMPROVED = "stable_or_improved"
    WORSE = "worse"
    NOT_ASSESSED = "not_assessed"


class FieldPosition(StrEnum):
    """Where a lesion lies against the irradiated volume."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    STRADDLES = "straddles"
    """Partly in and partly out: for the reader to decide."""
    NOT_APPLICABLE = "not_applicable"


class Certainty(StrEnum):
    """How sure the reader is that a lesion is new."""

    UNEQUIVOCAL = "unequivocal"
    EQUIVOCAL = "equivocal"


class Measure(StrEnum):
    """By what the size of disease is summed where the criteria leave a choice."""

    TWO_D = "2D"
    THREE_D = "3D"
