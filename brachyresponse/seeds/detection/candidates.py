"""Where metal of a seed's size could be: groups of voxels that are bright and not large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.types import AnyArray, BoolArray, FloatArray

LEVEL_FACTORS = (1.0, 1.35, 1.8, 2.4, 3.0)
"""A group too large to be seeds at one level (bone, a bridge) is looked at again at the next one."""
MOST_SEEDS = 5
"""Groups of more than the volume of this many seeds are taken apart at a higher level."""
LEAST_SHARE = 0.12
"""Groups of less than this share of a seed's volume are not metal of a seed."""
SURROUND_MM = 2.6
"""Voxels within this distance of a group's are explained with it."""
NEXT_SLICE_SHARE = 0.7
"""A thick slice counts as this share of the distance, so that what is dark above and below is explained too."""


PIXEL_AREA_MM2 = 0.3
MOST_SKIPPED = 5
"""Where pixels are smaller, one voxel stands for as many as fill this area, up to so many."""


@dataclass(frozen=True, eq=False)
class Group:
    """Bright voxels that hang together.

    Parameters
    ----------
    points_mm
        Of the group's own voxels, (M, 3), in the scanner's frame.
    values_hu
        (M,)
    level_hu
        All of them are brighter than this.
    box, near
        The box round the group [slice, second, first], and which of its voxels belong to its surroundings.
    """

    points_mm: FloatArray
    values_hu: FloatArray
    level_hu: float
    box: tuple[slice, slice, slice]
    near: BoolArray


def find_groups(frame: ScannerFrame, level_hu: float, peak_hu: float, seed_mm3: float) -> list[Group]:
    """Return the groups of voxels above a level, in the order of the frame's voxels.

    Parameters
    ----------
    level_hu
        Lowest level: safely under the peak of the faintest seed.
    peak_hu
        Groups without a voxel this bright are left out.
    seed_mm3
        Volume of a seed above that level.
    """
    from scipy.ndimage import find_objects, label

    voxel_mm3 = float(np.prod(frame.spacing_mm))
    fewest, most = max(2, LEAST_SHARE * seed_mm3 / voxel_mm3), MOST_SEEDS * seed_mm3 / voxel_mm3
    pending, groups = [(slice(None), slice(None), slice(None))], []
    masks: list[AnyArray] = [np.ones(1, bool)]
    for factor in LEVEL_FACTORS:
        level = level_hu * factor
        above, above_masks = [], []
        for box, mask in zip(pending, masks, strict=True):
            values = frame.values_hu[box]
            labels, _ = label((values > level) & mask, structure=np.ones((3, 3, 3)))
            for number, part in enumerate(find_objects(labels), start=1):
                inside = labels[part] == number
                count = int(inside.sum())
                if count < fewest or values[part][inside].max() < peak_hu:
                    continue
                place = _within(box, part)
                if count > most:
                    above.append(place)
                    above_masks.append(inside)
                else:
                    groups.append(_group(frame, place, inside, level))
        pending, masks = above, above_masks
    return groups


def _within(box: tuple[slice, ...], part: tuple[slice, ...]) -> tuple[slice, slice, slice]:
    starts = [outer.start or 0 for outer in box]
    k, j, i = (slice(s + p.start, s + p.stop) for s, p in zip(starts, part, strict=True))
    return k, j, i


def _group(frame: ScannerFrame, place: tuple[slice, slice, slice], inside: BoolArray, level_hu: float) -> Group:
    from scipy.ndimage import distance_transform_edt

    margin = np.ceil((SURROUND_MM + frame.spacing_mm) / frame.spacing_mm)[::-1].astype(int)
    shape = frame.values_hu.shape
    k, j, i = (
        slice(max(part.start - m, 0), min(part.stop + m, size))
        for part, m, size in zip(place, margin, shape, strict=True)
    )
    box = (k, j, i)
    own = np.zeros([part.stop - part.start for part in box], bool)
    own[tuple(slice(p.start - b.start, p.stop - b.start) for p, b in zip(place, box, strict=True))] = inside
    sampling = np.minimum(frame.spacing_mm, NEXT_SLICE_SHARE * SURROUND_MM)[::-1]
    distance = distance_transform_edt(~own, sampling=sampling)
    points = frame.points_mm(box)
    values = np.asarray(frame.values_hu[box], np.float64)
    near = (distance <= SURROUND_MM) & _spread_evenly(own.shape, frame.spacing_mm)
    return Group(points[own], values[own], level_hu, box, near)


def _spread_evenly(shape: tuple[int, ...], spacing_mm: FloatArray) -> BoolArray:
    """Return every so many voxels of small pixels, [slice, second, first]: enough to see what the scanner resolves."""
    every = int(np.clip(PIXEL_AREA_MM2 / (spacing_mm[0] * spacing_mm[1]), 1, MOST_SKIPPED))
    _, j, i = np.indices(shape)
    chosen: BoolArray = (i + (1 + every // 4) * j) % every == 0
    return chosen
