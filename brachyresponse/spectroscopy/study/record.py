"""A study as plain values: what is written, and read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName, SpectraKind


@dataclass(frozen=True)
class MetaboliteEntry:
    """One metabolite of a voxel; ``crb_percent`` is None where the amplitude is 0."""

    metabolite: Metabolite
    amplitude: float
    crb_percent: float | None
    is_used: bool
    reason: str


@dataclass(frozen=True)
class RatioEntry:
    """One ratio of a voxel with its 95 % interval; what is not evaluable is None, with the reasons.

    Where the denominator is below detection, ``at_least`` is what the ratio exceeds.
    """

    ratio: RatioName
    value: float | None
    low: float | None
    high: float | None
    reasons: tuple[str, ...]
    at_least: float | None = None


@dataclass(frozen=True)
class ShareEntry:
    """Share of a voxel, 0 to 1, that a lesion fills; None where it is not known where the voxel lies."""

    lesion: str
    share: float | None


@dataclass(frozen=True)
class VoxelEntry:
    """One voxel.

    Parameters
    ----------
    i, j, k
        Index, from 0.
    is_good
        Whether the spectrum can be used, by line width, noise and residual.
    reasons
        Why it cannot.
    line_width_hz, snr
        None where not known.
    place_reasons
        Why the voxel does not count for any lesion by where it lies: seeds, ventricle, bone.
    seed_distance_mm
        To the nearest seed; None where no seeds are given.
    is_normal_side
        Whether it stands for normal tissue.
    """

    i: int
    j: int
    k: int
    is_good: bool
    reasons: tuple[str, ...]
    line_width_hz: float | None
    snr: float | None
    metabolites: tuple[MetaboliteEntry, ...]
    ratios: tuple[RatioEntry, ...]
    shares: tuple[ShareEntry, ...]
    ventricle_share: float | None = None
    bone_share: float | None = None
    seed_distance_mm: float | None = None
    place_reasons: tuple[str, ...] = ()
    is_normal_side: bool = False

    @property
    def voxel(self) -> tuple[int, int, int]:
        """Index (i, j, k)."""
        return self.i, self.j, self.k

    def ratio(self, name: RatioName) -> RatioEntry | None:
        """Return one ratio; None where it was not asked for."""
        return next((each for each in self.ratios if each.ratio == name), None)

    def share_of(self, lesion: str) -> float | None:
        """Return the share that a lesion fills; None where it is not known."""
        return next((each.share for each in self.shares if each.lesion == lesion), None)


@dataclass(frozen=True)
class LesionRatioEntry:
    """One ratio of a lesion.

    Parameters
    ----------
    statistic
        ``voxel`` of the only one, ``maximum`` of the voxel where it is highest, ``mean`` over the voxels that count.
    voxels
        How many it stands on.
    at
        Index (i, j, k) of the voxel, or nothing for the mean.
    normal_value
        The mean of the voxels of the normal side; None without any.
    """

    ratio: RatioName
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    voxels: int
    at: tuple[float, ...]
    normal_value: float | None
    reasons: tuple[str, ...]
    at_least: float | None = None


@dataclass(frozen=True)
class LesionEntry:
    """A lesion and what spectroscopy says of it."""

    name: str
    volume_cc: float | None
    voxels: int
    best_share: float | None
    ratios: tuple[LesionRatioEntry, ...]


@dataclass(frozen=True)
class RatioMapEntry:
    """A map and the file that holds it; voxels that are not evaluable hold ``no_value``."""

    ratio: RatioName
    label: str
    file: str
    no_value: float
    voxels: int


@dataclass(frozen=True)
class SettingEntry:
    """One setting with its source."""

    name: str
    label: str
    value: float
    source: str


@dataclass(frozen=True, eq=False)
class SpectroscopyRecord:
    """All values of a study.

    Parameters
    ----------
    origin
        Where the amplitudes come from: the fit of this software, or the file of a table.
    size_ijk, ijk_to_ras
        Of the voxels: three whole numbers, and the rows of the 4x4 matrix; empty where it is not known where they lie.
    average_shift_hz, average_phase_deg
        By which each average differed before it was aligned.
    """

    patient_id: str
    scan_date: date | None
    name: str
    kind: SpectraKind
    origin: str
    echo_time_ms: float
    repetition_time_ms: float | None
    transmitter_mhz: float | None
    dwell_time_s: float | None
    points: int | None
    geometry: str
    size_ijk: tuple[float, ...]
    ijk_to_ras: tuple[float, ...]
    voxels: tuple[VoxelEntry, ...]
    lesions: tuple[LesionEntry, ...]
    maps: tuple[RatioMapEntry, ...]
    average_shift_hz: tuple[float, ...]
    average_phase_deg: tuple[float, ...]
    settings: tuple[SettingEntry, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def voxel(self, index_ijk: tuple[int, int, int]) -> VoxelEntry | None:
        """Return one voxel; None where there is none of this index."""
        return next((each for each in self.voxels if each.voxel == tuple(index_ijk)), None)

    def lesion(self, name: str) -> LesionEntry | None:
        """Return one lesion; None where it was not measured."""
        return next((each for each in self.lesions if each.name == name), None)

    def lesion_ratio(
        self, lesion: str, ratio: RatioName | str, statistic: str | None = None
    ) -> LesionRatioEntry | None:
        """Return one ratio of a lesion; without a statistic the voxel's, or of a grid the maximum."""
        found = self.lesion(lesion)
        rows = [] if found is None else [each for each in found.ratios if each.ratio == ratio]
        return next((each for each in rows if statistic in (None, each.statistic)), None)
