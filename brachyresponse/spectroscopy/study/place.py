"""Whether a voxel lies where its spectrum can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest, Voxel
from brachyresponse.spectroscopy.study.settings import SpectroscopySettings
from brachyresponse.spectroscopy.voxels import distance_to_voxel_mm, shares_on_grid
from brachyresponse.types import FloatArray

INSIDE = 0.98
"""A voxel of which less lies in the anatomical image is said to stick out of it."""
PARTS = 8
ROUNDING = 0.005
"""A share below it is written as 0 %."""


@dataclass(frozen=True)
class Surroundings:
    """What is in and about a voxel; None where it was not asked for.

    Parameters
    ----------
    reasons
        Why the voxel counts for no lesion.
    """

    ventricle_share: float | None
    bone_share: float | None
    seed_distance_mm: float | None
    reasons: tuple[str, ...]


def surroundings_of(request: SpectroscopyRequest, voxels: Iterable[Voxel]) -> dict[Voxel, Surroundings]:
    """Return what is in and about each voxel, and why it therefore does not count."""
    grid = request.grid
    if grid is None:
        return dict.fromkeys(voxels, Surroundings(None, None, None, ()))
    ventricles = None if request.ventricle is None else shares_on_grid(grid, request.ventricle)
    bones = None if request.bone is None else shares_on_grid(grid, request.bone)
    found = {}
    for voxel in voxels:
        ventricle, bone = _at(ventricles, voxel), _at(bones, voxel)
        distance = _nearest(grid, voxel, request.seed_positions_mm)
        reasons = tuple(_reasons(request.settings, ventricle, bone, distance))
        found[voxel] = Surroundings(ventricle, bone, distance, reasons)
    return found


def _reasons(
    settings: SpectroscopySettings, ventricle: float | None, bone: float | None, seed_mm: float | None
) -> Iterator[str]:
    if seed_mm is not None and seed_mm <= settings.seed_margin_mm:
        where = "in the voxel" if seed_mm == 0 else f"{seed_mm:.1f} mm from the voxel"
        yield f"A seed lies {where}: its metal disturbs the field within {settings.seed_margin_mm:g} mm."
    if ventricle is not None and ventricle > settings.largest_ventricle_share:
        yield f"{ventricle:.0%} of the voxel is ventricle, more than {settings.largest_ventricle_share:.0%}."
    if bone is not None and bone > settings.largest_bone_share + ROUNDING:
        yield f"{bone:.0%} of the voxel is bone or scalp, whose fat covers lipids and lactate."


def check_anatomy(request: SpectroscopyRequest) -> tuple[str, ...]:
    """Refuse spectra that lie beside the anatomical image, and return what is to be said of those that stick out.

    Raises
    ------
    SpectroscopyError
        No voxel lies in it.
    """
    grid, anatomy = request.grid, request.anatomy
    if grid is None or anatomy is None:
        return ()
    k, j, i = np.indices(grid.shape_kji).reshape(3, -1)
    inside = np.array([_share_inside(grid, voxel, anatomy) for voxel in zip(i, j, k, strict=True)])
    if not inside.any():
        apart = float(np.linalg.norm(grid.centre_mm - anatomy.centre_mm))
        raise SpectroscopyError(
            f"The voxels of {request.spectra.name!r} lie outside the anatomical image (its centre is {apart:.0f} mm "
            "from theirs): choose the image of the same examination, or bring the two together."
        )
    outside = int(np.count_nonzero(inside < INSIDE))
    if not outside:
        return ()
    if len(inside) == 1:
        return (f"The voxel sticks out of the anatomical image: {1 - inside[0]:.0%} of it lies outside.",)
    return (f"{outside} of {len(inside)} voxels stick out of the anatomical image.",)


def _at(shares: FloatArray | None, voxel: Voxel) -> float | None:
    return None if shares is None else float(shares[voxel[::-1]])


def _nearest(grid: Grid, voxel: Voxel, seeds_mm: FloatArray | None) -> float | None:
    if seeds_mm is None or not len(seeds_mm):
        return None
    return float(distance_to_voxel_mm(grid, voxel, seeds_mm).min())


def _share_inside(grid: Grid, voxel: Voxel, anatomy: Grid) -> float:
    along = (np.arange(PARTS) + 0.5) / PARTS - 0.5
    offsets = np.stack(np.meshgrid(along, along, along, indexing="ij"), axis=-1).reshape(-1, 3)
    return float(anatomy.contains(grid.to_ras(np.array(voxel) + offsets)).mean())
