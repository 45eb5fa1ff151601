"""The motion of the head in each frame of a series, by least squares that contrast agent does not pull."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, sample
from brachyresponse.perfusion.motion.frames import CoarseFrames
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, FloatArray

WIDTHS_MM = (5.0, 2.0)
"""Of the Gaussians over the frames: from afar, then near."""
DEGREE = 3
"""Of the polynomial that maps the reference's signal to a frame's: grey and white matter change by other shares."""
OUTLIER_SPREADS = 2.0
"""Beyond so many spreads a voxel's difference counts less and less: vessels, enhancing tissue."""
ROUNDS = 12
SETTLED_MM = 1e-3
HEAD_RADIUS_MM = 80.0


def frame_motions(coarse: CoarseFrames, report: Report) -> list[FloatArray]:
    """Return how the head moved from the reference frame to each frame, (4, 4) RAS each.

    A frame is the reference moved, its signal mapped by a polynomial: the passage of contrast agent changes tissues by
    their own shares, most of which their signal before tells. What enhances otherwise is an outlier and loses its
    weight. Each frame starts from the motion of the one before.
    """
    count, reference = len(coarse.frames), coarse.reference_frame
    signals = [_signals(coarse, width_mm) for width_mm in WIDTHS_MM]
    motions = [np.eye(4)] * count
    order = [*range(reference + 1, count), *range(reference - 1, -1, -1)]
    for done, number in enumerate(order):
        report(done / count, f"Motion of frame {number + 1} of {count}")
        motion = motions[number - 1 if number > reference else number + 1]
        for width_mm, signal in zip(WIDTHS_MM, signals, strict=True):
            motion = fitted_motion(coarse.smooth(number, width_mm), coarse.grid, coarse.points_mm, signal, motion)
        motions[number] = motion
    return motions


def fitted_motion(
    frame: AnyArray, grid: Grid, points_mm: FloatArray, signals: FloatArray, motion: FloatArray
) -> FloatArray:
    """Return the motion (4, 4) under which a frame is best a sum of signals, by Gauss and Newton's method.

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
    for _ in range(ROUNDS):
        moved, middle = _moved(points_mm, motion), _moved(centre, motion)
        inside = grid.contains(moved)
        values = sample(frame, grid, moved)
        slope = np.stack([sample(gradient[..., axis], grid, moved) for axis in range(3)], axis=-1)
        columns = np.concatenate([slope, np.cross(moved - middle, slope), -signals], axis=1)
        step = _robust_step(columns, values, inside)
        motion = _step_matrix(step, middle) @ motion
        if np.linalg.norm(step[:3]) + HEAD_RADIUS_MM * np.linalg.norm(step[3:]) < SETTLED_MM:
            break
    return motion


def _signals(coarse: CoarseFrames, width_mm: float) -> FloatArray:
    """Powers of the reference's signal at the points, (N, 4)."""
    values = sample(coarse.smooth(coarse.reference_frame, width_mm), coarse.grid, coarse.points_mm)
    powers: FloatArray = (values / values.max())[:, None] ** np.arange(DEGREE + 1) * values.max()
    return powers


def _robust_step(columns: FloatArray, values: FloatArray, inside: AnyArray) -> FloatArray:
    """The six steps (shift in mm, turn in rad) of weighted least squares, weights from a first solution (Cauchy's)."""
    weight = inside.astype(float)
    solution = np.zeros(columns.shape[1])
    for _ in range(2):
        weighted = columns * weight[:, None]
        solution = np.linalg.lstsq(weighted.T @ columns, -weighted.T @ values, rcond=None)[0]
        left = values + columns @ solution
        spread = 1.4826 * float(np.median(np.abs(left[inside]))) if inside.any() else 0.0
        weight = inside / (1 + (left / max(OUTLIER_SPREADS * spread, 1e-9)) ** 2)
    steps: FloatArray = solution[:6]
    return steps


def _step_matrix(step: FloatArray, middle_mm: FloatArray) -> FloatArray:
    """A turn about a point, then a shift, (4, 4)."""
    from scipy.spatial.transform import Rotation

    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_rotvec(step[3:]).as_matrix()
    matrix[:3, 3] = middle_mm - matrix[:3, :3] @ middle_mm + step[:3]
    return matrix


def _moved(points_mm: FloatArray, matrix: FloatArray) -> FloatArray:
    moved: FloatArray = points_mm @ matrix[:3, :3].T + matrix[:3, 3]
    return moved
