"""The motion of the head in each frame of a series, by least squares that contrast agent does not pull."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, sample
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.perfusion.motion.frames import CoarseFrames
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, FloatArray

WIDTH_MM = 1.0
"""Of the Gaussian over the frames. More of it mixes tissues that contrast agent changes by other shares."""
FAR_WIDTHS_MM = (5.0, 2.0)
"""From afar, where the head jumped."""
ROUND_ABOUT_MM = 3.0
"""The signal round about tells cortex from white matter of the same signal."""
DEGREE = 3
"""Of the polynomial that maps the reference's signal to a frame's."""
JUMP_SHARE = 1.3
"""A frame that fits worse than the one before by more may have jumped."""
BETTER_SHARE = 0.9
"""What is found from afar is believed where it fits better by so much."""
OUTLIER_SPREADS = 2.0
"""Beyond so many spreads a voxel's difference counts less and less: vessels, enhancing tissue."""
ROUNDS = 12
SETTLED_MM = 1e-3
HEAD_RADIUS_MM = 80.0


def frame_motions(coarse: CoarseFrames, report: Report) -> list[FloatArray]:
    """Return how the head moved from the reference frame to each frame, (4, 4) RAS each.

    A frame is the reference moved, its signal mapped by a polynomial of the signal there and round about: the passage
    of contrast agent changes tissues by their own shares, most of which the signal before tells. What enhances
    otherwise is an outlier and loses its weight. Each frame starts from the motion of the one before.
    """
    count, reference = len(coarse.frames), coarse.reference_frame
    search = _FrameSearch(coarse)
    motions, spreads = [np.eye(4)] * count, np.full(count, np.inf)
    order = [*range(reference + 1, count), *range(reference - 1, -1, -1)]
    for done, number in enumerate(order):
        report(done / count, f"Motion: frame {number + 1} of {count}")
        before = number - 1 if number > reference else number + 1
        motions[number], spreads[number] = search.motion(number, motions[before], spreads[before])
    return motions


class _FrameSearch:
    """The search for the motion of one frame after the other."""

    def __init__(self, coarse: CoarseFrames) -> None:
        self.coarse = coarse
        self.signals = {width_mm: _signals(coarse, width_mm) for width_mm in (*FAR_WIDTHS_MM, WIDTH_MM)}

    def motion(self, number: int, start: FloatArray, usual_spread: float) -> tuple[FloatArray, float]:
        """Return a frame's motion from a start, and the spread of the signal that is left."""
        motion, spread = self._fitted(number, start, (WIDTH_MM,))
        if spread > JUMP_SHARE * usual_spread:
            far, far_spread = self._fitted(number, start, (*FAR_WIDTHS_MM, WIDTH_MM))
            if far_spread < BETTER_SHARE * spread:
                motion, spread = far, far_spread
        return (motion if self._is_better(number, motion, start) else start), spread

    def _is_better(self, number: int, motion: FloatArray, start: FloatArray) -> bool:
        """Whether a frame fits better under a motion than under its start; the first pass of a bolus can mislead."""
        coarse, frame = self.coarse, self.coarse.smooth(number, WIDTH_MM)
        signals = self.signals[WIDTH_MM]
        found, held = (
            spread_under(frame, coarse.grid, moved_points(coarse.points_mm, one), signals) for one in (motion, start)
        )
        return found < held

    def _fitted(self, number: int, motion: FloatArray, widths_mm: tuple[float, ...]) -> tuple[FloatArray, float]:
        coarse, spread = self.coarse, np.inf
        for width_mm in widths_mm:
            frame = coarse.smooth(number, width_mm)
            motion, spread = fitted_motion(frame, coarse.grid, coarse.points_mm, self.signals[width_mm], motion)
        return motion, spread


def fitted_motion(
    frame: AnyArray, grid: Grid, points_mm: FloatArray, signals: FloatArray, motion: FloatArray
) -> tuple[FloatArray, float]:
    """Return the motion (4, 4) under which a frame is best a sum of signals, and the spread of what is left.

    By the method of Gauss and Newton, with Cauchy's weights.

    Parameters
    ----------
    frame
        [k, j, i]
    points_mm
        (N, 3) before the motion.
    signals
        (N, S) at the points, in any mixture.
    motion
        To start from.
    """
    per_voxel = np.moveaxis(np.asarray(np.gradient(frame)), 0, -1)[..., ::-1]  # along i, j, k
    gradient = per_voxel @ grid.ras_to_ijk[:3, :3]
    centre = points_mm.mean(axis=0)
    spread = np.inf
    for _ in range(ROUNDS):
        moved, middle = moved_points(points_mm, motion), moved_points(centre, motion)
        inside = grid.contains(moved)
        values = sample(frame, grid, moved)
        slope = np.stack([sample(gradient[..., axis], grid, moved) for axis in range(3)], axis=-1)
        columns = np.concatenate([slope, np.cross(moved - middle, slope), -signals], axis=1)
        step, spread = _robust_step(columns, values, inside)
        motion = _step_matrix(step, middle) @ motion
        if np.linalg.norm(step[:3]) + HEAD_RADIUS_MM * np.linalg.norm(step[3:]) < SETTLED_MM:
            break
    return motion, spread


def spread_under(frame: AnyArray, grid: Grid, moved_mm: FloatArray, signals: FloatArray) -> float:
    """Return the spread that signals (N, S) leave of a frame [k, j, i] at points (N, 3) that have moved."""
    return _robust_step(-signals, sample(frame, grid, moved_mm), grid.contains(moved_mm))[1]


def _signals(coarse: CoarseFrames, width_mm: float) -> FloatArray:
    """All products, up to the third degree, of the reference's signal at the points and round about, (N, 10)."""
    narrow, wide = (
        sample(coarse.smooth(coarse.reference_frame, width), coarse.grid, coarse.points_mm)
        for width in (width_mm, width_mm + ROUND_ABOUT_MM)
    )
    top = float(narrow.max())
    degrees = [(n, m) for n in range(DEGREE + 1) for m in range(DEGREE + 1 - n)]
    return np.stack([top * (narrow / top) ** n * (wide / top) ** m for n, m in degrees], axis=-1)


def _robust_step(columns: FloatArray, values: FloatArray, inside: AnyArray) -> tuple[FloatArray, float]:
    """The six steps (shift in mm, turn in rad) of weighted least squares, and the spread of what is left."""
    weight, spread = inside.astype(float), np.inf
    solution = np.zeros(columns.shape[1])
    for _ in range(2):
        weighted = columns * weight[:, None]
        solution = np.linalg.lstsq(weighted.T @ columns, -weighted.T @ values, rcond=None)[0]
        left = values + columns @ solution
        spread = 1.4826 * float(np.median(np.abs(left[inside]))) if inside.any() else np.inf
        weight = inside / (1 + (left / max(OUTLIER_SPREADS * spread, 1e-9)) ** 2)
    steps: FloatArray = solution[:6]
    return steps, spread


def _step_matrix(step: FloatArray, middle_mm: FloatArray) -> FloatArray:
    """A turn about a point, then a shift, (4, 4)."""
    from scipy.spatial.transform import Rotation

    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_rotvec(step[3:]).as_matrix()
    matrix[:3, 3] = middle_mm - matrix[:3, :3] @ middle_mm + step[:3]
    return matrix
