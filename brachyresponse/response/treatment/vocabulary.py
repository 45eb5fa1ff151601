"""The closed vocabularies of the treatment record, with the words that files and tables use."""

from __future__ import annotations

from enum import StrEnum


class TreatmentKind(StrEnum):
    """What happened to a patient, or was found, on a day."""

    IMPLANT = "implant"
    """Permanent seeds; starts on the day they were implanted."""
    SOURCE_REMOVAL = "source removal"
    """A temporary source (GliaSite); starts on the day it was taken out."""
    EXTERNAL_BEAM = "external beam"
    SURGERY = "surgery"
    BEVACIZUMAB = "bevacizumab"
    IMMUNOTHERAPY = "immunotherapy"
    CHEMOTHERAPY = "chemotherapy"
    STEROIDS = "steroids"
    BIOPSY = "biopsy"
    PERFORMANCE_STATUS = "performance status"
    TOXICITY = "toxicity"
    SERUM_MARKER = "serum marker"


RADIATION = (TreatmentKind.IMPLANT, TreatmentKind.SOURCE_REMOVAL, TreatmentKind.EXTERNAL_BEAM)
"""The kinds that give dose: courses."""


class TumourType(StrEnum):
    """What criteria are proposed from."""

    NEW_HIGH_GRADE_GLIOMA = "high-grade glioma, newly diagnosed"
    RECURRENT_HIGH_GRADE_GLIOMA = "high-grade glioma, recurrent"
    BRAIN_METASTASIS = "brain metastasis"
    NECK_NODE_METASTASIS = "neck node metastasis"
    OTHER_SOLID_TUMOUR = "other solid tumour"


GLIOMAS = (TumourType.NEW_HIGH_GRADE_GLIOMA, TumourType.RECURRENT_HIGH_GRADE_GLIOMA)


class IdhState(StrEnum):
    """Mutation of the isocitrate dehydrogenase genes of a glioma."""

    WILDTYPE = "wildtype"
    MUTANT = "mutant"
    UNKNOWN = "unknown"


class BiopsyResult(StrEnum):
    """What histology showed."""

    TUMOUR = "tumour"
    NECROSIS = "necrosis"
    MIXED = "mixed"
    """Tumour and necrosis: for the reader to weigh."""


class PerformanceScale(StrEnum):
    """Scales of performance status."""

    KARNOFSKY = "Karnofsky"
    ECOG = "ECOG"


class ToxicityPhase(StrEnum):
    """Which of the two tables of RTOG and EORTC a grade belongs to."""

    ACUTE = "acute"
    LATE = "late"


class Antibodies(StrEnum):
    """Antibodies against thyroglobulin in the same blood."""

    ABSENT = "absent"
    PRESENT = "present"
    UNKNOWN = "unknown"


class ReferenceChoice(StrEnum):
    """Days that may count as the end of radiation."""

    IMPLANT_DAY = "implant day"
    SHARE_50 = "50 % of the dose delivered"
    SHARE_90 = "90 % of the dose delivered"
    SHARE_95 = "95 % of the dose delivered"
    SHARE_99 = "99 % of the dose delivered"
    SOURCE_REMOVAL = "source removal"
    EXTERNAL_BEAM_END = "end of external beam"
    OWN_DATE = "own date"
