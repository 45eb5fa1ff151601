"""The compact part of a lesion where a map is highest."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, BoolArray

SPACE = (0, 1, 2)


def hot_spot(values: AnyArray, mask: BoolArray, grid: Grid, volume_cc: float) -> BoolArray:
    """Return the hot spot of a stated volume within a region, [k, j, i].

    A ball of the volume is moved over the region; where its mean over the region's voxels is highest is the middle,
    and the voxels of the region nearest to it, up to the volume, are the hot spot. So it is compact, never a
    collection of single bright voxels, and at the region's surface it takes the shape of the region. Only middles
    count at which the region fills at least half of the ball, so that a thin tip is no hot spot.

    Parameters
    ----------
    values, mask
        [k, j, i]; values are looked at under the mask only.
    volume_cc
        Of the hot spot; the whole region where it is smaller.
    """
    count = max(round(volume_cc / grid.voxel_cc), 1)
    if count >= np.count_nonzero(mask):
        return mask.copy()
    lower, upper = _box(mask)
    box = tuple(slice(a, b) for a, b in zip(lower, upper, strict=True))
    inside = mask[box]
    middle = _hottest_middle(np.where(inside, values[box], 0.0), inside, grid, volume_cc)
    kji = np.argwhere(inside)
    away_mm2 = np.sum(((kji - middle) * grid.spacing_ijk_mm[::-1]) ** 2, axis=1)
    nearest = kji[np.argsort(away_mm2, kind="stable")[:count]]
    spot = np.zeros_like(mask)
    spot[tuple((nearest + lower).T)] = True
    return spot


def _hottest_middle(values: AnyArray, inside: BoolArray, grid: Grid, volume_cc: float) -> AnyArray:
    """Index (k, j, i) of the voxel round which the ball's mean over the region is highest."""
    ball = _ball(grid, volume_cc)
    filled, total = _sums_within(ball, inside.astype(float)), _sums_within(ball, values.astype(float))
    least = min(0.5 * ball.sum(), filled[inside].max()) - 0.5  # a thin lesion fills half a ball nowhere
    allowed = inside & (filled >= least)
    mean = np.where(allowed, total / np.maximum(filled, 0.5), -np.inf)
    return np.array(np.unravel_index(np.argmax(mean), mean.shape))


def _sums_within(ball: AnyArray, values: AnyArray) -> AnyArray:
    """Return the sum of values [k, j, i] within a ball round each voxel, by the convolution theorem."""
    padded = tuple(a + b - 1 for a, b in zip(values.shape, ball.shape, strict=True))
    spectra = (np.fft.rfftn(each, padded, axes=SPACE) for each in (values, ball))
    sums = np.fft.irfftn(np.prod(list(spectra), axis=0), padded, axes=SPACE)
    middle = tuple(slice(b // 2, b // 2 + a) for a, b in zip(values.shape, ball.shape, strict=True))
    return sums[middle]


def _ball(grid: Grid, volume_cc: float) -> AnyArray:
    """Voxels of a ball of a volume round a voxel's centre, with odd sizes."""
    radius_mm = (volume_cc * 1000 * 3 / (4 * np.pi)) ** (1 / 3)
    reach = np.floor(radius_mm / grid.spacing_ijk_mm[::-1]).astype(int)
    k, j, i = np.ogrid[tuple(slice(-n, n + 1) for n in reach)]
    step_k, step_j, step_i = grid.spacing_ijk_mm[::-1]
    ball: AnyArray = ((k * step_k) ** 2 + (j * step_j) ** 2 + (i * step_i) ** 2 <= radius_mm**2).astype(float)
    return ball


def _box(mask: BoolArray) -> tuple[AnyArray, AnyArray]:
    kji = np.argwhere(mask)
    return kji.min(axis=0), kji.max(axis=0) + 1
