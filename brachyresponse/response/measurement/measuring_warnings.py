"""What a person has to look at before a measurement counts."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Structure
from brachyresponse.response.measurement.stacks import SliceStack

TOLD_TILT_DEG = 5.0


def measurement_warnings(lesion: Structure, stack: SliceStack, *, slices: int, part_count: int) -> tuple[str, ...]:
    """Return sentences on a lesion that is cut off, in parts, in one slice only, or in tilted slices."""
    name, warnings = lesion.name, []
    cut = _cut_axes(lesion)
    if cut:
        warnings.append(
            f"{name} reaches the edge of the image ({', '.join(cut)}): what lies beyond is missing from its diameters."
        )
    if part_count > 1:
        warnings.append(
            f"{name} falls into {part_count} parts: the diameters are those of the part with the longest one, "
            "the volume is that of all; measure the parts one by one if they count apart."
        )
    if slices == 1:
        warnings.append(f"{name} is seen in one slice only, {stack.slice_thickness_mm:.3g} mm thick.")
    if stack.is_own and stack.tilt_deg > TOLD_TILT_DEG:
        warnings.append(
            f"The image's own slices were used; they are tilted by {stack.tilt_deg:.0f} degrees against the plane "
            "asked for: give the plane by its normal to measure in exactly that plane."
        )
    return tuple(warnings)


def _cut_axes(lesion: Structure) -> list[str]:
    first, last = lesion.index_box()
    size = np.array(lesion.grid.shape_kji)
    is_cut = ((first == 0) | (last == size - 1)) & (size > 1)
    return [f"along {name}" for name, cut in zip("kji", is_cut, strict=True) if cut]
