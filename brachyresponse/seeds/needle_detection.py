"""Needles on a CT taken while they are in place: long, straight and as bright as metal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid, sample
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds.ct_checks import check_ct
from brachyresponse.seeds.needle_lines import Line, find_lines
from brachyresponse.types import AnyArray, FloatArray

LEVEL_HU = 1800.0
"""Brighter than bone (its cortex reaches about 1500 HU); a steel needle is far above it."""
SHORTEST_MM = 25.0
"""Shorter lines are seeds, rows of a few seeds, or clips."""
PROFILE_STEP_MM = 0.5
BESIDE_MM = 0.5
RING_MM, RING_SHARE = 4.0, 0.3
"""Where so large a share of what lies this far round a line is as bright, the line runs inside bone or a plate."""
GAP_SHARE = 0.6
"""Less than this share of a needle's brightness is not the needle: between its tip and a seed, and between seeds."""
SHORTEST_GAP_MM = 1.0
MOST_BRIGHT = 400_000
"""More bright voxels are not needles and seeds in a patient."""


@dataclass(frozen=True, eq=False)
class FoundNeedle:
    """A needle as the CT shows it.

    Parameters
    ----------
    entry_mm, tip_mm
        The outer end, or where the needle leaves the image, and the inner one, RAS (3,).
    straightness_mm
        Root mean square distance of its voxels from the line.
    level_hu
        Its brightness on the axis, the median.
    """

    entry_mm: FloatArray
    tip_mm: FloatArray
    straightness_mm: float
    level_hu: float

    @property
    def length_mm(self) -> float:
        """From end to end."""
        return float(np.linalg.norm(self.tip_mm - self.entry_mm))


def detect_needles(
    ct_hu: AnyArray,
    grid: Grid,
    *,
    toward_mm: ArrayLike,
    shortest_mm: float = SHORTEST_MM,
    report: Report = ignore_progress,
) -> tuple[FoundNeedle, ...]:
    """Find the needles on a CT, longest first.

    Seeds that lie in line with a needle beyond its tip are not part of it where the gap between can be seen, about
    2 mm; a seed that touches the tip may lengthen the needle by a seed. Only straight needles are found.

    Parameters
    ----------
    ct_hu
        [k, j, i], HU; any voxel size and orientation.
    grid
        Where its voxels lie.
    toward_mm
        What the needles point at, the target's centre, RAS (3,): tells the tip from the outer end.
    shortest_mm
        Shorter lines are not needles.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    ImageError
        The image is not a CT, or so much of it is as bright as metal that needles cannot be told from it.
    """
    check_ct(ct_hu, grid)
    report(0.0, "Looking for needles")
    bright = np.argwhere(ct_hu >= LEVEL_HU)
    if len(bright) > MOST_BRIGHT:
        raise ImageError(
            f"{len(bright)} voxels of the CT are brighter than {LEVEL_HU:.0f} HU, expected less than {MOST_BRIGHT}: "
            "is it in HU, and a CT of the patient?"
        )
    lines = find_lines(grid.to_ras(bright[:, ::-1]), float(grid.spacing_ijk_mm.max()), shortest_mm)
    found = sorted(_needles(ct_hu, grid, lines, np.asarray(toward_mm, float)), key=lambda needle: -needle.length_mm)
    report(1.0, f"{len(found)} needles found")
    return tuple(needle for needle in found if needle.length_mm >= shortest_mm)


def without_needles(ct_hu: AnyArray, grid: Grid, needles: tuple[FoundNeedle, ...], radius_mm: float = 2.0) -> AnyArray:
    """Return the CT with what lies within a radius of needles replaced by the tissue beside them.

    So the seeds can be looked for as if the needles were not there; the dark and bright bands beside them stay.
    """
    cleared = ct_hu.copy()
    for needle in needles:
        kji = _voxels_round(grid, needle, 3 * radius_mm)
        points = grid.to_ras(kji[:, ::-1])
        away_mm = _distance_mm(points, needle)
        beside = away_mm > 1.5 * radius_mm
        if beside.any():
            inside = kji[away_mm <= radius_mm]
            cleared[tuple(inside.T)] = np.median(ct_hu[tuple(kji[beside].T)]).astype(ct_hu.dtype)
    return cleared


