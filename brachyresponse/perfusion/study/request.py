"""What a study is made of, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions.exclusions_on_grid import MaskRole
from brachyresponse.perfusion.series import DynamicSeries, SeriesKind
from brachyresponse.perfusion.study.settings import PerfusionSettings
from brachyresponse.perfusion.study.t1_source import T1Source

if TYPE_CHECKING:
    from brachyresponse.perfusion.motion import MotionCorrection
    from brachyresponse.seeds import Seeds


class AifSource(StrEnum):
    """Where the arterial input function comes from."""

    AUTOMATIC = "automatic"
    """Found in the series by rules."""
    SEGMENT = "segment"
    """Mean of the voxels of a segment."""
    PARKER = "parker"
    GEORGIOU = "georgiou"
    PRECLINICAL = "preclinical"

    @property
    def is_population(self) -> bool:
        """Whether it is a published curve, with its arrival fitted to the series."""
        return self not in (AifSource.AUTOMATIC, AifSource.SEGMENT)


@dataclass(frozen=True, eq=False)
class AifChoice:
    """Which arterial input function is taken.

    Parameters
    ----------
    source
        Where it comes from.
    segment
        The artery, for a measured one.
    vein
        A venous sinus whose curve rescales it; None leaves it as it is.

    Raises
    ------
    PerfusionError
        A measured one without a segment.
    """

    source: AifSource = AifSource.AUTOMATIC
    segment: Structure | None = None
    vein: Structure | None = None

    def __post_init__(self) -> None:
        if self.source is AifSource.SEGMENT and self.segment is None:
            raise PerfusionError("The arterial input function is to be measured in a segment: choose the segment.")


@dataclass(frozen=True)
class StudyDates:
    """Days of a patient's course; None where one is not known. ``scan`` is the day of this series."""

    scan: date | None = None
    treatment: date | None = None
    progression: date | None = None
    surgery: date | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class PerfusionRequest:
    """A dynamic series with its lesions, and all that its evaluation takes.

    Structures and volumes may lie on any grid of the same space; they are brought to that of the series.

    Parameters
    ----------
    series, kind
        The series, and what the contrast agent does to it.
    lesions
        By name; may be empty, for maps alone.
    white_matter
        Normal-appearing, of the other side; None gives no ratios.
    anatomical
        Post-contrast image, for pictures.
    t1, b1
        T1 before contrast, and the flip angle's real share of the nominal one (DCE).
    aif
        Which arterial input function.
    brain
        Where maps are computed; None takes what is not air.
    masks
        Segments that are left out of lesion and white matter.
    t2star
        T2*-weighted or susceptibility-weighted image in which blood and calcification are looked for.
    seeds
        Of the implant in the scan's space; a margin round each is left out.
    dose
        Of the implant in Gy; None where there is none.
    settings
        Choices, each with a default.
    dates
        Of the scan and of the patient's course.
    drug
        Anti-angiogenic drug or high-dose steroid given before the scan; empty for none.
    patient_id
        Empty when not known.
    motion
        What was corrected to get ``series``; None where nothing was.
    notes
        What was assumed before the study, one sentence each.

    Raises
    ------
    PerfusionError
        A lesion without a name, or two structures with one name.
    """

    series: DynamicSeries
    kind: SeriesKind
    lesions: Mapping[str, Structure] = field(default_factory=lambda: MappingProxyType({}))
    white_matter: Structure | None = None
    anatomical: Volume | None = None
    t1: T1Source | None = None
    b1: Volume | None = None
    aif: AifChoice = field(default_factory=AifChoice)
    brain: Structure | None = None
    masks: Mapping[MaskRole, Structure] = field(default_factory=lambda: MappingProxyType({}))
    t2star: Volume | None = None
    seeds: Seeds | None = None
    dose: Volume | None = None
    settings: PerfusionSettings = field(default_factory=PerfusionSettings)
    dates: StudyDates = field(default_factory=StudyDates)
    drug: str = ""
    patient_id: str = ""
    motion: MotionCorrection | None = None
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        if "" in self.lesions:
            raise PerfusionError("A lesion has no name: give each lesion one, the table is read by it.")
        if isinstance(self.t1, float | int) and not 0.05 <= self.t1 <= 10:
            raise PerfusionError(f"T1 before contrast is {self.t1:g} s, expected 0.05 to 10: give it in seconds.")
