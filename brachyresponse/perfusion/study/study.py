"""What a study found: maps, curves, ratios, and what has to be known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study.map_names import MapName, map_facts
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from brachyresponse.lesions.ratios import LesionRatio, RatioStatistic
    from brachyresponse.perfusion.aif import Aif
    from brachyresponse.perfusion.dsc import ProtocolMatch
    from brachyresponse.perfusion.motion import MotionCorrection

WHITE_MATTER = "White matter"
"""What the reference is called in tables and charts."""


class CurveRole(StrEnum):
    """Whose curve it is."""

    AIF = "aif"
    LESION = "lesion"
    WHITE_MATTER = "white_matter"
    PLACE = "place"
    """A voxel or a region that was asked for."""


@dataclass(frozen=True, eq=False)
class StudyCurve:
    """A time-course with its fit.

    Parameters
    ----------
    name
        Lesion, white matter or place.
    role
        Whose curve it is.
    time_s, values
        (T,); values in ``unit``, NaN where the signal allows none.
    fitted
        (T,) the model's curve at the same times; None where there is none.
    unit
        mmol/L for DCE, 1/s (change of the relaxation rate) for DSC.
    facts
        Parameters of the fit with their units, for people: ``("Ktrans", "0.081 /min")``.
    missing
        Why there is no fit, a sentence; empty where there is one or none is meant.
    """

    name: str
    role: CurveRole
    time_s: FloatArray
    values: FloatArray
    fitted: FloatArray | None
    unit: str
    facts: tuple[tuple[str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class RatioRow:
    """One ratio of the table."""

    lesion: str
    map: MapName
    statistic: RatioStatistic
    ratio: LesionRatio

    @property
    def label(self) -> str:
        """What the ratio is called: rVp."""
        return map_facts(self.map).ratio_label


@dataclass(frozen=True)
class ExclusionRow:
    """What one exclusion takes from a structure.

    Parameters
    ----------
    structure
        A lesion, or the white matter.
    exclusion
        What is excluded: vessels, blood, round seeds.
    reason
        Why, in a sentence.
    share
        Of the structure's voxels, 0 to 1, whatever else is excluded too.
    share_left
        What is left after this exclusion and those above it.
    """

    structure: str
    exclusion: str
    reason: str
    share: float
    share_left: float


@dataclass(frozen=True)
class UsedValue:
    """A figure that the computation used, and where it comes from."""

    name: str
    label: str
    value: str
    origin: str


LesionMeans = Mapping[MapName, float | None]
NO_RATIO = (MapName.AT_BOUND, MapName.PSR, MapName.RPH)
"""Maps whose mean over a lesion is told as it is: a share, a recovery, and what is a ratio to white matter already."""
CurveFitter = Callable[[IntArray, str, CurveRole], StudyCurve]
"""Gives the mean curve of voxels, (N, 3) kji, with its fit."""


@dataclass(frozen=True, eq=False)
class PerfusionStudy:
    """The result of :func:`~brachyresponse.perfusion.study.measure_perfusion`.

    Parameters
    ----------
    request
        What was asked for.
    maps
        On the series' grid; NaN where a voxel was not computed or is not valid, nothing is clipped.
    aif
        None where the computation needs none.
    curves
        AIF, each lesion, white matter, with their fits.
    ratios
        One row a lesion, map and statistic.
    exclusions
        What was left out of lesions and white matter.
    lesion_shares
        Share of each lesion that is left after all exclusions, 0 to 1.
    lesion_means
        Of each lesion, of the maps in :data:`NO_RATIO` that the study has: the share of voxels with a parameter at a
        bound, the signal recovery and the relative peak height; None where no voxel is valid.
    used
        Every figure that went in, with its origin.
    protocol
        Row of the consensus that a DSC matches.
    white_matter_dose_gy
        Mean dose of the white matter; None without a dose.
    warnings
        What a person should look at.
    """

    request: PerfusionRequest
    maps: Mapping[MapName, Volume]
    aif: Aif | None
    curves: tuple[StudyCurve, ...]
    ratios: tuple[RatioRow, ...]
    exclusions: tuple[ExclusionRow, ...]
    used: tuple[UsedValue, ...]
    protocol: ProtocolMatch | None
    warnings: tuple[str, ...]
    fitter: CurveFitter
    lesion_shares: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    white_matter_dose_gy: float | None = None
    lesion_means: Mapping[str, LesionMeans] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def kind(self) -> SeriesKind:
        """DCE or DSC."""
        return self.request.kind

    @property
    def motion(self) -> MotionCorrection | None:
        """What was corrected before; None where nothing was."""
        return self.request.motion

    def map(self, name: MapName) -> Volume:
        """Return a map.

        Raises
        ------
        PerfusionError
            The study has no such map.
        """
        if name not in self.maps:
            raise PerfusionError(f"The study has no map {name}: it has {', '.join(self.maps)}.")
        return self.maps[name]

    def ratio(self, lesion: str, name: MapName, statistic: RatioStatistic | str = "mean") -> RatioRow | None:
        """Return one row of the table; None where there is none."""
        wanted = (row for row in self.ratios if (row.lesion, row.map, row.statistic) == (lesion, name, statistic))
        return next(wanted, None)

    def fitted_curve(self, where: BoolArray | tuple[int, int, int], name: str = "") -> StudyCurve:
        """Return the curve of a voxel (k, j, i), or the mean curve of a mask [k, j, i], with its fit.

        Raises
        ------
        PerfusionError
            The voxel lies outside the series, or the mask is empty or of another shape.
        """
        voxels, title = self._voxels_of(where)
        return self.fitter(voxels, name or title, CurveRole.PLACE)

    def _voxels_of(self, where: BoolArray | tuple[int, int, int]) -> tuple[IntArray, str]:
        shape = self.request.series.grid.shape_kji
        if isinstance(where, tuple):
            if not all(0 <= index < size for index, size in zip(where, shape, strict=True)):
                raise PerfusionError(
                    f"Voxel {where} (k, j, i) lies outside the series of {shape} voxels: take another."
                )
            return np.array([where]), "Voxel at the crosshair"
        if where.shape != shape or not where.any():
            raise PerfusionError(
                f"The place of a curve has shape {where.shape} and {np.count_nonzero(where)} voxels, expected some of "
                f"the series' {shape}: choose another."
            )
        return np.argwhere(where), "Region"
