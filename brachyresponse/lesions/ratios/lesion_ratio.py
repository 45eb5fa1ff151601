"""A lesion's value over that of normal-appearing white matter, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions.ratios.hot_spot import hot_spot
from brachyresponse.lesions.ratios.intervals import expanded_interval
from brachyresponse.lesions.ratios.refusals import lesion_refusals, reference_refusals
from brachyresponse.lesions.ratios.regions import Sampled, check_apart, grid_of, mask_of
from brachyresponse.lesions.ratios.statistic import RatioStatistic, statistic_of
from brachyresponse.types import AnyArray, BoolArray

SPOTS = {RatioStatistic.HOT_SPOT: 1, RatioStatistic.COLD_SPOT: -1}
"""Statistics of a compact part, and which sign of the map is highest there."""


@dataclass(frozen=True)
class RatioSettings:
    """How a ratio is taken.

    Parameters
    ----------
    hot_spot_cc
        Volume of the hot or cold spot.
    block_mm
        Edge of the blocks of neighbouring voxels that are resampled together.
    level
        Of the confidence interval.
    samples, random_seed
        Of the bootstrap.
    """

    hot_spot_cc: float = 0.5
    block_mm: float = 8.0
    level: float = 0.95
    samples: int = 1000
    random_seed: int = 0


@dataclass(frozen=True)
class LesionRatio:
    """A ratio with its interval, or why there is none; a figure that is not there is None, never NaN.

    Parameters
    ----------
    statistic
        What stands for the lesion.
    value, low, high
        The ratio and its interval; None where it is not evaluable.
    lesion_value, reference_value
        In the unit of the map; None where no voxel is valid.
    reference_standard_error
        Of the reference's mean, from blocks of neighbouring voxels.
    lesion_voxels, valid_voxels
        Of the lesion in all, and those that count.
    lesion_cc
        Volume of the whole lesion.
    reference_voxels
        Valid voxels of the reference.
    block_mm
        Edge of the lesion's blocks.
    reasons
        Why the ratio is not evaluable; empty where it is.
    settings
        How it was taken.
    """

    statistic: RatioStatistic
    value: float | None
    low: float | None
    high: float | None
    lesion_value: float | None
    reference_value: float | None
    reference_standard_error: float | None
    lesion_voxels: int
    valid_voxels: int
    lesion_cc: float
    reference_voxels: int
    block_mm: float | None
    reasons: tuple[str, ...]
    settings: RatioSettings

    @property
    def is_evaluable(self) -> bool:
        """Whether there is a ratio."""
        return not self.reasons

    @property
    def valid_share(self) -> float:
        """Share of the lesion's voxels that count, 0 to 1."""
        return self.valid_voxels / self.lesion_voxels

    @property
    def sentence(self) -> str:
        """The result in words."""
        voxels = f"{self.valid_voxels} of {self.lesion_voxels} voxels ({self.valid_share:.0%})"
        if self.value is None:
            return f"Not evaluable, {voxels} valid: {' '.join(self.reasons)}"
        return (
            f"The lesion's {self.statistic.label} is {self.value:.2f} times white matter ({self.settings.level:.0%} "
            f"interval {self.low:.2f} to {self.high:.2f}), from {voxels}."
        )


def lesion_ratio(  # noqa: PLR0913 - the map, the two regions, and what each voxel and the whole ratio depend on
    parameter_map: AnyArray,
    lesion: Structure | BoolArray,
    reference: Structure | BoolArray,
    *,
    statistic: RatioStatistic | str = RatioStatistic.MEAN,
    grid: Grid | None = None,
    valid: BoolArray | None = None,
    refusals: Sequence[str] = (),
    settings: RatioSettings | None = None,
) -> LesionRatio:
    """Return the ratio of a lesion's statistic to the mean of a reference, as normal-appearing white matter.

    The interval is a percentile interval of a spatial block bootstrap of both regions, expanded for the small number
    of blocks. That of a hot spot takes its place as given.

    Parameters
    ----------
    parameter_map
        [k, j, i]; NaN where there is no value.
    lesion, reference
        Regions on the map's grid: structures, or masks [k, j, i].
    grid
        Of the map; needed where both regions are masks.
    valid
        [k, j, i] bool: voxels that count; all with a finite value by default.
    refusals
        Sentences that make every ratio of this scan not evaluable, as a failed arterial input function.
    settings
        Volumes, blocks and the bootstrap.

    Raises
    ------
    StructureError
        A region is empty, lies on another grid or overlaps the other one, shapes differ, or the grid is not known.
    """
    found = lesion_ratios(
        parameter_map,
        lesion,
        reference,
        statistics=(statistic,),
        grid=grid,
        valid=valid,
        refusals=refusals,
        settings=settings,
    )
    return found[RatioStatistic(statistic)]


