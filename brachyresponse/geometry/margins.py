"""A structure grown by a margin that stops at barriers: the planning target from the gross tumour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.resampling import (
    crop_structure,
    pad_structure,
    pool_structure,
    refine_structure,
    share_on_grid,
)
from brachyresponse.geometry.structure import Structure
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

FINEST_MM = 0.5
FINE_VOXELS = 3_000_000
"""Largest number of sub-voxels to work on, about; it sets how finely large structures are split."""

SPARE_VOXELS = 2


def grow_structure(
    structure: Structure,
    margin_mm: float,
    *,
    barriers: Sequence[Structure] = (),
    within: Structure | None = None,
    name: str | None = None,
) -> Structure:
    """Return a structure grown by a margin that neither enters barriers nor reaches round behind them.

    The margin is measured along the shortest way that avoids the barriers. What belongs to ``structure`` stays, in a
    barrier or not. Distances are taken on sub-voxels of about 0.5 mm, so the result has partial voxels.

    Parameters
    ----------
    margin_mm
        The same in all directions.
    barriers
        Bone, air, an organ: any structure, on its own grid. It counts where it fills at least half a sub-voxel.
    within
        What the growth may not leave (the body, so that it ends at the skin); on its own grid.
    name
        Of the result; the structure's name and the margin unless given.

    Returns
    -------
    Structure
        On the structure's grid; where the margin leaves that grid, on the same grid with voxels added.

    Raises
    ------
    GeometryError
        The margin is negative or not finite.
    """
    if not (np.isfinite(margin_mm) and margin_mm >= 0):
        raise GeometryError(f"The margin is {margin_mm:g} mm: give 0 or more.")
    name = name or f"{structure.name} + {margin_mm:g} mm"
    if margin_mm == 0:
        return replace(structure, name=name)
    room_kji = np.ceil(margin_mm / structure.grid.spacing_ijk_mm[::-1]).astype(int) + SPARE_VOXELS
    roomy = _with_room(structure, room_kji)
    local = crop_structure(roomy, room_kji)
    parts = _parts_kji(local.grid)
    fine = refine_structure(local, parts)
    # A mask's stairs are a voxel high; partial voxels have been laid along the surface already.
    smooth_kji = 0.4 * np.array(parts) if structure.occupancy.dtype == bool else np.ones(3)
    surface_mm = _surface_mm(fine, parts, smooth_kji)
    grown = _grown_share(fine, surface_mm, margin_mm, _blocked(fine.grid, barriers, within))
    whole = replace(fine, occupancy=np.maximum(grown, fine.occupancy))
    return _pasted(name, pool_structure(whole, parts), roomy.grid)


def threshold_structure(
    name: str, values: AnyArray, grid: Grid, *, at_least: float | None = None, at_most: float | None = None
) -> Structure:
    """Return the voxels of an image between two values, limits included: bone or air on CT as a barrier.

    Raises
    ------
    StructureError
        No limit is given, or no voxel lies between them.
    """
    if at_least is None and at_most is None:
        raise StructureError(f"Structure {name!r} needs a lower or an upper threshold: give one.")
    chosen = np.ones(values.shape, bool)
    if at_least is not None:
        chosen &= values >= at_least
    if at_most is not None:
        chosen &= values <= at_most
    return Structure(name, chosen, grid)


def _with_room(structure: Structure, room_kji: AnyArray) -> Structure:
    """The structure on a grid that has ``room_kji`` voxels on every side of it: its own one where that is enough."""
    lower, upper = structure.index_box()
    missing = np.maximum(room_kji - np.minimum(lower, np.array(structure.grid.shape_kji) - 1 - upper), 0)
    if not missing.any():
        return structure
    return pad_structure(structure, (int(missing[0]), int(missing[1]), int(missing[2])))


def _parts_kji(grid: Grid) -> tuple[int, int, int]:
    """Into how many parts voxels are split along k, j and i."""
    wanted_mm = max(FINEST_MM, float(np.cbrt(1000 * grid.voxel_cc * grid.voxel_count / FINE_VOXELS)))
    parts = np.maximum(np.ceil(grid.spacing_ijk_mm[::-1] / wanted_mm - 0.25), 1).astype(int)
    return int(parts[0]), int(parts[1]), int(parts[2])


def _blocked(grid: Grid, barriers: Sequence[Structure], within: Structure | None) -> BoolArray | None:
    """Sub-voxels that the growth may not enter, or None where it may go anywhere."""
    if not barriers and within is None:
        return None
    blocked = np.zeros(grid.shape_kji, bool)
    for barrier in barriers:
        blocked |= share_on_grid(barrier, grid) >= 0.5
    if within is not None:
        blocked |= share_on_grid(within, grid) < 0.5
    return blocked


def _grown_share(fine: Structure, surface_mm: FloatArray, margin_mm: float, blocked: BoolArray | None) -> Float32Array:
    """Share of every sub-voxel within the margin, soft over one sub-voxel at the surface."""
    inside, spacing_mm = fine.mask, fine.grid.spacing_ijk_mm
    voxel_mm = float(spacing_mm.mean())
    distance_mm = _distance_mm(inside, surface_mm, spacing_mm)
    if blocked is not None and np.any(blocked & (distance_mm < margin_mm + voxel_mm)):
        distance_mm += _detour_mm(inside, blocked, spacing_mm, margin_mm + 4 * voxel_mm)
        distance_mm[blocked] = np.inf
    share: Float32Array = np.clip((margin_mm - distance_mm) / voxel_mm + 0.5, 0, 1).astype(np.float32)
    return share


def _distance_mm(inside: BoolArray, surface_mm: FloatArray, spacing_mm: FloatArray) -> FloatArray:
    """Distance of every sub-voxel from the structure's surface, mm, [k, j, i]; negative or 0 inside."""
    from scipy.ndimage import distance_transform_edt

    from_centres_mm, nearest = distance_transform_edt(~inside, sampling=spacing_mm[::-1], return_indices=True)
    distance_mm: FloatArray = from_centres_mm - surface_mm[tuple(nearest)]
    return distance_mm


