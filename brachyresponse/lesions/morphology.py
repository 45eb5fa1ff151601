"""Masks closed, opened and filled by distances in mm, by SimpleITK; thick slices are looked at one by one."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray


def grid_part(grid: Grid, centre_mm: FloatArray, radius_mm: float) -> tuple[Grid, tuple[slice, ...]]:
    """Return the part of a grid round a point, and where it lies in an array [k, j, i]."""
    centre_ijk, reach_ijk = grid.to_ijk(centre_mm), radius_mm / grid.spacing_ijk_mm + 2
    first_ijk = np.maximum(np.floor(centre_ijk - reach_ijk), 0).astype(int)
    last_ijk = np.minimum(np.ceil(centre_ijk + reach_ijk) + 1, grid.size_ijk).astype(int)
    shape = last_ijk - first_ijk
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras(first_ijk)
    part = tuple(slice(int(a), int(b)) for a, b in zip(first_ijk[::-1], last_ijk[::-1], strict=True))
    return Grid((int(shape[2]), int(shape[1]), int(shape[0])), matrix), part


def smoothed(values: AnyArray, grid: Grid, sigma_mm: float) -> AnyArray:
    """Return an image under a Gaussian; axes along which voxels are thicker than the Gaussian is wide are left."""
    import SimpleITK as sitk

    sigma = np.where(grid.spacing_ijk_mm > 2.355 * sigma_mm, 0.0, sigma_mm)
    if not sigma.any():
        return values
    image = sitk.GetImageFromArray(values.astype(np.float32))
    image.SetSpacing(grid.spacing_ijk_mm.tolist())
    result: AnyArray = sitk.GetArrayFromImage(sitk.DiscreteGaussian(image, (sigma**2).tolist()))
    return result


def distance_mm(mask: BoolArray, grid: Grid, reach_mm: float) -> AnyArray:
    """Return the distance of every voxel from the nearest of a mask, mm; across slices too thick for it, never."""
    from scipy.ndimage import distance_transform_edt

    if not mask.any():
        return np.full(mask.shape, np.inf)
    spacing = grid.spacing_ijk_mm[::-1]
    spacing = np.where(spacing > 2 * reach_mm, 1e6, spacing)
    away: AnyArray = distance_transform_edt(~mask, sampling=spacing)
    return away


def connected(values: AnyArray, allowed: BoolArray, threshold: float, start_kji: IntArray) -> BoolArray:
    """Return the allowed voxels above a threshold that hang together with a start, [k, j, i]."""
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(np.where(allowed, values, np.float32(-np.inf)).astype(np.float32))
    seed = [int(n) for n in start_kji[::-1]]
    grown = sitk.ConnectedThreshold(image, seedList=[seed], lower=float(threshold), upper=float(np.inf))
    mask: BoolArray = sitk.GetArrayFromImage(grown) > 0
    return mask


def closed(mask: BoolArray, grid: Grid, radius_mm: float) -> BoolArray:
    """Return a mask with gaps narrower than twice the radius closed."""
    reach = [(int(n), int(n)) for n in np.ceil(radius_mm / grid.spacing_ijk_mm[::-1]) + 1]
    wide = np.pad(mask, reach)
    grown = distance_mm(wide, grid, radius_mm) <= radius_mm
    shrunk = distance_mm(~grown, grid, radius_mm) > radius_mm
    inner = tuple(slice(a, -b) for a, b in reach)
    result: BoolArray = shrunk[inner] | mask
    return result


def fill_enclosed(mask: BoolArray, grid: Grid) -> BoolArray:
    """Return a mask with what it encloses in 3D, or within a slice of the thinnest two axes."""
    from scipy.ndimage import binary_fill_holes

    result: BoolArray = binary_fill_holes(mask)
    thick = int(np.argmax(grid.spacing_ijk_mm[::-1]))
    for one_slice in np.moveaxis(result, thick, 0):  # views: writing to them writes to the result
        one_slice[...] = binary_fill_holes(one_slice)
    return result


def opened_round(mask: BoolArray, grid: Grid, radius_mm: float, start_kji: IntArray) -> BoolArray:
    """Return the part of a mask round a start without what hangs on it by less than twice the radius."""
    from scipy.ndimage import label

    core = _deeper_than(mask, grid, radius_mm)
    parts, count = label(core)
    if count == 0:
        return mask  # all of it is thin: a small lesion
    kji = np.argwhere(core)
    away = np.sum(((kji - start_kji) * grid.spacing_ijk_mm[::-1]) ** 2, axis=1)
    nearest = tuple(kji[np.argmin(away)])
    spread = distance_mm(parts == parts[nearest], grid, radius_mm) <= radius_mm + float(grid.spacing_ijk_mm.min())
    whole, _ = label(spread & mask)
    kept: BoolArray = whole == whole[nearest]
    return kept


def opening(mask: BoolArray, grid: Grid, radius_mm: float) -> BoolArray:
    """Return a mask without what is thinner than twice a radius."""
    core = _deeper_than(mask, grid, radius_mm)
    spread = distance_mm(core, grid, radius_mm) <= radius_mm + float(grid.spacing_ijk_mm.min())
    result: BoolArray = mask & spread
    return result


def _deeper_than(mask: BoolArray, grid: Grid, radius_mm: float) -> BoolArray:
    """Voxels whose centres lie deeper below a mask's surface than a radius; beyond the array there is none of it."""
    away = distance_mm(~np.pad(mask, 1), grid, radius_mm)[1:-1, 1:-1, 1:-1]
    deep: BoolArray = away - float(grid.spacing_ijk_mm.min()) / 2 > radius_mm  # the surface is between two centres
    return deep
