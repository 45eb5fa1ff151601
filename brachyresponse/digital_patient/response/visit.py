"""One visit of a course, as the scanner gives it and a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from brachyresponse.digital_patient.response.lesion import TrueSize
from brachyresponse.geometry import Structure, Volume
from brachyresponse.response.vocabulary import ClinicalStatus, NonTargetStatus, SteroidTrend, T2Flair, VisitRole
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class VisitReading:
    """What a reader says of a visit beside the lesions."""

    non_target: NonTargetStatus = NonTargetStatus.NONE
    t2_flair: T2Flair = T2Flair.STABLE_OR_IMPROVED
    steroid_dose_mg: float | None = 0.0
    steroid_trend: SteroidTrend | None = SteroidTrend.STABLE
    clinical_status: ClinicalStatus = ClinicalStatus.STABLE_OR_IMPROVED


@dataclass(frozen=True, eq=False)
class DigitalVisit:
    """One visit as the scanner gives it and a reader draws it, in the visit's own RAS.

    Parameters
    ----------
    day
        After the implant; negative before it.
    volume
        T1-weighted MRI after contrast agent, or CT, in axial slices.
    lesions
        What a careful reader draws, on the volume's grid, by name; what is too small to be seen is missing.
    new_lesions
        Names of those that the baseline did not have.
    sizes
        Exact sizes of the drawn lesions.
    clicks_mm
        (3,) where a reader clicks on each lesion: on a part that enhances.
    seeds
        As they lie on that day; none before the implant.
    plan_to_visit, to_baseline
        (4, 4) RAS: from the plan to this visit, and from this visit to the baseline.
    """

    date: date
    day: int
    role: VisitRole
    volume: Volume
    lesions: Mapping[str, Structure]
    new_lesions: tuple[str, ...]
    sizes: Mapping[str, TrueSize]
    clicks_mm: Mapping[str, FloatArray]
    reading: VisitReading
    seeds: Seeds
    plan_to_visit: FloatArray
    to_baseline: FloatArray
