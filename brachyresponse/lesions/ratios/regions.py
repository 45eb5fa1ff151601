"""The voxels of a map under a region, and what is checked before they are used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions.ratios.blocks import Blocks, blocks_of
from brachyresponse.lesions.ratios.correlation import correlation_width_mm, missed_by_blocks
from brachyresponse.lesions.ratios.statistic import RatioStatistic, resampled, statistic_of
from brachyresponse.types import AnyArray, BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Sampled:
    """The valid voxels of a region.

    Parameters
    ----------
    values
        (N,)
    blocks
        In which they lie; None without a valid voxel.
    statistic
        What stands for them.
    widening
        By how much the spread between blocks is too small for the correlation between voxels.
    independent
        How many independent values they amount to.
    """

    values: AnyArray
    blocks: Blocks | None
    statistic: RatioStatistic
    widening: float = 1.0
    independent: float = 0.0

    @classmethod
    def of(cls, parameter_map: AnyArray, mask: BoolArray, grid: Grid, block_mm: float) -> Sampled:
        """Return the values under a mask; the mean stands for them."""
        if not mask.any():
            return cls(np.empty(0), None, RatioStatistic.MEAN)
        blocks = blocks_of(mask, grid, block_mm)
        width_mm = correlation_width_mm(parameter_map, mask, grid)
        widening, independent = missed_by_blocks(mask, grid, blocks, width_mm)
        values = parameter_map[mask].astype(np.float64)
        independent = min(independent, blocks.effective_count)
        return cls(values, blocks, RatioStatistic.MEAN, widening, independent)

    @property
    def value(self) -> float | None:
        """The statistic; None without a valid voxel."""
        return statistic_of(self.values, self.statistic) if self.values.size else None

    @property
    def standard_error(self) -> float | None:
        """Standard error of the mean; None without two blocks."""
        if self.blocks is None or self.blocks.count < 2:
            return None
        return self.widening * self.blocks.standard_error_of_mean(self.values)

    def resampled(self, samples: int, random: np.random.Generator) -> FloatArray:
        """Return the statistic of ``samples`` draws of the blocks, (samples,); nothing without a valid voxel."""
        if self.blocks is None:
            return np.empty(0)
        drawn = resampled(self.values, self.blocks.number, self.blocks.draws(samples, random), self.statistic)
        middle = statistic_of(self.values, self.statistic)
        return middle + self.widening * (drawn - middle)


def mask_of(region: Structure | BoolArray, name: str, grid: Grid) -> BoolArray:
    """Return a region's mask on the map's grid.

    Raises
    ------
    StructureError
        It has another geometry, or it is empty.
    """
    what = f"{name} {region.name!r}" if isinstance(region, Structure) else name
    if isinstance(region, Structure) and region.grid != grid:
        raise StructureError(
            f"The {what} lies on {region.grid.describe()}, the map on {grid.describe()} elsewhere or turned otherwise: "
            "carry it over to the map first."
        )
    mask = region.mask if isinstance(region, Structure) else np.asarray(region, bool)
    if mask.shape != grid.shape_kji:
        raise StructureError(f"The {what} has shape {mask.shape}, the map {grid.shape_kji}: they must agree.")
    if not mask.any():
        raise StructureError(f"The {what} is empty on the map: draw it within the field of view.")
    return mask


def grid_of(parameter_map: AnyArray, lesion: Structure | BoolArray, grid: Grid | None) -> Grid:
    """Return the map's grid: the one given, or the lesion's.

    Raises
    ------
    StructureError
        Neither is known, or the map's shape is another one.
    """
    found = grid if grid is not None or not isinstance(lesion, Structure) else lesion.grid
    if found is None:
        raise StructureError("The size of the map's voxels is not known: give its grid, or the lesion as a structure.")
    if parameter_map.shape != found.shape_kji:
        raise StructureError(f"The map has shape {parameter_map.shape}, its grid {found.shape_kji}: they must agree.")
    return found


def check_apart(lesion: BoolArray, reference: BoolArray, grid: Grid) -> None:
    """Refuse regions that share voxels.

    Raises
    ------
    StructureError
        They do.
    """
    shared = np.count_nonzero(lesion & reference)
    if shared:
        raise StructureError(
            f"The lesion and the white matter share {shared * grid.voxel_cc:.2f} cc: the reference must be outside the "
            "lesion; move it or cut it back."
        )
