"""What looks like white matter on a T1-weighted image: the brighter even brain tissue."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Volume
from brachyresponse.lesions.morphology import distance_mm, smoothed
from brachyresponse.lesions.surrounding import most_frequent
from brachyresponse.types import AnyArray, BoolArray

SMOOTHING_MM = 1.0
EROSION_MM = 2.0
SPREADS = 2.0


def looks_like_white_matter(image: Volume, near: BoolArray) -> BoolArray:
    """Return the voxels within a region, and 2 mm inside it, that look like white matter, [k, j, i]."""
    values = smoothed(np.asarray(image.values, np.float32), image.grid, SMOOTHING_MM)
    inside = values[near]
    if not inside.size:
        raise StructureError(f"{image.name!r} shows nothing opposite the lesion: draw the white matter by hand.")
    level, spread = _white_class(inside)
    even = near & (np.abs(values - level) <= SPREADS * spread)
    return even & (distance_mm(~even, image.grid, EROSION_MM) > EROSION_MM)


def _white_class(values: AnyArray) -> tuple[float, float]:
    level = most_frequent(values[values > 0.3 * np.median(values)])
    spread = 1.4826 * float(np.median(np.abs(values[np.abs(values - level) < 0.15 * level] - level)))
    return level, spread
