"""A study as plain values: what is written, read again at the next visit, and set beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from brachyresponse.perfusion.interpretation import (
    Interpretation,
    RatioRecord,
    RatioValue,
    Sentence,
    TimingRow,
    Verdict,
)
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study.map_names import MapName
from brachyresponse.perfusion.study.study import ExclusionRow, UsedValue

Numbers = tuple[float | None, ...]


@dataclass(frozen=True)
class SeriesEntry:
    """The series that was measured."""

    name: str
    frames: int
    first_s: float
    last_s: float
    time_origin: str
    geometry: str


@dataclass(frozen=True)
class AifEntry:
    """The arterial input function; its curve is among the curves."""

    method: str
    verdict: str
    voxels: int
    peak: float | None
    arrival_s: float | None
    fwhm_s: float | None
    first_pass_area: float | None
    sentence: str


@dataclass(frozen=True)
class LesionEntry:
    """A lesion: its volume, and the share of it that the exclusions leave, 0 to 1.

    ``share_at_bound`` is that of its fitted voxels with a parameter at a bound, ``signal_recovery_percent`` and
    ``relative_peak_height`` are means of DSC; None where there is no such map.
    """

    name: str
    volume_cc: float
    share_left: float
    share_at_bound: float | None = None
    signal_recovery_percent: float | None = None
    relative_peak_height: float | None = None


@dataclass(frozen=True)
class RatioEntry:
    """One ratio of the table; what is not evaluable is None, with the reasons."""

    lesion: str
    map: MapName
    label: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    lesion_value: float | None
    white_matter_value: float | None
    white_matter_standard_error: float | None
    valid_voxels: int
    lesion_voxels: int
    white_matter_voxels: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CurveEntry:
    """A time-course with its fit; None stands for a frame without a value."""

    name: str
    role: str
    unit: str
    time_s: tuple[float, ...]
    values: Numbers
    fitted: Numbers


@dataclass(frozen=True)
class MapEntry:
    """A map and the file that holds it."""

    name: MapName
    label: str
    unit: str
    file: str


@dataclass(frozen=True)
class SettingEntry:
    """One setting with its source."""

    name: str
    label: str
    value: str
    source: str


@dataclass(frozen=True)
class InterpretationEntry:
    """What was concluded of a lesion, sentence by sentence with the rules."""

    lesion: str
    verdict: Verdict
    weight: float
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, eq=False)
class PerfusionRecord:
    """All values of a study; :class:`~brachyresponse.perfusion.study.PerfusionStudy` says what they mean."""

    patient_id: str
    kind: SeriesKind
    scan_date: date | None
    treatment_date: date | None
    series: SeriesEntry
    drug: str
    leakage_corrected: bool
    white_matter_dose_gy: float | None
    white_matter_irradiated: bool | None
    aif: AifEntry | None
    lesions: tuple[LesionEntry, ...]
    ratios: tuple[RatioEntry, ...]
    exclusions: tuple[ExclusionRow, ...]
    protocol: tuple[str, ...]
    timing: tuple[TimingRow, ...]
    interpretations: tuple[InterpretationEntry, ...]
    maps: tuple[MapEntry, ...]
    curves: tuple[CurveEntry, ...]
    used: tuple[UsedValue, ...]
    settings: tuple[SettingEntry, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def ratio(self, lesion: str, name: MapName | str, statistic: str = "mean") -> RatioEntry | None:
        """Return one row of the table; None where there is none."""
        wanted = (row for row in self.ratios if (row.lesion, row.map, row.statistic) == (lesion, name, statistic))
        return next(wanted, None)

    def lesion_like(self, name: str) -> str | None:
        """Return the lesion of this visit that is meant by a name at another one: of that name, else the only one."""
        names = [lesion.name for lesion in self.lesions]
        if name in names:
            return name
        return names[0] if len(names) == 1 else None

    def ratio_record(self, lesion: str, statistic: str = "mean") -> RatioRecord:
        """Return what the rule of interpretation needs of a lesion."""
        volumes = {each.name: each.volume_cc for each in self.lesions}
        rows = [row for row in self.ratios if (row.lesion, row.statistic) == (lesion, statistic)]
        ratios = {str(row.map): ratio_value(row) for row in rows}
        if not self.leakage_corrected and MapName.RCBV_UNCORRECTED in ratios:
            ratios[MapName.RCBV] = ratios.pop(MapName.RCBV_UNCORRECTED)  # judged in its place, and said so by its rule
        return RatioRecord(
            lesion=lesion,
            kind=self.kind,
            ratios=ratios,
            volume_cc=volumes.get(lesion),
            scan_date=self.scan_date,
            aif_failed=self.aif is not None and self.aif.verdict == "failed",
            leakage_corrected=self.leakage_corrected,
            white_matter_irradiated=self.white_matter_irradiated,
            drug=self.drug,
        )


def ratio_value(row: RatioEntry) -> RatioValue:
    """Return a row as the rule takes it."""
    reason = " ".join(row.reasons)
    return RatioValue(row.label, row.value, row.low, row.high, reason, row.valid_voxels)


def interpretation_entries(found: Mapping[str, Interpretation]) -> tuple[InterpretationEntry, ...]:
    """Return what was concluded of each lesion as plain values."""
    return tuple(InterpretationEntry(one.lesion, one.verdict, one.weight, one.sentences) for one in found.values())
