"""What a reader does to found seeds: add, delete, split, merge, bring back, move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from brachyresponse.errors import ImageError, SeedsError
from brachyresponse.seeds import DetectedSeeds, FoundSeed, History, Origin, RejectedCandidate, RejectionReason
from brachyresponse.seeds.corrections import (
    accept_seed,
    add_seed,
    bring_back,
    delete_seed,
    merge_seeds,
    move_seed,
    split_seed,
)
from brachyresponse.seeds.doubtful import LOW_CONFIDENCE, doubtful_seeds
from ct_phantom import Case, Recipe, make_case

LONE, LEFT, RIGHT, LOWER, UPPER = range(5)
PLANTED = [
    ((-15, 0, 0), (0.3, 0, 1)),
    ((0, 0, 0), (0.2, 0.1, 1)),  # side by side with the next
    ((1.3, 0, 0.5), (0.1, -0.1, 1)),
    ((14, 0, -3), (0.1, 0, 1)),  # end to end with the next
    ((14.3, 0, 2.3), (0, 0.1, 1)),
]
NEAR_MM, NEAR_DEG = 0.15, 3.0
"""Limits of the finder for slices of 1 mm, and the error of a well-seen axis."""


@pytest.fixture(scope="module")
def case() -> Case:
    return make_case(Recipe(field_mm=(44.0, 24.0, 20.0), views=240), seeds=PLANTED)


def found_at(case: Case, *truth: int) -> DetectedSeeds:
    """A finder's list with some of the planted seeds, exactly."""
    axes = case.axes / np.linalg.norm(case.axes, axis=1, keepdims=True)
    return DetectedSeeds.of([FoundSeed(case.centres_mm[n], axes[n], 0.8, 0.9) for n in truth], warnings=("Look.",))


def assert_found(found: DetectedSeeds, index: int, case: Case, truth: int) -> None:
    axis = case.axes[truth] / np.linalg.norm(case.axes[truth])
    assert np.linalg.norm(found.positions_mm[index] - case.centres_mm[truth]) < NEAR_MM
    assert np.rad2deg(np.arccos(min(1.0, abs(found.directions[index] @ axis)))) < NEAR_DEG


def nearest(found: DetectedSeeds, point_mm: NDArray[np.float64]) -> int:
    return int(np.argmin(np.linalg.norm(found.positions_mm - point_mm, axis=1)))


class TestAdd:
    def test_a_click_beside_a_seed_snaps_to_it_with_its_axis(self, case: Case) -> None:
        found = add_seed(found_at(case, LEFT), case.ct_hu, case.grid, case.centres_mm[LONE] + [1, 1, -1])
        assert_found(found, 1, case, LONE)
        assert found.origins == (Origin.DETECTED, Origin.MANUAL)
        assert found.confidence[1] == 1
        assert found.axis_confidence[1] > 0.9
        assert found.warnings == ("Look.",)

    @pytest.mark.parametrize(("known", "missed"), [(LEFT, RIGHT), (RIGHT, LEFT), (LOWER, UPPER), (UPPER, LOWER)])
    def test_a_click_on_the_missed_one_of_two_that_touch_finds_it(self, case: Case, known: int, missed: int) -> None:
        found = add_seed(found_at(case, known), case.ct_hu, case.grid, case.centres_mm[missed])
        assert_found(found, 1, case, missed)
        np.testing.assert_array_equal(found.positions_mm[0], case.centres_mm[known])

    def test_a_seed_that_is_there_is_not_added_again(self, case: Case) -> None:
        with pytest.raises((SeedsError, ImageError), match="already"):
            add_seed(found_at(case, LONE), case.ct_hu, case.grid, case.centres_mm[LONE] + 0.5)

    def test_without_metal_nothing_is_added(self, case: Case) -> None:
        empty = (case.centres_mm[LONE] + case.centres_mm[LEFT]) / 2
        with pytest.raises(ImageError, match="There is no metal within 4 mm"):
            add_seed(found_at(case), case.ct_hu, case.grid, empty)

    def test_a_point_outside_the_image_is_refused(self, case: Case) -> None:
        with pytest.raises(ImageError, match="outside the CT"):
            add_seed(found_at(case), case.ct_hu, case.grid, [500, 0, 0])


