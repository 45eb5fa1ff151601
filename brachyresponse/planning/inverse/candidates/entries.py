"""Where needles enter: at the skin, on a patch of it, or through a burr hole."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure, fill_holes
from brachyresponse.planning.inverse.candidates.lattices import axes_across
from brachyresponse.planning.inverse.candidates.lines import NO_ENTRY, TrackLines
from brachyresponse.planning.inverse.candidates.nearness import Box
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.types import FloatArray

PATCH_DEPTH_MM = 30.0
"""How far the skin of a patch may lie before or behind the plane through its centre."""
MOST_ENTRIES = 400


def skin_patch_entries(body: Structure, centre_mm: ArrayLike, radius_mm: float, spacing_mm: float = 10.0) -> FloatArray:
    """Return entries (N, 3), RAS, on a patch of skin.

    Parameters
    ----------
    body
        Its outer surface is the skin.
    centre_mm
        A point on the skin or near it, RAS (3,).
    radius_mm
        Of the patch, measured across.
    spacing_mm
        Distance between neighbouring entries, measured across.

    Raises
    ------
    PlanError
        No skin lies near the centre, or the patch holds no entry or very many.
    """
    outer = StructureSurface(fill_holes(body))
    centre = np.asarray(centre_mm, float)
    inward = _inward(outer, centre)
    points = centre + _disc(radius_mm, spacing_mm) @ axes_across(inward)
    count = len(points)
    lines = TrackLines(
        points, np.tile(inward, (count, 1)), np.zeros((count, 2), np.int64), np.full(count, NO_ENTRY)
    ).from_depth(np.full(count, -PATCH_DEPTH_MM))
    depth_mm = lines.first_inside_mm(outer.contains, np.zeros(count), np.full(count, 2 * PATCH_DEPTH_MM))
    met = (depth_mm > 0) & np.isfinite(depth_mm)
    if not met.any():
        raise PlanError(f"No skin of {body.name!r} lies near {centre} mm: choose a point on the skin.")
    entries: FloatArray = lines.at(depth_mm[:, None])[met, 0]
    return entries


def burr_hole_entries(hole: Structure, target: Structure, spacing_mm: float = 3.0) -> FloatArray:
    """Return entries (N, 3), RAS, across a burr hole (or any opening) as it is seen from a target.

    They lie on the plane through the hole's centre, at right angles to the way to the target's centre.

    Raises
    ------
    PlanError
        The hole's centre is the target's, or the hole holds very many entries.
    """
    centre = hole.centre_mm
    way = target.centre_mm - centre
    if np.linalg.norm(way) < 1.0:
        raise PlanError(f"The centre of {hole.name!r} is that of {target.name!r}: choose the opening, not the target.")
    lower, upper = hole.bounds_mm()
    disc = _disc(float(np.linalg.norm(upper - lower)) / 2, spacing_mm)
    points = centre + disc @ axes_across(way / np.linalg.norm(way))
    inside = StructureSurface(hole).contains(points)
    entries: FloatArray = points[inside] if inside.any() else centre[None]
    return entries


def skin_entries_mm(lines: TrackLines, body: StructureSurface, box: Box, first_mm: FloatArray) -> FloatArray:
    """Return the depth (N,) at which each line comes through the skin on its way to ``first_mm`` (N,).

    That is the outermost crossing: a straight needle from outside passes all of them. NaN where a line does not come
    from outside the body, or leaves the image inside it.
    """
    start_mm = lines.reach_mm(box)[0]
    depth_mm = lines.first_inside_mm(body.contains, np.minimum(start_mm, first_mm), first_mm)
    points = lines.at(depth_mm[:, None])[:, 0]
    is_cut = [bool(np.isfinite(depth)) and body.is_cut_at(point) for depth, point in zip(depth_mm, points, strict=True)]
    entry_mm: FloatArray = np.where(np.array(is_cut, bool), np.nan, depth_mm)
    return entry_mm


def _inward(outer: StructureSurface, centre_mm: FloatArray) -> FloatArray:
    """Unit vector into the body at a point near its skin: the slope of the distance to the skin."""
    step_mm = float(outer.structure.grid.spacing_ijk_mm.max())
    shifts = step_mm * np.concatenate([np.eye(3), -np.eye(3)])
    distance_mm = outer.distance_mm(centre_mm + shifts)
    slope = distance_mm[3:] - distance_mm[:3]
    if np.linalg.norm(slope) < 1e-6 or abs(float(outer.distance_mm(centre_mm))) > PATCH_DEPTH_MM:
        raise PlanError(f"No skin of {outer.name!r} lies near {centre_mm} mm: choose a point on the skin.")
    inward: FloatArray = slope / np.linalg.norm(slope)
    return inward


def _disc(radius_mm: float, spacing_mm: float) -> FloatArray:
    """Points (N, 2) of a square lattice round its centre point, within a radius."""
    if not (np.isfinite([radius_mm, spacing_mm]).all() and radius_mm >= 0 and spacing_mm > 0):
        raise PlanError(
            f"Entries {spacing_mm:g} mm apart within {radius_mm:g} mm cannot be laid out: give positive distances."
        )
    reach = int(radius_mm / spacing_mm + 1e-9)
    if (2 * reach + 1) ** 2 > MOST_ENTRIES:
        raise PlanError(
            f"Entries {spacing_mm:g} mm apart within {radius_mm:g} mm are more than {MOST_ENTRIES}: "
            "give a smaller patch or a larger distance."
        )
    across = np.arange(-reach, reach + 1) * spacing_mm
    points = np.stack(np.meshgrid(across, across, indexing="ij"), axis=-1).reshape(-1, 2)
    within: FloatArray = points[np.linalg.norm(points, axis=1) <= radius_mm + 1e-9]
    return within
