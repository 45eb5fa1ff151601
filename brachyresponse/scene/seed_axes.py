"""Axes that stayed behind when the seeds were moved: recognised by what was last written, and turned along.

Slicer's Harden Transform moves control points but does not turn their orientations. The positions and axes as
written, kept beside the seeds, tell this from seeds that were dragged one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SeedsError
from brachyresponse.geometry.rigid import turn_deg
from brachyresponse.types import AnyArray, FloatArray

SAME_POSITION_MM = 0.01
SAME_AXIS = 1e-5  # table files keep six digits
SMALLEST_TURN_DEG = 0.05
SHARE_MOVED_TOGETHER = 0.6
BEYOND_AFFINE = 3
"""So many seeds more than the directions they span follow a scaling or shear together by no accident."""


@dataclass(frozen=True)
class SeedFrames:
    """Positions in mm and axes of N seeds in a node's own coordinates, both (N, 3)."""

    positions_mm: FloatArray
    axes: FloatArray


def turn_left_behind(written: SeedFrames, found: SeedFrames) -> FloatArray:
    """Return the rotation (3, 3) that the positions underwent since they were written and the axes did not.

    Parameters
    ----------
    written, found
        The same seeds, then and now. Seeds dragged since may be among them, up to 40 %.

    Returns
    -------
    FloatArray
        The identity when the seeds did not move, were dragged, only shifted, or turned with their axes. One seed
        alone tells nothing, and counts as dragged.

    Raises
    ------
    SeedsError
        The seeds were scaled or sheared, or they lie on a line and their axes do not, so that the turn about this
        line is lost. The message is the end of a sentence that begins with the node.
    """
    moved = np.linalg.norm(found.positions_mm - written.positions_mm, axis=1) > SAME_POSITION_MM
    axes_stayed = np.abs(found.axes - written.axes).max(initial=0) < SAME_AXIS
    if len(moved) < 2 or not moved.any() or not axes_stayed:
        return np.eye(3)
    together = _moved_together(written.positions_mm, found.positions_mm)
    if together is None:
        _refuse_affine(written.positions_mm, found.positions_mm)
        return np.eye(3)
    before, after = written.positions_mm[together], found.positions_mm[together]
    turn = _line_turn(before, after, written.axes) if _on_a_line(before) else _best_turn(before, after)
    return turn if turn_deg(turn) > SMALLEST_TURN_DEG else np.eye(3)


def frames_of_axes(axes: AnyArray) -> FloatArray:
    """Return rotation matrices (N, 3, 3) whose third columns are the axes (N, 3), exactly; they turn z to each axis."""
    helper = np.eye(3)[np.abs(axes).argmin(axis=1)]
    x = np.cross(helper, axes)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return np.stack([x, np.cross(axes, x), axes], axis=-1)


def _moved_together(before: AnyArray, after: AnyArray) -> AnyArray | None:
    """Return the indices of most of the points that moved as one rigid body, or None."""
    kept = np.arange(len(before))
    fewest = max(2, int(np.ceil(SHARE_MOVED_TOGETHER * len(before))))
    while len(kept) >= fewest:
        off_mm = _residuals_mm(before[kept], after[kept])
        if off_mm.max() < SAME_POSITION_MM:
            return kept
        kept = np.delete(kept, off_mm.argmax())
    return None


def _residuals_mm(before: AnyArray, after: AnyArray) -> AnyArray:
    turned = (before - before.mean(axis=0)) @ _best_turn(before, after).T
    residuals: AnyArray = np.linalg.norm(after - after.mean(axis=0) - turned, axis=1)
    return residuals


def _best_turn(before: AnyArray, after: AnyArray) -> FloatArray:
    """Least-squares rotation between two point sets (Kabsch 1976, Acta Cryst. A32:922)."""
    u, _, vh = np.linalg.svd((before - before.mean(axis=0)).T @ (after - after.mean(axis=0)))
    no_mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vh))])
    turn: FloatArray = vh.T @ no_mirror @ u.T
    return turn


def _on_a_line(points: AnyArray) -> bool:
    extent = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(extent[1] < SAME_POSITION_MM)


def _line_turn(before: AnyArray, after: AnyArray, axes: AnyArray) -> FloatArray:
    """Smallest rotation from one line to another; it turns what lies along the line, and nothing else, rightly."""
    old, new = (points[-1] - points[0] for points in (before, after))
    old, new = old / np.linalg.norm(old), new / np.linalg.norm(new)
    new = new * np.sign(old @ new or 1.0)  # the sign of an axis has no meaning
    if old @ new > np.cos(np.deg2rad(SMALLEST_TURN_DEG)):
        return np.eye(3)
    if np.abs(np.abs(axes @ old) - 1).max() > 1e-6:
        raise SeedsError(
            "its seeds were moved together but their axes were not, and seeds on one line do not tell how far they "
            "turned; undo the move, or set the axes again"
        )
    half = (old + new) / np.linalg.norm(old + new)
    reflect = [2 * np.outer(unit, unit) - np.eye(3) for unit in (half, old)]
    turn: FloatArray = reflect[0] @ reflect[1]
    return turn


def _refuse_affine(before: AnyArray, after: AnyArray) -> None:
    offsets, moved = before - before.mean(axis=0), after - after.mean(axis=0)
    _, extent, directions = np.linalg.svd(offsets, full_matrices=False)
    spanned = directions[extent > SAME_POSITION_MM]  # seeds on a line or in a plane tell of no other direction
    if len(before) < len(spanned) + BEYOND_AFFINE:
        return
    places = offsets @ spanned.T
    matrix = np.linalg.lstsq(places, moved, rcond=None)[0]
    if np.abs(places @ matrix - moved).max() < SAME_POSITION_MM:
        raise SeedsError(
            "its seeds were scaled or sheared by a hardened transform, which no implant undergoes; undo it, "
            "or use a transform that turns and moves only"
        )
