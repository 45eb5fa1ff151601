from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import SeedsError
from brachyresponse.seeds import SeedHistory, Seeds

POSITIONS = [[0.0, 0.0, 0.0], [0.0, 0.0, 10.0]]
AXES = [[0.0, 0.0, 2.0], [1.0, 0.0, 0.0]]


def two_seeds() -> Seeds:
    return Seeds(POSITIONS, AXES, 0.5, needle=[1, 2])


def test_one_number_is_spread_over_all_seeds_and_axes_get_unit_length() -> None:
    seeds = two_seeds()
    np.testing.assert_array_equal(seeds.air_kerma_strength_u, [0.5, 0.5])
    np.testing.assert_array_equal(seeds.axis_known, [True, True])
    np.testing.assert_allclose(np.linalg.norm(seeds.directions, axis=1), 1, rtol=1e-12)


def test_seeds_are_values() -> None:
    seeds = two_seeds()
    assert seeds == two_seeds()
    assert seeds.moved(0, [1, 1, 1]) != seeds
    assert seeds.moved(0, [1, 1, 1]).moved(0, [0, 0, 0]) == seeds
    with pytest.raises(ValueError, match="read-only"):
        seeds.positions_mm[0, 0] = 1


def test_a_seed_taken_out_and_joined_again_is_the_same_seed() -> None:
    seeds = two_seeds()
    assert seeds.without(1).joined(seeds.select(1)) == seeds
    assert Seeds.none().joined(seeds) == seeds
    assert not seeds.without_axes().axis_known.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((POSITIONS, AXES[:1], 0.5), "2 seed positions but 1 directions"),
        ((POSITIONS, AXES, [0.5, 0.5, 0.5]), "2 seed positions but 3 air-kerma strengths"),
        ((POSITIONS, AXES, [0.5, 0.0]), "Seed 2 has an air-kerma strength of 0 U"),
        ((POSITIONS, AXES, -1), "Seed 1 has an air-kerma strength of -1 U"),
        ((POSITIONS, AXES, np.nan), "strength of nan U"),
        (([[np.nan, 0, 0], [0, 0, 0]], AXES, 0.5), "Seed 1: its positions .* NaN"),
        ((POSITIONS, [[0, 0, 1], [0, 0, 0]], 0.5), "Seed 2 has a direction without length"),
        (([1, 2, 3], AXES, 0.5), r"shape \(3,\), expected \(N, 3\)"),
    ],
)
def test_seeds_that_make_no_sense_are_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(SeedsError, match=message):
        Seeds(*arguments)


def test_a_seed_that_is_not_there_cannot_be_moved() -> None:
    with pytest.raises(SeedsError, match="no seed 3: the implant has 2 seeds"):
        two_seeds().moved(2, [0, 0, 0])


def test_undo_and_redo_walk_the_history() -> None:
    first, second = two_seeds(), two_seeds().moved(0, [1, 0, 0])
    history = SeedHistory(first)
    history.record(second)
    history.record(second)
    assert history.undo() == first
    assert not history.can_undo
    assert history.redo() == second
    assert not history.can_redo


def test_a_new_state_forgets_what_was_undone_and_old_states_fall_off() -> None:
    history = SeedHistory(two_seeds(), depth=3)
    states = [two_seeds().moved(0, [i, 0, 0]) for i in range(1, 6)]
    for state in states:
        history.record(state)
    assert [history.undo(), history.undo(), history.undo()] == [states[3], states[2], states[2]]
    history.record(states[0])
    assert not history.can_redo
