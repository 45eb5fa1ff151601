"""How far the voxels of a map are correlated, and what blocks of neighbours miss of it.

Blocks that touch are not quite independent: what their spread tells of the mean is too little, the more so the wider
the correlation is against the blocks. Both the true variance of the mean and what the blocks would tell follow from
the correlation between voxels, so that their quotient mends it.
"""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.lesions.ratios.blocks import Blocks
from brachyresponse.types import AnyArray, BoolArray, FloatArray

FARTHEST_MM = 8.0
"""Correlation is looked for up to this distance."""
VOXELS = 400
"""Between so many of a region's voxels the correlation is summed; enough for some per cent."""
LARGEST_SHARE = 0.5
"""Variance of the mean in that of a voxel: more, and a region holds no two independent voxels."""
ROUNDS = 4


def correlation_width_mm(values: AnyArray, mask: BoolArray, grid: Grid) -> FloatArray:
    """Return the width of the correlation between voxels of a region along k, j and i, (3,) mm; 0 for none.

    The correlation is taken as exp(-distance^2 / (4 width^2)), that of white noise under a Gaussian of this standard
    deviation. Deviations from the region's own mean seem less correlated than they are, which is mended.

    Parameters
    ----------
    values, mask
        [k, j, i]
    """
    kji = np.argwhere(mask)
    box = tuple(slice(int(a), int(b) + 1) for a, b in zip(kji.min(axis=0), kji.max(axis=0), strict=True))
    inside = mask[box]
    off = np.where(inside, values[box] - values[mask].mean(dtype=np.float64), 0.0)
    seen = [_correlation_at_lags(off, inside, axis, step) for axis, step in enumerate(grid.spacing_ijk_mm[::-1])]
    width, share = np.zeros(3), 1 / len(kji)
    positions = _some_positions_mm(mask, grid)
    for _ in range(ROUNDS):
        width = np.array([_width_mm(lags, share) for lags in seen])
        share = min(_mean_of_pairs(_correlation(positions, width), len(kji)), LARGEST_SHARE)
    return width


def missed_by_blocks(mask: BoolArray, grid: Grid, blocks: Blocks, width_mm: FloatArray) -> tuple[float, float]:
    """Return by how much blocks make the standard error of a mean too small, and how many independent voxels there are.

    Parameters
    ----------
    mask
        [k, j, i]: the region of the blocks.
    width_mm
        (3,) along k, j and i, of :func:`correlation_width_mm`.
    """
    count = int(np.count_nonzero(mask))
    chosen = _some(count)
    correlation = _correlation(_some_positions_mm(mask, grid), width_mm)
    same = np.equal.outer(blocks.number[chosen], blocks.number[chosen])
    share = min(_mean_of_pairs(correlation, count), LARGEST_SHARE)
    within, size = _mean_of_pairs(correlation * same, count), _mean_of_pairs(same.astype(float), count)
    told = max(within - size * share, 1e-12) * blocks.count / max(blocks.count - 1, 1)
    return float(np.sqrt(max(share / told, 1.0))), 1 / share


def _correlation_at_lags(off: AnyArray, inside: BoolArray, axis: int, step_mm: float) -> list[tuple[float, float]]:
    """Distances along an axis, and the correlation there where it is above chance; ``off`` is 0 outside."""
    off, inside = np.moveaxis(off, axis, 0), np.moveaxis(inside, axis, 0)
    variance = float(np.mean(off[inside] ** 2))
    found: list[tuple[float, float]] = []
    for lag in range(1, min(int(FARTHEST_MM / step_mm), len(off) - 1) + 1):
        pairs = int(np.count_nonzero(inside[lag:] & inside[:-lag]))
        if not pairs or variance == 0:
            break
        correlation = float(np.sum(off[lag:] * off[:-lag])) / pairs / variance
        if correlation < 2 / np.sqrt(pairs):
            break
        found.append((lag * step_mm, correlation))
    return found


def _width_mm(lags: list[tuple[float, float]], share: float) -> float:
    """The widest Gaussian that any lag tells of: noise between voxels hides a wide correlation at the first lag."""
    mended = [(distance, min(seen * (1 - share) + share, 0.99)) for distance, seen in lags]
    return max((distance / (2 * np.sqrt(-np.log(seen))) for distance, seen in mended), default=0.0)


def _some(count: int) -> AnyArray:
    """Which of a region's voxels are looked at."""
    return np.random.default_rng(count).permutation(count)[:VOXELS]


def _some_positions_mm(mask: BoolArray, grid: Grid) -> FloatArray:
    kji = np.argwhere(mask)
    positions: FloatArray = kji[_some(len(kji))] * grid.spacing_ijk_mm[::-1]
    return positions


def _correlation(positions_mm: FloatArray, width_mm: FloatArray) -> FloatArray:
    """Correlation between voxels, (N, N)."""
    scaled = positions_mm / np.maximum(2 * width_mm, 1e-3)
    away = np.sum((scaled[:, None] - scaled) ** 2, axis=-1)
    correlation: FloatArray = np.exp(-away)
    return correlation


def _mean_of_pairs(matrix: FloatArray, count: int) -> float:
    """Mean over all pairs of ``count`` voxels, a voxel with itself included, from the pairs of some of them."""
    some = len(matrix)
    if some < 2:
        return 1.0
    apart = (matrix.sum() - np.trace(matrix)) / (some * (some - 1))
    return float(1 / count + (1 - 1 / count) * apart)
