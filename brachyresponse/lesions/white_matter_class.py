"""What looks like white matter on a T1-weighted image: the brightest brain that is even all round.

Cortex lies between fluid and vessels and is uneven over some millimetres; deep grey matter is even but darker.
"""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Volume
from brachyresponse.lesions.morphology import distance_mm, smoothed
from brachyresponse.lesions.surrounding import most_frequent
from brachyresponse.types import AnyArray, BoolArray

SMOOTHING_MM = 1.0
EVEN_OVER_MM = 2.0
"""Standard deviation of the Gaussian over which evenness is looked at."""
BRAIN_SHARE = 0.25
"""So much round the most frequent value is brain; fluid, vessels and scalp are farther off."""
LEAST_UNEVEN = 1.6
"""Of the evenest quarter's unevenness: more is an edge."""
BRIGHTEST_PERCENTILE = 90
DARKER, BRIGHTER = 0.92, 1.06
"""Round the brightest even tissue: grey matter is darker, vessels and rims are brighter."""
EDGE_MM = 2.5
"""Kept from everything that is uneven: partial volumes."""


def looks_like_white_matter(image: Volume, near: BoolArray) -> BoolArray:
    """Return the voxels within a region that look like white matter, [k, j, i]; none where nothing does.

    Parameters
    ----------
    image
        T1-weighted, before or after contrast.
    near
        [k, j, i]: where to look.
    """
    values = smoothed(np.nan_to_num(np.asarray(image.values, np.float32)), image.grid, SMOOTHING_MM)
    inside = values[near]
    inside = inside[inside > 0]
    if not inside.size:
        return np.zeros_like(near)
    level = most_frequent(inside[inside > 0.3 * np.median(inside)])
    brain = near & (np.abs(values - level) <= BRAIN_SHARE * level)
    if not brain.any():
        return np.zeros_like(near)
    uneven = unevenness(values, image)
    is_even = brain & (uneven <= LEAST_UNEVEN * np.percentile(uneven[brain], 25))
    if not is_even.any():
        return np.zeros_like(near)
    brightest = np.percentile(values[is_even], BRIGHTEST_PERCENTILE)
    white = is_even & (values >= DARKER * brightest) & (values <= BRIGHTER * brightest)
    off = (uneven > 2 * LEAST_UNEVEN * np.percentile(uneven[brain], 25)) | ~_tissue(values, level)
    result: BoolArray = white & (distance_mm(off, image.grid, EDGE_MM) > EDGE_MM)
    return result


def unevenness(values: AnyArray, image: Volume) -> AnyArray:
    """Return the local standard deviation of an image, [k, j, i]."""
    mean = smoothed(values, image.grid, EVEN_OVER_MM)
    variance = smoothed((values - mean) ** 2, image.grid, EVEN_OVER_MM)
    return np.asarray(np.sqrt(np.maximum(variance, 0)))


def _tissue(values: AnyArray, level: float) -> BoolArray:
    tissue: BoolArray = np.abs(values - level) <= BRAIN_SHARE * level
    return tissue