class TestAccept:
    def test_an_accepted_seed_stays_where_it_was_found_and_is_certain(self, case: Case) -> None:
        found = found_at(case, LONE, LEFT)
        accepted = accept_seed(found, 1)
        assert accepted.origins == (Origin.DETECTED, Origin.CONFIRMED)
        assert accepted.confidence.tolist() == [0.8, 1.0]
        for name in ("positions_mm", "directions", "axis_confidence"):
            np.testing.assert_array_equal(getattr(accepted, name), getattr(found, name))

    def test_a_manual_seed_stays_a_manual_one(self, case: Case) -> None:
        moved = move_seed(found_at(case, LONE), 0, [0, 0, 0])
        assert accept_seed(moved, 0).origins == (Origin.MANUAL,)

    def test_the_doubtful_ones_are_those_nobody_has_looked_at_the_least_certain_first(self) -> None:
        confidence = np.array([LOW_CONFIDENCE, 0.6, 0.2, 0.4, 0.1])
        origins = (*[Origin.DETECTED] * 4, Origin.MANUAL)
        assert doubtful_seeds(confidence, origins) == [2, 3, 1]
        assert doubtful_seeds(confidence, (*origins[:2], Origin.CONFIRMED, *origins[3:])) == [3, 1]


class TestDelete:
    def test_a_deleted_seed_can_be_brought_back_where_it_was(self, case: Case) -> None:
        found = found_at(case, LONE, LEFT, LOWER)
        deleted = delete_seed(found, 1)
        assert deleted.positions_mm.tolist() == found.positions_mm[[0, 2]].tolist()
        candidate = deleted.rejected[-1]
        assert (candidate.reason, candidate.sentence) == (RejectionReason.DELETED, "Deleted by the reader.")
        restored = bring_back(deleted, len(deleted.rejected) - 1)
        assert restored.rejected == ()
        np.testing.assert_array_equal(restored.positions_mm[-1], found.positions_mm[1])
        np.testing.assert_array_equal(restored.directions[-1], found.directions[1])

    def test_the_candidates_rejected_before_stay_first(self, case: Case) -> None:
        clip = RejectedCandidate([0, 0, 0], [0, 0, 1], 0.1, 0.2, RejectionReason.WRONG_SHAPE)
        found = DetectedSeeds.of([FoundSeed(case.centres_mm[0], np.array([0, 0, 1.0]), 0.8, 0.9)], rejected=(clip,))
        assert delete_seed(found, 0).rejected[0] is clip
        assert delete_seed(found, 0).count == 0


class TestSplit:
    @pytest.mark.parametrize("pair", [(LEFT, RIGHT), pytest.param((LOWER, UPPER), marks=pytest.mark.validation)])
    def test_one_seed_found_between_two_becomes_both(self, case: Case, pair: tuple[int, int]) -> None:
        between = FoundSeed(case.centres_mm[list(pair)].mean(axis=0), np.array([0, 0, 1.0]), 0.4, 0.3)
        found = split_seed(DetectedSeeds.of([between]), case.ct_hu, case.grid, 0)
        assert found.count == 2
        assert found.origins == (Origin.MANUAL, Origin.MANUAL)
        for truth in pair:
            assert_found(found, nearest(found, case.centres_mm[truth]), case, truth)

    def test_the_other_seeds_keep_their_order(self, case: Case) -> None:
        found = split_seed(found_at(case, LONE, LEFT, LOWER), case.ct_hu, case.grid, 1)
        assert found.positions_mm[:2].tolist() == case.centres_mm[[LONE, LOWER]].tolist()
        assert found.origins == (Origin.DETECTED, Origin.DETECTED, Origin.MANUAL, Origin.MANUAL)

    def test_a_lone_seed_is_not_two(self, case: Case) -> None:
        with pytest.raises(ImageError, match="holds one seed only: two explain the image no better"):
            split_seed(found_at(case, LONE), case.ct_hu, case.grid, 0)

    def test_one_of_two_that_are_both_found_is_not_two(self, case: Case) -> None:
        with pytest.raises(ImageError, match="holds one seed only"):
            split_seed(found_at(case, LOWER, UPPER), case.ct_hu, case.grid, 0)


