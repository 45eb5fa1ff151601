"""Planned and implanted seeds, one to one."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from brachyresponse.errors import SeedsError
from brachyresponse.seeds import SeedMatch, align_for_pairing, match_seeds
from ct_truth import CASES, offset, read_planned_and_true
from reference import needs_reference

LIMIT_MM = 10.0
ONE_NEEDLE_MM = np.array([[0.0, 0, 0], [0, 0, 8], [0, 0, 16]])
ALONG_Z = np.tile([0.0, 0.0, 1.0], (3, 1))


def few_points(most: int) -> st.SearchStrategy[NDArray[np.float64]]:
    """Up to ``most`` points in a box of 30 mm: some within the limit of one another, some not."""
    coordinates = st.floats(0, 30, width=32).map(lambda x: round(x, 2))
    return st.integers(0, most).flatmap(lambda count: arrays(np.float64, (count, 3), elements=coordinates))


def pairs_of(match: SeedMatch) -> set[tuple[int, int]]:
    return {(int(planned), int(implanted)) for planned, implanted in match.pairs}


def best_by_trying(planned: NDArray[np.float64], implanted: NDArray[np.float64]) -> tuple[int, float]:
    """Most pairs within the limit and their least total distance, by every way to pair."""
    few, many = sorted((planned, implanted), key=len)
    distance = np.linalg.norm(few[:, None] - many[None], axis=-1)
    best = (0, 0.0)
    for chosen in permutations(range(len(many)), len(few)):
        apart = distance[np.arange(len(few)), list(chosen)] if len(few) else np.empty(0)
        kept = apart[apart <= LIMIT_MM]
        best = min(best, (-len(kept), float(kept.sum())))
    return -best[0], best[1]


def test_seeds_in_another_order_find_their_partners_and_the_rest_is_named() -> None:
    planned = np.array([[0.0, 0, 0], [20, 0, 0], [40, 0, 0], [60, 0, 0]])
    implanted = np.array([[41.0, 0, 0], [0, 2, 0], [100, 0, 0], [20, 0, 3], [130, 0, 0]])
    match = match_seeds(planned, implanted)
    assert match.pairs.tolist() == [[0, 1], [1, 3], [2, 0]]
    assert match.missing.tolist() == [3]
    assert match.extra.tolist() == [2, 4]
    np.testing.assert_allclose(match.displacement_mm, [2, 3, 1], atol=1e-12)  # whole numbers, up to rounding


@given(few_points(5), few_points(5))
def test_as_many_pairs_as_possible_with_the_least_total_distance(
    planned: NDArray[np.float64], implanted: NDArray[np.float64]
) -> None:
    match = match_seeds(planned, implanted, max_distance_mm=LIMIT_MM)
    count, total_mm = best_by_trying(planned, implanted)
    assert match.count == count
    assert match.displacement_mm.sum() == pytest.approx(total_mm, abs=1e-4)  # five times the weight that breaks ties


@given(few_points(8), few_points(8), st.booleans())
def test_no_pair_exceeds_the_limit_and_nobody_is_counted_twice(
    planned: NDArray[np.float64], implanted: NDArray[np.float64], avoid_chains: bool
) -> None:
    match = match_seeds(planned, implanted, max_distance_mm=LIMIT_MM, avoid_chains=avoid_chains)
    assert (match.displacement_mm <= LIMIT_MM).all()
    assert sorted([*match.pairs[:, 0], *match.missing]) == list(range(len(planned)))
    assert sorted([*match.pairs[:, 1], *match.extra]) == list(range(len(implanted)))


@given(few_points(7), few_points(7))
def test_plan_and_implant_swapped_give_the_same_total(
    planned: NDArray[np.float64], implanted: NDArray[np.float64]
) -> None:
    there, back = match_seeds(planned, implanted), match_seeds(implanted, planned)
    assert there.count == back.count
    assert there.displacement_mm.sum() == pytest.approx(back.displacement_mm.sum(), abs=1e-4)  # as above


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_seeds_does_not_change_who_belongs_to_whom(random_seed: int) -> None:
    random = np.random.default_rng(random_seed)
    planned, implanted = random.uniform(0, 40, (12, 3)), random.uniform(0, 40, (14, 3))
    planned_order, implanted_order = random.permutation(12), random.permutation(14)
    shuffled = match_seeds(planned[planned_order], implanted[implanted_order])
    unshuffled = {(int(planned_order[i]), int(implanted_order[j])) for i, j in shuffled.pairs}
    assert unshuffled == pairs_of(match_seeds(planned, implanted))


def test_without_seeds_on_one_side_all_are_missing_or_extra() -> None:
    assert match_seeds(np.empty((0, 3)), ONE_NEEDLE_MM).extra.tolist() == [0, 1, 2]
    assert match_seeds(ONE_NEEDLE_MM, []).missing.tolist() == [0, 1, 2]
    assert match_seeds([], []).pairs.shape == (0, 2)


def test_a_pair_exactly_at_the_limit_is_one() -> None:
    assert match_seeds([[0, 0, 0]], [[0, 0, 10.0]], avoid_chains=True).count == 1
    assert match_seeds([[0, 0, 0]], [[0, 0, 10.001]]).count == 0


def test_heeding_needles_seeds_that_slid_along_one_keep_their_order() -> None:
    planned, slid = np.array([[0.0, 0, 0], [0, 0, 8]]), np.array([[0.0, 0, 8], [1, 0, 16]])
    # In order 8.00 + 8.06 mm; one passing the other 16.03 + 0.00 mm.
    plain = match_seeds(planned, slid, max_distance_mm=20)
    heeded = match_seeds(planned, slid, max_distance_mm=20, needle_directions=ALONG_Z[:2])
    assert pairs_of(plain) == {(0, 1), (1, 0)}
    assert pairs_of(heeded) == {(0, 0), (1, 1)}


def test_heeding_needles_a_seed_stays_with_its_needle() -> None:
    planned = np.array([[0.0, 0, 0], [5.0, 0, 0]])
    implanted = np.array([[2.8, 0, 4.0]])  # 4.9 mm from the first, 4.6 mm from the second
    first_along_z_second_along_y = [[0, 0, 1], [0, 1, 0]]
    assert match_seeds(planned, implanted).pairs.tolist() == [[1, 0]]
    heeded = match_seeds(planned, implanted, needle_directions=first_along_z_second_along_y)
    assert heeded.pairs.tolist() == [[0, 0]]


def test_the_sign_and_length_of_a_needle_direction_do_not_matter() -> None:
    random = np.random.default_rng(4)
    planned, implanted, axes = random.uniform(0, 30, (3, 12, 3))
    plain = match_seeds(planned, implanted, needle_directions=axes)
    turned = match_seeds(planned, implanted, needle_directions=-3 * axes)
    assert pairs_of(plain) == pairs_of(turned)


class TestChains:
    """A seed missing at one end of a row, and one too many at the other."""

    planned = np.array([[x, 0.0, 0.0] for x in (0, 8, 16, 24)])
    implanted = np.array([[x, 0.0, 0.0] for x in (8, 16, 24, 32)])

    def test_as_many_pairs_as_possible_moves_the_whole_row_up(self) -> None:
        assert match_seeds(self.planned, self.implanted).pairs.tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]

    @pytest.mark.parametrize("needle_directions", [None, np.tile([0.0, 1.0, 0.0], (4, 1))])
    def test_avoided_the_missing_and_the_extra_seed_stay_alone(self, needle_directions: object) -> None:
        match = match_seeds(self.planned, self.implanted, avoid_chains=True, needle_directions=needle_directions)
        assert match.pairs.tolist() == [[1, 0], [2, 1], [3, 2]]
        assert (match.missing.tolist(), match.extra.tolist()) == ([0], [3])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0, 0]], [[0, 0, 0]]), r"Planned seeds have shape \(1, 2\), expected \(N, 3\)"),
        (([[0, 0, 0]], [[0, 0, 0], [0, np.nan, 0]]), "Implanted seeds: number 2 is .*nan.*; give finite numbers"),
    ],
)
def test_positions_that_are_none_are_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(SeedsError, match=message):
        match_seeds(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_distance_mm": 0}, "greatest distance of a pair is 0 mm"),
        ({"max_distance_mm": np.nan}, "greatest distance of a pair is nan mm"),
        ({"needle_directions": [[0, 0, 1]]}, "3 planned seeds but 1 needle directions"),
        ({"needle_directions": [[0, 0, 1], [0, 0, 0], [1, 0, 0]]}, "Planned seed 2 has a needle direction without"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict, message: str) -> None:
    with pytest.raises(SeedsError, match=message):
        match_seeds(ONE_NEEDLE_MM, ONE_NEEDLE_MM, **options)


class TestAlignment:
    """Where plan and implant lie apart, they are brought together to be paired."""

    def test_the_displacement_is_that_of_the_seeds_as_given(self) -> None:
        planned = np.random.default_rng(1).uniform(0, 40, (20, 3))
        moved = planned + [30, 0, 0]
        match = match_seeds(planned, moved, alignment=align_for_pairing(planned, moved))
        assert match.pairs.tolist() == [[n, n] for n in range(20)]
        np.testing.assert_allclose(match.displacement_mm, 30, atol=1e-9)  # rounding

    def test_the_same_seeds_give_the_same_motion(self) -> None:
        random = np.random.default_rng(2)
        planned, implanted = random.uniform(0, 40, (2, 15, 3))
        first, second = (align_for_pairing(planned, implanted) for _ in range(2))
        assert np.array_equal(first.moved_for_pairing(planned), second.moved_for_pairing(planned))

    def test_the_turn_is_told(self) -> None:
        planned = np.random.default_rng(5).uniform(0, 40, (20, 3))
        alignment = align_for_pairing(planned, offset(planned, 15, 10, seed=5))
        assert alignment.turn_deg == pytest.approx(10, abs=1e-3)  # every seed has its partner: rounding
        assert alignment.distance_mm == pytest.approx(0, abs=1e-3)

    def test_two_seeds_cannot_be_aligned(self) -> None:
        with pytest.raises(SeedsError, match="2 implanted seeds cannot be aligned: at least 3 are needed"):
            align_for_pairing(ONE_NEEDLE_MM, ONE_NEEDLE_MM[:2])

    def test_seeds_on_one_line_or_in_one_place_still_give_a_rotation(self) -> None:
        for planned, implanted in ((ONE_NEEDLE_MM, ONE_NEEDLE_MM + 3), (np.zeros((3, 3)), np.ones((3, 3)))):
            moved = align_for_pairing(planned, implanted).moved_for_pairing(planned)
            np.testing.assert_allclose(moved, implanted, atol=1e-3)  # converged


def true_share(case: str, random_seed: int, *, apart: bool, lost: float = 0.0, false: float = 0.0) -> float:
    """Share of seeds paired with the planned seed they were meant to be, some lost and some false ones added."""
    truth = read_planned_and_true(case)
    random = np.random.default_rng(random_seed)
    kept = np.flatnonzero(random.random(truth.count) >= lost)
    box = truth.true_mm.min(axis=0), truth.true_mm.max(axis=0)
    found = np.concatenate([truth.true_mm[kept], random.uniform(*box, (round(false * truth.count), 3))])
    if apart:
        found = offset(found, 15, 10, seed=random_seed)
    alignment = align_for_pairing(truth.planned_mm, found) if apart else None
    match = match_seeds(truth.planned_mm, found, alignment=alignment, avoid_chains=lost > 0)
    return float(np.mean([j < len(kept) and kept[j] == i for i, j in match.pairs]) * match.count / len(kept))


@needs_reference("ct_seeds")
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("random_seed", range(3))
def test_an_offset_of_15_mm_and_10_degrees_costs_no_pairing(case: str, random_seed: int) -> None:
    # What is left, up to 7 %, migrated 10 to 18 mm, or lies in a pair of which either seed could be the one planned.
    share = true_share(case, random_seed, apart=True)
    assert share >= 0.93
    assert share >= true_share(case, random_seed, apart=False) - 0.01


@needs_reference("ct_seeds")
@pytest.mark.parametrize("case", CASES)
def test_lost_and_false_seeds_cost_few_pairings(case: str) -> None:
    shares = [true_share(case, random_seed, apart=True, lost=0.05, false=0.05) for random_seed in range(5)]
    assert np.mean(shares) >= 0.92  # without offset, lost and false seeds 0.93 to 1.00
