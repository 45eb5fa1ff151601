"""Margins round seeds and balloons: exact for a capsule, and what they leave of an implanted target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.errors import SeedsError, StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions import balloon_margin, proposed_margin_mm, seed_margin

GRID = Grid.covering([-20, -20, -20], [20, 20, 20], 1.0)
OBLIQUE = turned_grid((40, 40, 30), (1.0, 1.0, 1.5), (10, -20, 30), (0, 0, 0))


def capsule_cc(margin_mm: float) -> float:
    radius = margin_mm + 0.4
    return np.pi * radius**2 * (4.5 + 4 / 3 * radius) / 1000


@settings(max_examples=15)
@given(
    margin_mm=st.floats(2.0, 6.0),
    position=st.tuples(*[st.floats(-4, 4)] * 3),
    axis=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.2),
    grid=st.sampled_from([GRID, OBLIQUE]),
)
def test_the_margin_has_the_volume_of_its_capsule_wherever_it_lies(
    margin_mm: float, position: tuple[float, ...], axis: tuple[float, ...], grid: Grid
) -> None:
    near = seed_margin(grid, [position], [np.array(axis) / np.linalg.norm(axis)], margin_mm)
    assert np.count_nonzero(near) * grid.voxel_cc == pytest.approx(capsule_cc(margin_mm), rel=0.1)  # whole voxels


def test_a_known_axis_reaches_along_itself_and_not_across() -> None:
    near = seed_margin(GRID, [(0, 0, 0)], [(0, 0, 1)], 2.0)
    along, across = near[20 + 4, 20, 20], near[20, 20, 20 + 4]
    assert (along, across) == (True, False)


def test_an_unknown_axis_is_taken_in_every_direction() -> None:
    unknown = seed_margin(GRID, [(0, 0, 0)], None, 2.0)
    for axis in np.eye(3):
        assert not np.any(seed_margin(GRID, [(0, 0, 0)], [axis], 2.0) & ~unknown)
    told = seed_margin(GRID, [(0, 0, 0)], [(0, 0, 1)], 2.0, axis_known=[False])
    np.testing.assert_array_equal(told, unknown)


def test_seeds_beyond_the_grid_take_nothing() -> None:
    assert not seed_margin(GRID, [(200, 0, 0)], [(0, 0, 1)], 5.0).any()
    assert not seed_margin(GRID, np.empty((0, 3)), None, 5.0).any()


@pytest.mark.parametrize("spacing_mm", [5.0, 7.5, 10.0])
def test_at_usual_spacing_5_mm_leave_about_a_seventh_of_an_implanted_target(spacing_mm: float) -> None:
    """Tracks 10 mm apart, seeds 5 to 10 mm apart: the project's facts say that 5 mm remove about 85 %."""
    across, along = np.arange(-30, 31, 10.0), np.arange(-30, 31, spacing_mm)
    positions = np.stack(np.meshgrid(across, across, along), axis=-1).reshape(-1, 3)
    grid = Grid.covering([-9.5] * 3, [9.5] * 3, 1.0)
    left = 1 - seed_margin(grid, positions, np.tile([0, 0, 1.0], (len(positions), 1)), 5.0).mean()
    assert 0.08 < left < 0.2


def test_the_margin_round_a_balloon_takes_the_balloon_too() -> None:
    ball = np.linalg.norm(GRID.points_mm(), axis=-1) < 8
    near = balloon_margin(Structure("Balloon", ball, GRID), GRID, 5.0)
    assert np.count_nonzero(near) * GRID.voxel_cc == pytest.approx(4 / 3 * np.pi * 1.3**3, rel=0.06)  # whole voxels
    assert not np.any(ball & ~near)


@pytest.mark.parametrize(
    ("kind", "te_s", "expected"),
    [("dsc", 0.03, 5.0), ("adc", None, 5.0), ("dce", 0.0018, 2.0), ("dce", 0.0025, 5.0), ("dce", None, 5.0)],
)
def test_the_proposed_margin_depends_on_the_sequence(kind: str, te_s: float | None, expected: float) -> None:
    margin_mm, sentence = proposed_margin_mm(kind, te_s)
    assert margin_mm == expected
    assert sentence.endswith("proposed, check on the images.")


def test_an_unknown_sequence_is_refused() -> None:
    with pytest.raises(StructureError, match="No margin is known for sequence 'asl': choose one of dce, dsc, adc"):
        proposed_margin_mm("asl")


def test_as_many_directions_as_seeds_are_needed() -> None:
    with pytest.raises(SeedsError, match="2 seeds but 1 directions: give one a seed"):
        seed_margin(GRID, np.zeros((2, 3)), [(0, 0, 1)], 5.0)


def test_a_negative_margin_is_refused() -> None:
    with pytest.raises(SeedsError, match="The margin is -1 mm: give 0 or more"):
        seed_margin(GRID, [(0, 0, 0)], None, -1.0)
