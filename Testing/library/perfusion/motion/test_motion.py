"""Motion of the head during a series: found although contrast agent passes, and taken out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from brachyresponse.digital_patient.perfusion import perfusion_visit
from brachyresponse.errors import Cancelled, RegistrationError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.motion import MotionCorrection, correct_motion
from brachyresponse.perfusion.motion.frames import CoarseFrames
from brachyresponse.perfusion.series import DynamicSeries
from painted_head import CONTRASTS, painted, turned

GRID = Grid.covering([-84, -104, -60], [84, 104, 70], 4.0)
SHIFTS_MM = [(0, 0, 0), (0, 0, 0), (0, 0, 0), (0.6, -0.4, 0.3), (0.8, -0.2, 0.9), (-1.5, 2.0, 2.5), (-1.2, 1.8, 2.2)]
TURNS_DEG = [(0, 0, 0), (0, 0, 0), (0, 0, 0), (0.5, 0, 0.3), (0.2, 0.6, -0.8), (2.0, -1.0, 1.5), (1.8, -0.8, 1.2)]
LOSS = {"vessel": 1.8, "grey matter": 0.6, "white matter": 0.25, "enhancing tumour": 0.8, "brainstem": 0.35}
"""Change of R2* times TE at the height of the bolus."""
PASSAGE = [0, 0, 0, 0.2, 1.0, 0.5, 0.2]


def a_series(*, moves: bool, passage: list[float] = PASSAGE) -> DynamicSeries:
    frames = []
    for number, bolus in enumerate(passage):
        signals = {
            tissue: level * np.exp(-bolus * LOSS.get(tissue, 0)) for tissue, level in CONTRASTS["t2star"].items()
        }
        motion = turned(TURNS_DEG[number], SHIFTS_MM[number]) if moves else np.eye(4)
        frames.append(painted(GRID, motion=motion, signals=signals, noise=8.0, random_seed=number).values)
    return DynamicSeries("DSC", frames, GRID, np.arange(len(frames)) * 1.5)


@pytest.fixture(scope="module")
def moving() -> DynamicSeries:
    return a_series(moves=True)


@pytest.fixture(scope="module")
def still() -> DynamicSeries:
    return a_series(moves=False)


@pytest.fixture(scope="module")
def corrected(moving: DynamicSeries) -> MotionCorrection:
    return correct_motion(moving)


def test_every_frames_motion_is_found_during_the_passage_of_the_bolus(
    moving: DynamicSeries, corrected: MotionCorrection
) -> None:
    centre = CoarseFrames.of(moving).centre_mm
    motions = [turned(turn, shift) for turn, shift in zip(TURNS_DEG, SHIFTS_MM, strict=True)]
    shifts = [motion[:3, :3] @ centre + motion[:3, 3] - centre for motion in motions]
    turns = [Rotation.from_matrix(motion[:3, :3]).as_rotvec(degrees=True) for motion in motions]
    np.testing.assert_allclose(corrected.translations_mm, shifts, atol=0.25)  # a sixteenth of a voxel
    np.testing.assert_allclose(corrected.rotations_deg, turns, atol=0.6)  # 0.8 mm at the skull, a fifth of a voxel


def test_frames_lie_where_the_reference_does_afterwards(
    moving: DynamicSeries, still: DynamicSeries, corrected: MotionCorrection
) -> None:
    inner = (slice(6, -6),) * 3
    for number in (5, 6):
        before = np.abs(moving.frames[number][inner] - still.frames[number][inner]).mean()
        after = np.abs(corrected.series.frames[number][inner] - still.frames[number][inner]).mean()
        assert after < 0.6 * before  # what is left is noise, and what voxels of 4 mm cannot show


def test_the_passage_is_not_taken_for_motion(still: DynamicSeries) -> None:
    found = correct_motion(still)
    assert np.abs(found.translations_mm).max() < 0.15  # a twentieth of a voxel
    assert np.abs(found.rotations_deg).max() < 0.35
    assert found.warnings == ()


def test_a_head_that_jumped_far_is_found(still: DynamicSeries) -> None:
    far = painted(GRID, motion=turned((6, 0, 4), (8, -5, 3)), contrast="t2star", noise=8.0, random_seed=9)
    found = correct_motion(DynamicSeries("DSC", [*still.frames[:3], far.values], GRID, np.arange(4.0)))
    np.testing.assert_allclose(np.linalg.norm(found.rotations_deg[-1]), np.hypot(6, 4), atol=0.6)  # as above
    assert found.warnings[0].startswith("The head moved by up to 1")


def test_times_and_number_type_are_kept(moving: DynamicSeries) -> None:
    whole = [np.rint(frame).astype(np.int16) for frame in moving.frames[:5]]
    found = correct_motion(DynamicSeries("DSC", whole, GRID, moving.time_s[:5]))
    assert {frame.dtype for frame in found.series.frames} == {np.dtype(np.int16)}
    np.testing.assert_array_equal(found.series.time_s, moving.time_s[:5])
    assert found.series.frames[found.reference_frame] is whole[found.reference_frame]  # no copy of what did not move


def test_a_jump_is_warned_of(corrected: MotionCorrection) -> None:
    assert any("The head jumped by 3." in warning and "frames 5 and 6" in warning for warning in corrected.warnings)


def test_the_progress_is_told_and_may_stop_the_work(still: DynamicSeries) -> None:
    told = []

    def stop_later(fraction: float, message: str) -> None:
        told.append((fraction, message))
        if len(told) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        correct_motion(still, report=stop_later)
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert "Motion: frame" in told[0][1]


@pytest.mark.validation
@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_the_digital_patients_motion_is_found_frame_by_frame(kind: str) -> None:
    scan = perfusion_visit(kind=kind)
    found, series = correct_motion(scan.series), scan.series
    motions = [scan.truth.motion.matrix(number, series.grid.centre_mm) for number in range(series.frame_count)]
    back, centre = np.linalg.inv(motions[found.reference_frame]), CoarseFrames.of(series).centre_mm
    shifts = [(motion @ back)[:3] @ [*centre, 1] - centre for motion in motions]
    off_mm = np.linalg.norm(found.translations_mm - shifts, axis=1)
    assert off_mm.mean() < 0.15
    assert off_mm.max() < 0.5  # at the height of the bolus; voxels of 2.2 to 4 mm


def test_a_series_without_a_head_is_refused() -> None:
    empty = DynamicSeries("Phantom", [np.zeros(GRID.shape_kji)] * 4, GRID, np.arange(4.0))
    with pytest.raises(RegistrationError, match="Series 'Phantom' shows 0 cc of tissue"):
        correct_motion(empty)