class TestMerge:
    def test_one_seed_seen_twice_becomes_one(self, case: Case) -> None:
        axis = np.array([0, 0, 1.0])
        twice = [FoundSeed(case.centres_mm[LONE] + shift * axis, axis, 0.5, 0.2) for shift in (-1.5, 1.5)]
        found = merge_seeds(DetectedSeeds.of(twice), case.ct_hu, case.grid, 1, 0)
        assert found.count == 1
        assert found.origins == (Origin.MANUAL,)
        assert_found(found, 0, case, LONE)

    def test_seeds_far_apart_are_not_one(self, case: Case) -> None:
        with pytest.raises(SeedsError, match=r"Seeds 1 and 2 lie \d+\.\d mm apart, but one seed seen twice at most 6"):
            merge_seeds(found_at(case, LONE, LEFT), case.ct_hu, case.grid, 0, 1)

    def test_a_seed_cannot_be_merged_with_itself(self, case: Case) -> None:
        with pytest.raises(SeedsError, match="Seed 1 cannot be merged with itself"):
            merge_seeds(found_at(case, LONE), case.ct_hu, case.grid, 0, 0)


class TestBringBack:
    def test_a_rejected_candidate_becomes_a_manual_seed_with_its_axis(self, case: Case) -> None:
        first, second = (
            RejectedCandidate([x, 0, 0], [0, 0, 1], 0.2, 0.7, RejectionReason.WRONG_SHAPE) for x in (1.0, 2.0)
        )
        found = bring_back(DetectedSeeds.of([], rejected=(first, second)), 0)
        assert found.rejected == (second,)
        assert found.origins == (Origin.MANUAL,)
        assert (found.positions_mm[0].tolist(), found.confidence[0], found.axis_confidence[0]) == ([1, 0, 0], 1, 0.7)

    def test_a_candidate_that_is_not_there_cannot_come_back(self, case: Case) -> None:
        with pytest.raises(SeedsError, match="no rejected candidate 1: there are 0 of them"):
            bring_back(found_at(case, LONE), 0)


class TestMove:
    def test_a_short_move_keeps_the_axis_and_a_long_one_makes_it_unknown(self, case: Case) -> None:
        found = found_at(case, LONE, LEFT)
        short = move_seed(found, 0, found.positions_mm[0] + [0, 0, 1])
        long = move_seed(found, 0, found.positions_mm[0] + [0, 0, 3])
        assert short.axis_confidence[0] == 0.9
        assert long.axis_confidence[0] == 0
        assert long.to_seeds(0.5).axis_known.tolist() == [False, True]
        assert long.origins == (Origin.MANUAL, Origin.DETECTED)
        np.testing.assert_array_equal(long.positions_mm[1], found.positions_mm[1])

    @pytest.mark.parametrize("position", [[0, 0], [np.nan, 0, 0]])
    def test_a_position_that_is_none_is_refused(self, case: Case, position: list[float]) -> None:
        with pytest.raises(SeedsError, match=r"Seed 1 cannot be moved to .*: give three finite numbers"):
            move_seed(found_at(case, LONE), 0, position)


@pytest.mark.parametrize(
    "correct",
    [
        lambda found, case: delete_seed(found, 2),
        lambda found, case: accept_seed(found, 2),
        lambda found, case: move_seed(found, -1, [0, 0, 0]),
        lambda found, case: split_seed(found, case.ct_hu, case.grid, 2),
        lambda found, case: merge_seeds(found, case.ct_hu, case.grid, 0, 2),
    ],
)
def test_a_seed_that_is_not_there_cannot_be_corrected(
    case: Case, correct: Callable[[DetectedSeeds, Case], object]
) -> None:
    with pytest.raises(SeedsError, match=r"There is no seed -?\d: 2 seeds were found"):
        correct(found_at(case, LONE, LEFT), case)


def test_corrections_are_undone_and_done_again(case: Case) -> None:
    found = found_at(case, LONE, LEFT, LOWER)
    history = History(found)
    history.record(delete_seed(history.current, 0))
    history.record(move_seed(history.current, 0, [1, 2, 3]))
    assert history.undo().count == 2
    assert history.undo() is found
    assert history.redo().rejected[0].reason == RejectionReason.DELETED
