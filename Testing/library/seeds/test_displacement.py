"""How far implanted seeds lie from where they were planned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from brachyresponse.errors import SeedsError
from brachyresponse.seeds import SeedDisplacements, SeedMatch, Seeds, match_seeds, seed_displacements
from brachyresponse.seeds.displacement import DisplacementSummary, summarise

PLANNED = Seeds([[0, 0, 0], [0, 0, 10], [30, 0, 0]], np.tile([0, 0, 1], (3, 1)), 0.5, needle=[2, 2, 0])
IMPLANTED = Seeds([[31, 0, -2], [3, 4, 2], [0, 0, 7]], np.tile([1, 0, 0], (3, 1)), 0.5)
DOWNWARDS = {2: [0, 0, -5]}


def displaced(**options: object) -> SeedDisplacements:
    match = match_seeds(PLANNED.positions_mm, IMPLANTED.positions_mm)
    return seed_displacements(PLANNED, IMPLANTED, match, **options)


def test_along_a_needle_deeper_is_positive() -> None:
    result = displaced(needle_directions=DOWNWARDS)
    assert result.pairs.tolist() == [[0, 1], [1, 2], [2, 0]]
    np.testing.assert_allclose(result.along_mm, [-2, 3, 2], atol=1e-12)  # whole numbers, up to rounding
    np.testing.assert_allclose(result.lateral_mm, [5, 0, 1], atol=1e-12)
    np.testing.assert_allclose(result.total_mm, np.sqrt([29, 9, 5]), atol=1e-12)


def test_a_seed_on_no_known_needle_has_a_length_along_its_axis_and_no_sign() -> None:
    assert displaced(needle_directions=DOWNWARDS).is_signed.tolist() == [True, True, False]
    without = displaced()
    assert not without.is_signed.any()
    np.testing.assert_allclose(without.along_mm, [2, 3, 2], atol=1e-12)


def test_depth_under_the_skin_is_the_difference_of_both_depths() -> None:
    result = displaced(depths_mm=([20, 30, 15], [18, 25, 28]))
    assert result.deeper_mm.tolist() == [5, -2, 3]
    assert result.summaries()["deeper"].mean_mm == 2
    assert displaced().deeper_mm is None
    assert "deeper" not in displaced().summaries()


def test_summaries_leave_out_the_sign_where_it_is_not_known() -> None:
    summaries = displaced(needle_directions=DOWNWARDS).summaries()
    assert summaries["along"].count == 2
    assert summaries["along"].mean_mm == pytest.approx(0.5)
    assert summaries["along"].largest_mm == pytest.approx(3)
    assert summaries["along_size"].count == 3
    assert summaries["along_size"].mean_mm == pytest.approx(7 / 3)
    assert summaries["total"].median_mm == pytest.approx(3)


def test_a_summary_says_nothing_that_it_cannot_know() -> None:
    assert summarise([]) == DisplacementSummary(0, None, None, None, None)
    assert summarise([-4.0]) == DisplacementSummary(1, -4, None, -4, -4)
    assert summarise([1.0, -5.0]) == DisplacementSummary(2, -2, np.sqrt(18), -2, -5)


def test_no_pairs_are_no_displacements() -> None:
    far = Seeds(IMPLANTED.positions_mm + 500, IMPLANTED.directions, 0.5)
    result = seed_displacements(PLANNED, far, match_seeds(PLANNED.positions_mm, far.positions_mm))
    assert result.count == 0
    assert result.summaries()["total"].mean_mm is None


@given(st.tuples(*[st.floats(-3, 3)] * 3), st.integers(0, 2**32 - 1))
def test_turning_the_patient_changes_no_displacement(turn: tuple[float, ...], random_seed: int) -> None:
    random = np.random.default_rng(random_seed)
    planned, implanted = random.uniform(0, 20, (2, 6, 3))
    axes, needles = random.normal(size=(6, 3)), {1: random.normal(size=3)}
    rotation = Rotation.from_rotvec(turn)
    match = match_seeds(planned, implanted, max_distance_mm=100)

    def measured(move: Rotation) -> SeedDisplacements:
        before = Seeds(move.apply(planned), move.apply(axes), 0.5, needle=[1, 1, 1, 0, 0, 0])
        after = Seeds(move.apply(implanted), move.apply(axes), 0.5)
        return seed_displacements(
            before, after, match, needle_directions={number: move.apply(way) for number, way in needles.items()}
        )

    still, turned = measured(Rotation.identity()), measured(rotation)
    for name in ("total_mm", "along_mm", "lateral_mm"):
        np.testing.assert_allclose(getattr(turned, name), getattr(still, name), atol=1e-6)  # rounding
    np.testing.assert_allclose(np.hypot(still.along_mm, still.lateral_mm), still.total_mm, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"needle_directions": {2: [0, 0, 0]}}, "Needle 2 has the direction .* not all zero"),
        ({"needle_directions": {2: [0, 1]}}, "Needle 2 has the direction"),
        ({"depths_mm": ([1, 2], [1, 2, 3])}, "3 planned seeds but 2 depths under the skin"),
        ({"depths_mm": ([1, 2, 3], [1])}, "3 implanted seeds but 1 depths under the skin"),
    ],
)
def test_directions_and_depths_that_do_not_fit_are_refused(options: dict, message: str) -> None:
    with pytest.raises(SeedsError, match=message):
        displaced(**options)


def test_a_match_of_other_seeds_is_refused() -> None:
    other = SeedMatch(np.array([[0, 0]]), np.array([]), np.array([]), np.array([1.0]), 10.0)
    with pytest.raises(SeedsError, match="The match is of 1 planned and 1 implanted seeds, but there are 3 and 3"):
        seed_displacements(PLANNED, IMPLANTED, other)