def _needles(ct_hu: AnyArray, grid: Grid, lines: list[Line], toward_mm: FloatArray) -> Iterator[FoundNeedle]:
    for line in lines:
        inward = line if line.ends_nearer_to(toward_mm) else line.turned()
        depth_mm = np.arange(0.0, inward.length_mm + PROFILE_STEP_MM, PROFILE_STEP_MM)
        if _ring_share(ct_hu, grid, inward, depth_mm) > RING_SHARE:
            continue
        profile = _profile(ct_hu, grid, inward, depth_mm)
        tip_mm = float(depth_mm[_end(profile)])
        tip = inward.start_mm + tip_mm * inward.direction
        yield FoundNeedle(inward.start_mm, tip, line.spread_mm, float(np.median(profile[: _end(profile) + 1])))


def _profile(ct_hu: AnyArray, grid: Grid, line: Line, depth_mm: FloatArray) -> FloatArray:
    """Brightness along a line, the brightest of its axis and of places beside it: a needle bends a little."""
    axis = line.start_mm + depth_mm[:, None] * line.direction
    offsets = np.concatenate([np.zeros((1, 3)), BESIDE_MM * _around(line.direction, 4)])
    profile: FloatArray = sample(ct_hu, grid, axis + offsets[:, None]).max(axis=0)
    return profile


def _ring_share(ct_hu: AnyArray, grid: Grid, line: Line, depth_mm: FloatArray) -> float:
    axis = line.start_mm + depth_mm[:, None] * line.direction
    ring = axis + RING_MM * _around(line.direction, 8)[:, None]
    return float((sample(ct_hu, grid, ring) >= LEVEL_HU).mean())


def _end(profile: FloatArray) -> int:
    """Index of the last sample of the needle: before the first gap after its outer half centimetre."""
    outer = profile[: max(len(profile) // 3, 1)]
    dark = profile < GAP_SHARE * np.median(outer)
    dark[: len(outer)] = False
    width = max(int(SHORTEST_GAP_MM / PROFILE_STEP_MM), 1)
    gap = np.convolve(dark, np.ones(width), "valid") >= width
    return int(np.argmax(gap)) - 1 if gap.any() else len(profile) - 1


def _around(direction: FloatArray, count: int) -> FloatArray:
    """Unit vectors perpendicular to a direction, evenly round it, (count, 3)."""
    helper = np.eye(3)[int(np.argmin(np.abs(direction)))]
    across = np.cross(direction, helper)
    across /= np.linalg.norm(across)
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)[:, None]
    around: FloatArray = np.cos(angle) * across + np.sin(angle) * np.cross(direction, across)
    return around


def _voxels_round(grid: Grid, needle: FoundNeedle, radius_mm: float) -> AnyArray:
    """Indices [k, j, i] of the voxels within a radius of a needle, (N, 3)."""
    corners = np.stack([needle.entry_mm, needle.tip_mm])
    box = Grid.covering(corners.min(axis=0) - radius_mm, corners.max(axis=0) + radius_mm, 10.0).corners_mm()
    ijk = grid.to_ijk(box)
    lower = np.clip(np.floor(ijk.min(axis=0)).astype(int), 0, grid.size_ijk)
    upper = np.clip(np.ceil(ijk.max(axis=0)).astype(int) + 1, 0, grid.size_ijk)
    k, j, i = (np.arange(lower[axis], upper[axis]) for axis in (2, 1, 0))
    kji = np.stack(np.meshgrid(k, j, i, indexing="ij"), axis=-1).reshape(-1, 3)
    near: AnyArray = kji[_distance_mm(grid.to_ras(kji[:, ::-1]), needle) <= radius_mm]
    return near


def _distance_mm(points_mm: FloatArray, needle: FoundNeedle) -> FloatArray:
    along = (needle.tip_mm - needle.entry_mm) / needle.length_mm
    depth = np.clip((points_mm - needle.entry_mm) @ along, 0.0, needle.length_mm)
    distance: FloatArray = np.linalg.norm(points_mm - needle.entry_mm - depth[:, None] * along, axis=1)
    return distance
