"""Where a grown lesion ends for another reason than its own edge."""

from __future__ import annotations

import numpy as np

from brachyresponse.lesions.growing_box import GrowingBox
from brachyresponse.types import BoolArray

TOUCHING_SHARE = 0.1
"""Share of a lesion's surface: less is an accident of single voxels."""


def reaches_too_far(box: GrowingBox, mask: BoolArray) -> bool:
    """Tell whether a lesion comes within a voxel of the farthest it may reach."""
    return bool(box.away_mm[mask].max() > box.radius_mm - box.grid.spacing_ijk_mm.min())


def edge_warnings(box: GrowingBox, mask: BoolArray) -> list[str]:
    """Return sentences for a person: the lesion leaks, or touches the image's edge, a barrier or the skull."""
    surface = _shell(mask)
    warnings = []
    if reaches_too_far(box, mask):
        warnings.append(
            f"The lesion leaks: it reaches {box.radius_mm:g} mm from the click. Set barriers, smooth less, or cut it "
            "back."
        )
    if _at_edge(box.whole(mask)):
        warnings.append("The lesion reaches the edge of the image: part of it is not seen.")
    least = TOUCHING_SHARE * float(np.count_nonzero(surface))
    if np.count_nonzero(surface & box.barrier) > least:
        warnings.append("The lesion ends at a barrier: look at its edge there.")
    if np.count_nonzero(surface & ~box.brain & ~box.barrier) > least:
        warnings.append("The lesion ends at the skull, dura or fluid: look at its edge there.")
    return warnings


def _shell(mask: BoolArray) -> BoolArray:
    """The voxels round a mask."""
    from scipy.ndimage import binary_dilation

    shell: BoolArray = binary_dilation(mask) & ~mask
    return shell


def _at_edge(mask: BoolArray) -> bool:
    return any(bool(np.any(np.moveaxis(mask, axis, 0)[[0, -1]])) for axis in range(3) if mask.shape[axis] > 1)