def lesion_ratios(  # noqa: PLR0913 - as lesion_ratio
    parameter_map: AnyArray,
    lesion: Structure | BoolArray,
    reference: Structure | BoolArray,
    *,
    statistics: Sequence[RatioStatistic | str],
    grid: Grid | None = None,
    valid: BoolArray | None = None,
    refusals: Sequence[str] = (),
    settings: RatioSettings | None = None,
    what: str = "lesion",
) -> dict[RatioStatistic, LesionRatio]:
    """Return several ratios of one lesion, each as :func:`lesion_ratio` gives it, in a fraction of the time.

    Parameters
    ----------
    what
        What the first region is called in sentences, as ``core`` for a part of a lesion.

    Raises
    ------
    StructureError
        See :func:`lesion_ratio`.
    """
    settings = settings or RatioSettings()
    grid = grid_of(parameter_map, lesion, grid)
    masks = mask_of(lesion, what, grid), mask_of(reference, "white matter", grid)
    check_apart(*masks, grid)
    usable = np.isfinite(parameter_map) if valid is None else np.isfinite(parameter_map) & valid
    valid_lesion, valid_reference = masks[0] & usable, masks[1] & usable
    whole = Sampled.of(parameter_map, valid_lesion, grid, settings.block_mm)
    below = Sampled.of(parameter_map, valid_reference, grid, settings.block_mm)
    voxels, count = int(np.count_nonzero(masks[0])), int(np.count_nonzero(valid_lesion))
    of_lesion = lesion_refusals(voxels * grid.voxel_cc, count, count / voxels, what)
    reasons = (*refusals, *of_lesion, *reference_refusals(below))
    found = {}
    for statistic in map(RatioStatistic, statistics):
        spot = _spot(parameter_map, valid_lesion, grid, statistic, settings)
        above = replace(whole if spot is None else spot, statistic=statistic)
        found[statistic] = _lesion_ratio(above, below, (voxels, count, voxels * grid.voxel_cc), reasons, settings)
    return found


def _lesion_ratio(
    above: Sampled, below: Sampled, size: tuple[int, int, float], reasons: tuple[str, ...], settings: RatioSettings
) -> LesionRatio:
    """The ratio; ``size`` is the lesion's voxels, those that count, and its volume."""
    value, low, high = (None, None, None) if reasons else _ratio(above, below, settings)
    return LesionRatio(
        statistic=above.statistic,
        value=value,
        low=low,
        high=high,
        lesion_value=above.value,
        reference_value=below.value,
        reference_standard_error=below.standard_error,
        lesion_voxels=size[0],
        valid_voxels=size[1],
        lesion_cc=size[2],
        reference_voxels=len(below.values),
        block_mm=above.blocks.edge_mm if above.blocks else None,
        reasons=reasons,
        settings=settings,
    )


def _spot(
    parameter_map: AnyArray, valid: BoolArray, grid: Grid, statistic: RatioStatistic, settings: RatioSettings
) -> Sampled | None:
    """The hot or the cold spot of a lesion; None for statistics of the whole lesion."""
    if statistic not in SPOTS or not valid.any():
        return None
    spot = hot_spot(SPOTS[statistic] * parameter_map, valid, grid, settings.hot_spot_cc)
    return Sampled.of(parameter_map, spot, grid, settings.block_mm)


def _ratio(above: Sampled, below: Sampled, settings: RatioSettings) -> tuple[float, float, float]:
    """The ratio and its interval."""
    random = np.random.default_rng(settings.random_seed)
    ratios = above.resampled(settings.samples, random) / below.resampled(settings.samples, random)
    independent = min(above.independent, below.independent)
    value = statistic_of(above.values, above.statistic) / statistic_of(below.values, below.statistic)
    return value, *expanded_interval(ratios, independent, settings.level)
