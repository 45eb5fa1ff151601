"""Needles on a CT taken while they are in place: long, straight and as bright as metal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

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
        The image is not a CT with metal in it (:func:`brachyresponse.seeds.ct_checks.check_ct`).
    """
    check_ct(ct_hu, grid)
    report(0.0, "Looking for needles")
    bright = np.argwhere(ct_hu >= LEVEL_HU)
    lines = find_lines(grid.to_ras(bright[:, ::-1]), float(grid.spacing_ijk_mm.max()), shortest_mm)
    found = sorted(_needles(ct_hu, grid, lines, np.asarray(toward_mm, float)), key=lambda needle: -needle.length_mm)
    report(1.0, f"{len(found)} needles found")
    return tuple(needle for needle in found if needle.length_mm >= shortest_mm)


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
