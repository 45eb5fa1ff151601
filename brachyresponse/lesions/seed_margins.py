"""Margins round seeds and balloons, within which susceptibility spoils a map."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError, StructureError
from brachyresponse.geometry import Grid, Structure, share_on_grid
from brachyresponse.types import BoolArray, FloatArray

SEED_LENGTH_MM = 4.5
SEED_DIAMETER_MM = 0.8


def proposed_margin_mm(kind: str, te_s: float | None = None) -> tuple[float, str]:
    """Return the margin proposed round seeds and balloons for a sequence, mm, and a sentence about it.

    Parameters
    ----------
    kind
        ``dce``, ``dsc`` or ``adc``.
    te_s
        Echo time; for DCE the small margin is proposed only where it is known and short.

    Raises
    ------
    StructureError
        There is no such kind.
    """
    table = _margin_table()
    if kind not in table["margin_mm"]:
        raise StructureError(
            f"No margin is known for sequence {kind!r}: choose one of {', '.join(table['margin_mm'])}."
        )
    short_s, margin = table["short_te_s"], table["margin_mm"][kind]
    te = " with TE unknown" if te_s is None else f" with TE {1000 * te_s:.3g} ms"
    is_short = te_s is not None and te_s < short_s
    margin_mm = float(margin["short_te"] if is_short else margin["any_te"])
    by_te = te if margin["short_te"] != margin["any_te"] else ""
    return margin_mm, f"{margin_mm:g} mm for {kind.upper()}{by_te}: proposed, check on the images."


def seed_margin(
    grid: Grid,
    positions_mm: ArrayLike,
    directions: ArrayLike | None,
    margin_mm: float,
    *,
    axis_known: ArrayLike = True,
) -> BoolArray:
    """Return the voxels whose centres lie within a margin of the capsule of a seed, [k, j, i].

    A capsule is a cylinder of 0.8 mm round a segment of 4.5 mm. Where the axis is not known it may point anywhere, and
    the voxels within the margin of any such capsule are taken.

    Parameters
    ----------
    positions_mm
        (N, 3) RAS.
    directions
        (N, 3) unit vectors; None where no axis is known.
    axis_known
        (N,) bool, or one for all.

    Raises
    ------
    SeedsError
        Positions and directions do not agree in number, or the margin is negative.
    """
    positions = np.asarray(positions_mm, float).reshape(-1, 3)
    _check_margin(margin_mm)
    axes = np.zeros_like(positions) if directions is None else np.asarray(directions, float).reshape(-1, 3)
    if axes.shape != positions.shape:
        raise SeedsError(f"{len(positions)} seeds but {len(axes)} directions: give one a seed.")
    known = np.broadcast_to(np.asarray(axis_known, bool), len(positions)) & (np.linalg.norm(axes, axis=1) > 0.5)
    near = np.zeros(grid.shape_kji, bool)
    for position, axis, is_known in zip(positions, axes, known, strict=True):
        _add_capsule(near, grid, position, axis if is_known else None, margin_mm)
    return near


def balloon_margin(balloon: Structure, grid: Grid, margin_mm: float) -> BoolArray:
    """Return the voxels within a balloon and within a margin of its surface, [k, j, i].

    Raises
    ------
    SeedsError
        The margin is negative.
    """
    from scipy.ndimage import distance_transform_edt

    _check_margin(margin_mm)
    inside = share_on_grid(balloon, grid) >= 0.5
    if not inside.any():
        return inside
    away: FloatArray = distance_transform_edt(~inside, sampling=grid.spacing_ijk_mm[::-1])
    half_voxel_mm = float(grid.spacing_ijk_mm.mean()) / 2  # distances are from centres, the surface lies between them
    near: BoolArray = away <= margin_mm + half_voxel_mm
    return near


def _add_capsule(
    near: BoolArray, grid: Grid, position_mm: FloatArray, axis: FloatArray | None, margin_mm: float
) -> None:
    """Mark the voxels within a margin of one seed."""
    reach_mm = margin_mm + (SEED_LENGTH_MM + SEED_DIAMETER_MM) / 2
    middle, reach = grid.to_ijk(position_mm)[::-1], reach_mm / grid.spacing_ijk_mm[::-1] + 1
    first = np.clip(np.floor(middle - reach), 0, grid.shape_kji).astype(int)
    last = np.clip(np.ceil(middle + reach) + 1, first, grid.shape_kji).astype(int)
    index = np.stack(np.meshgrid(*map(np.arange, first, last), indexing="ij"), axis=-1)
    offset = grid.to_ras(index[..., ::-1]) - position_mm
    if axis is None:
        away_mm = np.linalg.norm(offset, axis=-1) - SEED_LENGTH_MM / 2
    else:
        along = np.clip(offset @ axis, -SEED_LENGTH_MM / 2, SEED_LENGTH_MM / 2)
        away_mm = np.linalg.norm(offset - along[..., None] * axis, axis=-1)
    box = tuple(slice(int(a), int(b)) for a, b in zip(first, last, strict=True))
    near[box] |= away_mm <= margin_mm + SEED_DIAMETER_MM / 2


def _check_margin(margin_mm: float) -> None:
    if not (np.isfinite(margin_mm) and margin_mm >= 0):
        raise SeedsError(f"The margin is {margin_mm:g} mm: give 0 or more.")


@cache
def _margin_table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("data", "seed_margins.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