def _surface_mm(fine: Structure, parts_kji: tuple[int, int, int], smooth_kji: FloatArray) -> FloatArray:
    """How far the surface lies beyond the centre of every sub-voxel, mm, from the smoothed occupancy.

    It takes the stairs out of a mask: a distance from the corners of whole voxels would be half a voxel too short.
    At most half a voxel of the original grid outwards, and an eighth inwards: single voxels are there and shall grow.
    """
    from scipy.ndimage import gaussian_filter

    spacing_kji = fine.grid.spacing_ijk_mm[::-1]
    smooth = gaussian_filter(fine.occupancy.astype(np.float32), smooth_kji)
    gradient = np.stack(np.gradient(smooth, *spacing_kji), axis=-1)
    steepness = np.maximum(np.linalg.norm(gradient, axis=-1), 1e-6)
    half_voxel_mm = np.abs(gradient) @ (spacing_kji * parts_kji) / steepness / 2
    surface_mm: FloatArray = np.clip((smooth - 0.5) / steepness, -half_voxel_mm / 4, half_voxel_mm)
    return surface_mm


def _detour_mm(inside: BoolArray, blocked: BoolArray, spacing_mm: FloatArray, farthest_mm: float) -> FloatArray:
    """How much longer than without barriers the way from the structure is, mm, [k, j, i]; errors of marching cancel."""
    free = _way_mm(inside, np.zeros_like(blocked), spacing_mm, farthest_mm)
    around = _way_mm(inside, blocked, spacing_mm, farthest_mm)
    detour_mm: FloatArray = np.maximum(around - free, 0)
    return detour_mm


def _way_mm(inside: BoolArray, blocked: BoolArray, spacing_mm: FloatArray, farthest_mm: float) -> FloatArray:
    """Length of the shortest way from ``inside`` that avoids ``blocked``, mm, by fast marching; huge beyond."""
    import SimpleITK as sitk
    from scipy.ndimage import binary_erosion

    speed = sitk.GetImageFromArray(np.where(blocked & ~inside, 1e-6, 1.0))  # mm a time unit: nothing gets through
    speed.SetSpacing(spacing_mm.tolist())
    surface = inside & ~binary_erosion(inside)
    march = sitk.FastMarchingImageFilter()
    march.SetTrialPoints(np.argwhere(surface)[:, ::-1].tolist())
    march.SetStoppingValue(farthest_mm)
    length_mm: FloatArray = sitk.GetArrayFromImage(march.Execute(speed)).astype(np.float64)
    return length_mm


def _pasted(name: str, local: Structure, grid: Grid) -> Structure:
    """The structure on the larger grid of which its own is a part."""
    first = np.rint(grid.to_ijk(local.grid.to_ras([0, 0, 0]))).astype(int)[::-1]
    occupancy = np.zeros(grid.shape_kji, np.float32)
    part = tuple(slice(a, a + n) for a, n in zip(first, local.grid.shape_kji, strict=True))
    occupancy[part] = local.occupancy
    return Structure(name, occupancy, grid)
