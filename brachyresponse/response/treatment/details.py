"""What is known of a treatment beside its dates: one small record a kind, valid once it exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from types import MappingProxyType

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.vocabulary import (
    Antibodies,
    BiopsyResult,
    PerformanceScale,
    ToxicityPhase,
    TreatmentKind,
)

HIGHEST_GRADE = 5
HIGHEST_ECOG = 5
KARNOFSKY_STEP = 10
MOST_DEXAMETHASONE_MG = 100.0
"""Above it a daily dose is taken for another drug's, or for a slip of the pen."""


@dataclass(frozen=True)
class Details:
    """Nothing beside the dates and a note."""


NO_DETAILS = Details()


@dataclass(frozen=True)
class Radiation(Details):
    """A course that gives dose.

    Parameters
    ----------
    prescription_gy
        None where it is not known; the isodoses of the field are shares of it.
    dose_volume
        Name of the volume with its dose; empty where there is none.
    """

    prescription_gy: float | None = None
    dose_volume: str = ""

    def __post_init__(self) -> None:
        _check_positive("The prescription", self.prescription_gy, "Gy")


@dataclass(frozen=True)
class Implant(Radiation):
    """Permanent seeds.

    Parameters
    ----------
    source
        Seed model, by its name in the library; empty where it is not known.
    half_life_days
        Of a source that is not in the library; None: that of the named source, else of I-125.
    """

    source: str = ""
    half_life_days: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_positive("The half-life", self.half_life_days, "days")


@dataclass(frozen=True)
class SourceRemoval(Radiation):
    """A temporary source that was taken out, as the liquid of a GliaSite balloon.

    Parameters
    ----------
    inserted_on
        Day of filling or insertion; None where it is not known.
    """

    inserted_on: date | None = None


@dataclass(frozen=True)
class ExternalBeam(Radiation):
    """External beam radiation: conventional, hypofractionated or radiosurgery."""

    fractions: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fractions is not None and self.fractions < 1:
            raise ResponseError(f"External beam in {self.fractions} fractions: expected 1 or more; correct it.")


@dataclass(frozen=True)
class Drug(Details):
    """A drug by its name; empty where the kind says enough."""

    agent: str = ""


@dataclass(frozen=True)
class Steroids(Details):
    """A dose of corticosteroids, as mg of dexamethasone a day; replacement counts as 0."""

    dose_mg: float

    def __post_init__(self) -> None:
        if not (isfinite(self.dose_mg) and 0 <= self.dose_mg <= MOST_DEXAMETHASONE_MG):
            raise ResponseError(
                f"The steroid dose is {self.dose_mg:g} mg a day, expected 0 to {MOST_DEXAMETHASONE_MG:g} mg of "
                "dexamethasone: convert other drugs to it, and count replacement as 0."
            )


@dataclass(frozen=True)
class Biopsy(Details):
    """What histology of a lesion showed; the lesion's name, empty where it is not told."""

    result: BiopsyResult
    lesion: str = ""


@dataclass(frozen=True)
class PerformanceStatus(Details):
    """How well the patient gets about: Karnofsky 0 to 100 (100 is well), or ECOG 0 to 5 (0 is well)."""

    score: int
    scale: PerformanceScale = PerformanceScale.KARNOFSKY

    def __post_init__(self) -> None:
        if self.scale is PerformanceScale.ECOG:
            is_valid, expected = 0 <= self.score <= HIGHEST_ECOG, f"0 to {HIGHEST_ECOG}"
        else:
            is_valid, expected = self.score in range(0, 101, KARNOFSKY_STEP), "0 to 100 in steps of 10"
        if not is_valid:
            raise ResponseError(
                f"The {self.scale} performance status is {self.score}, expected {expected}: correct it, or its scale."
            )


@dataclass(frozen=True)
class Toxicity(Details):
    """A radiation effect by the tables of RTOG and EORTC.

    References
    ----------
    Cox et al. 1995, Int J Radiat Oncol Biol Phys 31:1341: for every organ grade 0 is no symptoms, 5 death from it.
    """

    grade: int
    organ: str = ""
    phase: ToxicityPhase = ToxicityPhase.LATE

    def __post_init__(self) -> None:
        if not 0 <= self.grade <= HIGHEST_GRADE:
            raise ResponseError(
                f"The RTOG/EORTC grade is {self.grade}, expected 0 (none) to {HIGHEST_GRADE} (death): correct it."
            )


@dataclass(frozen=True)
class SerumMarker(Details):
    """Thyroglobulin of a day, with what decides whether it can be read.

    Parameters
    ----------
    value_ug_per_l
        Thyroglobulin; ug/L and ng/mL are the same number.
    tsh_mu_per_l
        Thyrotropin in the same blood; None where it was not measured.
    antibodies
        Against thyroglobulin, in the same blood.
    method
        The assay; values of different ones are not compared.
    """

    value_ug_per_l: float
    tsh_mu_per_l: float | None = None
    antibodies: Antibodies = Antibodies.UNKNOWN
    method: str = ""

    def __post_init__(self) -> None:
        for what, value in (("Thyroglobulin", self.value_ug_per_l), ("TSH", self.tsh_mu_per_l)):
            if value is not None and not (isfinite(value) and value >= 0):
                raise ResponseError(f"{what} is {value:g}, expected 0 or more: correct it, or leave it out.")


DETAILS: Mapping[TreatmentKind, type[Details]] = MappingProxyType(
    {
        TreatmentKind.IMPLANT: Implant,
        TreatmentKind.SOURCE_REMOVAL: SourceRemoval,
        TreatmentKind.EXTERNAL_BEAM: ExternalBeam,
        TreatmentKind.SURGERY: Details,
        TreatmentKind.BEVACIZUMAB: Details,
        TreatmentKind.IMMUNOTHERAPY: Drug,
        TreatmentKind.CHEMOTHERAPY: Drug,
        TreatmentKind.STEROIDS: Steroids,
        TreatmentKind.BIOPSY: Biopsy,
        TreatmentKind.PERFORMANCE_STATUS: PerformanceStatus,
        TreatmentKind.TOXICITY: Toxicity,
        TreatmentKind.SERUM_MARKER: SerumMarker,
    }
)
"""Which record belongs to which kind."""


def _check_positive(what: str, value: float | None, unit: str) -> None:
    if value is not None and not (isfinite(value) and value > 0):
        raise ResponseError(f"{what} is {value:g} {unit}, expected more than 0: correct it, or leave it out.")
