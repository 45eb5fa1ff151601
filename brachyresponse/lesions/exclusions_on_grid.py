"""What is left out of lesions on the grid of a map: their edges, drawn masks, what images show, margins round seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume, resample_structure, share_on_grid
from brachyresponse.lesions.exclusions import Exclusion
from brachyresponse.lesions.placing import Placed
from brachyresponse.lesions.seed_margins import proposed_margin_mm, seed_margin
from brachyresponse.types import AnyArray, BoolArray

if TYPE_CHECKING:
    from brachyresponse.seeds import Seeds

FindExclusion = Callable[[Volume, Structure], Exclusion]
MOST_OF_A_VOXEL = 0.5
ANY_OF_A_VOXEL = 0.25
"""Share from which a voxel belongs to a drawn mask: what is left out is left out generously."""
ROUND_LESION = 3
"""Voxels of an image round a lesion that share voxels of the map with it."""


class MaskRole(StrEnum):
    """What is left out of a lesion and of the white matter, where a segment of it is given."""

    VESSELS = "vessels"
    NECROSIS = "necrosis"
    CAVITY = "cavity"
    BLOOD = "blood"
    CALCIFICATION = "calcification"
    BALLOON = "balloon"


def partial_voxels(lesions: Iterable[Placed], least_share: float) -> tuple[Exclusion, ...]:
    """Return the voxels that are lesion only in part: what else is in them is not the lesion's; none where none are."""
    in_part = [lesion.mask & (lesion.share < least_share) for lesion in lesions]
    if not any(mask.any() for mask in in_part):
        return ()
    edge = np.logical_or.reduce(in_part)
    reason = f"less than {least_share:.0%} of the voxel is lesion: partial volume"
    return (Exclusion("edge of the lesion", edge, reason),)


def drawn_mask(structure: Structure, grid: Grid) -> BoolArray:
    """Return the voxels of which any considerable part belongs to a drawn mask, [k, j, i]."""
    if structure.grid == grid:
        return np.asarray(structure.mask, bool)
    share: AnyArray = share_on_grid(structure, grid)
    return np.asarray(share >= ANY_OF_A_VOXEL)


def round_seeds(
    seeds: Seeds | None, grid: Grid, kind: str, *, te_s: float | None = None, margin_mm: float | None = None
) -> tuple[Exclusion, ...]:
    """Return the margin round the seeds of an implant; none without seeds.

    Parameters
    ----------
    kind, te_s
        Of the sequence, for the margin that is proposed; see :func:`proposed_margin_mm`.
    margin_mm
        The margin that was entered; None takes the proposed one.
    """
    if seeds is None or not seeds.count:
        return ()
    proposed_mm, reason = proposed_margin_mm(kind, te_s)
    if margin_mm is not None:
        proposed_mm, reason = margin_mm, f"{margin_mm:g} mm, entered"
    mask = seed_margin(grid, seeds.positions_mm, seeds.directions, proposed_mm, axis_known=seeds.axis_known)
    reason = f"{reason.rstrip('.')}: metal darkens the signal there"
    return (Exclusion(f"round {seeds.count} seeds", mask, reason),)


def seen_on_images(
    wanted: Sequence[tuple[Volume, FindExclusion]],
    lesions: Mapping[str, Structure],
    grid: Grid,
    near_seeds: Sequence[Exclusion] = (),
) -> tuple[Exclusion, ...]:
    """Return what images show in and round lesions, on the map's grid, but the seeds' own dark; nothing of no lesion.

    Parameters
    ----------
    wanted
        Images, and what is looked for on each: one exclusion of all lesions, so that each has one row of it.

    Raises
    ------
    StructureError
        A lesion lies outside an image.
    """
    if not lesions:
        return ()
    seen = [
        _of_all([seen_in_lesion(image, find, lesion, grid) for lesion in lesions.values()]) for image, find in wanted
    ]
    for seeds in near_seeds:
        seen = [replace(one, mask=one.mask & ~seeds.mask) for one in seen]
    return tuple(seen)


def _of_all(found: Sequence[Exclusion]) -> Exclusion:
    """Return what was found in several lesions as one, with the reason of each: thresholds are of each lesion."""
    reasons = dict.fromkeys(one.reason for one in found)
    return replace(found[0], mask=np.logical_or.reduce([one.mask for one in found]), reason=" ".join(reasons))


def seen_in_lesion(image: Volume, find: FindExclusion, lesion: Structure, grid: Grid) -> Exclusion:
    """Return what an image shows in and just round a lesion, on the map's grid.

    Raises
    ------
    StructureError
        The lesion lies outside the image.
    """
    from scipy.ndimage import binary_dilation

    drawn = lesion if lesion.grid == image.grid else _drawn_on(lesion, image)
    seen = find(image, Structure(drawn.name, drawn.mask, drawn.grid))
    found = replace(seen, mask=seen.mask & binary_dilation(drawn.mask, iterations=ROUND_LESION))
    if not found.mask.any():
        return replace(found, mask=np.zeros(grid.shape_kji, bool))
    share = share_on_grid(Structure(found.name, found.mask, image.grid), grid)
    return replace(found, mask=np.asarray(share >= MOST_OF_A_VOXEL))


def _drawn_on(lesion: Structure, image: Volume) -> Structure:
    try:
        return resample_structure(lesion, image.grid)
    except StructureError as error:
        raise StructureError(
            f"The lesion {lesion.name!r} lies outside the image {image.name!r}: give the image of the same visit and "
            "space, or register it first."
        ) from error
