"""A measurement of diffusion as plain values: what is written, read again, and weighed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.diffusion.study import DiffusionRow, DiffusionStudy
from brachyresponse.diffusion.vocabulary import LesionPart, Restriction
from brachyresponse.lesions.ratios import RatioStatistic


@dataclass(frozen=True)
class StatisticEntry:
    """One statistic of a part: the ADC in 1e-6 mm2/s, and its ratio to white matter with the 95 % interval.

    ``reasons`` say why there is no ratio.
    """

    statistic: RatioStatistic
    label: str
    value: float
    ratio: float | None
    low: float | None
    high: float | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PercentileEntry:
    """A percentile of the valid voxels, 1e-6 mm2/s."""

    percent: int
    value: float


@dataclass(frozen=True)
class PartEntry:
    """One part of a lesion, or the white matter; :class:`DiffusionRow` says what the fields mean."""

    lesion: str
    part: LesionPart
    label: str
    volume_cc: float
    voxels: int
    valid_voxels: int
    cold_spot_cc: float
    standard_deviation: float | None
    statistics: tuple[StatisticEntry, ...]
    percentiles: tuple[PercentileEntry, ...]
    histogram_edges: tuple[float, ...]
    histogram_counts: tuple[float, ...]
    reasons: tuple[str, ...]

    @property
    def is_evaluable(self) -> bool:
        """Whether its values may be used."""
        return not self.reasons

    def statistic(self, name: RatioStatistic | str = RatioStatistic.MEAN) -> StatisticEntry | None:
        """Return a statistic; None where no voxel is valid."""
        return next((entry for entry in self.statistics if entry.statistic == RatioStatistic(name)), None)


@dataclass(frozen=True)
class RestrictionEntry:
    """The core of a lesion against its rim, 1e-6 mm2/s, described and not scored."""

    lesion: str
    state: Restriction
    core: float | None
    rim: float | None
    sentence: str


@dataclass(frozen=True)
class LeftOutEntry:
    """What one exclusion takes from a lesion; shares 0 to 1."""

    lesion: str
    exclusion: str
    reason: str
    share: float
    share_left: float


@dataclass(frozen=True, eq=False)
class DiffusionRecord:
    """All values of a measurement; :class:`DiffusionStudy` says what they mean."""

    patient_id: str
    scan_date: date | None
    map: str
    geometry: str
    unit: str
    b_values_s_per_mm2: tuple[float, ...]
    is_registered: bool | None
    is_undistorted: bool | None
    seeds: int
    white_matter_dose_gy: float | None
    parts: tuple[PartEntry, ...]
    restrictions: tuple[RestrictionEntry, ...]
    exclusions: tuple[LeftOutEntry, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def lesions(self) -> tuple[str, ...]:
        """Names of the lesions, in their order."""
        return tuple(entry.lesion for entry in self.parts if entry.part is LesionPart.SOLID)

    def part(self, lesion: str, part: LesionPart | str = LesionPart.SOLID) -> PartEntry | None:
        """Return a part of a lesion; None where there is none."""
        return next((each for each in self.parts if (each.lesion, each.part) == (lesion, part)), None)

    def restriction(self, lesion: str) -> RestrictionEntry | None:
        """Return how the core of a lesion diffuses against its rim."""
        return next((each for each in self.restrictions if each.lesion == lesion), None)

    @property
    def white_matter(self) -> PartEntry | None:
        """Return the white matter of reference; None where there is none."""
        return next((each for each in self.parts if each.part is LesionPart.REFERENCE), None)


def record_of(study: DiffusionStudy) -> DiffusionRecord:
    """Return the values of a measurement."""
    request = study.request
    return DiffusionRecord(
        patient_id=request.patient_id,
        scan_date=request.scan_date,
        map=study.adc.name,
        geometry=study.adc.grid.describe(),
        unit=study.adc.unit,
        b_values_s_per_mm2=tuple(float(b) for b in request.b_values_s_per_mm2),
        is_registered=request.is_registered,
        is_undistorted=request.is_undistorted,
        seeds=0 if request.seeds is None else request.seeds.count,
        white_matter_dose_gy=study.white_matter_dose_gy,
        parts=tuple(_part(row) for row in study.rows),
        restrictions=tuple(
            RestrictionEntry(name, one.state, one.core, one.rim, one.sentence)
            for name, one in study.restrictions.items()
        ),
        exclusions=tuple(
            LeftOutEntry(name, row.name, row.reason, row.share_taken, row.share_left)
            for name, rows in study.exclusions.items()
            for row in rows
        ),
        questions=study.questions,
        notes=tuple(request.notes),
        warnings=study.warnings,
    )


def _part(row: DiffusionRow) -> PartEntry:
    histogram = row.histogram
    return PartEntry(
        lesion=row.lesion,
        part=row.part,
        label=row.label,
        volume_cc=row.volume_cc,
        voxels=row.voxels,
        valid_voxels=row.valid_voxels,
        cold_spot_cc=row.cold_spot_cc,
        standard_deviation=row.standard_deviation,
        statistics=tuple(_statistic(row, statistic, value) for statistic, value in row.values.items()),
        percentiles=tuple(PercentileEntry(percent, value) for percent, value in row.percentiles.items()),
        histogram_edges=tuple(map(float, histogram.edges)) if histogram else (),
        histogram_counts=tuple(map(float, histogram.counts)) if histogram else (),
        reasons=row.reasons,
    )


def _statistic(row: DiffusionRow, statistic: RatioStatistic, value: float) -> StatisticEntry:
    ratio = row.ratios.get(statistic)
    if ratio is None:
        return StatisticEntry(statistic, statistic.label, value, None, None, None)
    return StatisticEntry(statistic, statistic.label, value, ratio.value, ratio.low, ratio.high, ratio.reasons)
