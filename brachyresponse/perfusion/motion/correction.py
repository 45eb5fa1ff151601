"""Rigid motion of the head from frame to frame, found and taken out on request."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.perfusion.motion.frames import CoarseFrames
from brachyresponse.perfusion.motion.search import frame_motions
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.registration import to_transform
from brachyresponse.types import AnyArray, FloatArray

STILL_MM = 0.02
"""Frames that moved less are kept as they are: interpolation would blur them for nothing."""
LARGE_MM, LARGE_DEG = 4.0, 4.0
JUMP_MM = 2.0


@dataclass(frozen=True, eq=False)
class MotionCorrection:
    """A series without the motion, and the motion.

    Parameters
    ----------
    series
        All frames where the reference frame lies; voxels from beyond the image are 0.
    translations_mm
        (T, 3) to the right, front and top: how far the middle of the head moved from the reference frame.
    rotations_deg
        (T, 3) rotation vector about the same axes.
    reference_frame
        Index of the frame that the others were brought to.
    warnings
        What a person has to look at.
    """

    series: DynamicSeries
    translations_mm: FloatArray
    rotations_deg: FloatArray
    reference_frame: int
    warnings: tuple[str, ...]


def correct_motion(series: DynamicSeries, *, report: Report = ignore_progress) -> MotionCorrection:
    """Find the rigid motion of the head in every frame of a series, and take it out.

    Parameters
    ----------
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    RegistrationError
        The frames show too little of the head.
    """
    coarse = CoarseFrames.of(series)
    motions = frame_motions(coarse, share_of(report, 0.0, 0.8))
    frames = []
    for number, motion in enumerate(motions):
        report(0.8 + 0.2 * number / len(motions), f"{series.name}: moving frame {number + 1} of {len(motions)}")
        is_still = _largest_shift_mm(motion, series.grid) < STILL_MM
        frames.append(series.frames[number] if is_still else _moved_back(series.frames[number], series.grid, motion))
    translations, rotations = _parameters(motions, coarse.centre_mm)
    return MotionCorrection(
        replace(series, frames=frames),
        translations,
        rotations,
        coarse.reference_frame,
        _warnings(translations, rotations),
    )


def _moved_back(frame: AnyArray, grid: Grid, motion: FloatArray) -> AnyArray:
    """A frame where the reference lies, in the frame's own number type, so that a series takes no more memory.

    Interpolated by cubic splines: linear interpolation would blur as much as a motion of a quarter of a voxel.
    """
    import SimpleITK as sitk

    moving = grid.to_image(frame.astype(np.float32))
    moved = sitk.Resample(moving, moving, to_transform(motion, grid.centre_mm), sitk.sitkBSpline, 0.0)
    values: AnyArray = sitk.GetArrayFromImage(moved)
    if np.issubdtype(frame.dtype, np.integer):
        values = np.rint(values)
    return values.astype(frame.dtype)


def _parameters(motions: list[FloatArray], centre_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shifts of the middle of the head in mm, and rotation vectors in degrees, (T, 3) each."""
    from scipy.spatial.transform import Rotation

    shifts = [motion[:3, :3] @ centre_mm + motion[:3, 3] - centre_mm for motion in motions]
    turns = Rotation.from_matrix(np.stack([motion[:3, :3] for motion in motions])).as_rotvec(degrees=True)
    return np.stack(shifts), np.asarray(turns)


def _largest_shift_mm(motion: FloatArray, grid: Grid) -> float:
    corners = grid.corners_mm()
    return float(np.linalg.norm(corners @ (motion[:3, :3] - np.eye(3)).T + motion[:3, 3], axis=1).max())


def _warnings(translations_mm: FloatArray, rotations_deg: FloatArray) -> tuple[str, ...]:
    """What of the motion a person has to look at."""
    shift, turn = np.linalg.norm(translations_mm, axis=1), np.linalg.norm(rotations_deg, axis=1)
    warnings = []
    if shift.max() > LARGE_MM or turn.max() > LARGE_DEG:
        warnings.append(
            f"The head moved by up to {shift.max():.1f} mm and {turn.max():.1f} degrees (frame {shift.argmax() + 1}): "
            "slices may have mixed; look at the frames round it."
        )
    jump = np.linalg.norm(np.diff(translations_mm, axis=0), axis=1)
    if jump.max() > JUMP_MM:
        warnings.append(
            f"The head jumped by {jump.max():.1f} mm between frames {jump.argmax() + 1} and {jump.argmax() + 2}: the "
            "frames there may be spoilt."
        )
    return tuple(warnings)
