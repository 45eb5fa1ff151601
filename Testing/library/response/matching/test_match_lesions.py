"""Lesions of two visits matched: what shares a place first, what is near next, the rest absent or new."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import RegistrationError, ResponseError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.matching import (
    Confidence,
    LesionMatch,
    MatchKind,
    VisitLesions,
    VisitRegistration,
    match_lesions,
)
from lesion_balls import ball
from painted_head import turned

MOTION = turned((10, -5, 20), (12, -7, 30))
"""From the earlier to the later scan."""
HERE = ball((0, 0, 0), 8)


def moved(lesion: Structure, motion: np.ndarray = MOTION) -> Structure:
    """A lesion where the later scan shows it."""
    return Structure(lesion.name, lesion.occupancy, Grid(lesion.grid.shape_kji, motion @ lesion.grid.ijk_to_ras))


def kinds(match: LesionMatch) -> list[tuple[MatchKind, tuple[str, ...], tuple[str, ...]]]:
    return [(decision.kind, decision.before, decision.after) for decision in match.decisions]


def test_a_lesion_that_grew_is_the_same_lesion_through_the_registration() -> None:
    later = {"a": moved(ball((1, 0, 0), 10)), "b": moved(ball((40, 0, 0), 5))}
    match = match_lesions({"T1": HERE, "T2": ball((40, 2, 0), 6)}, later, np.linalg.inv(MOTION))
    assert kinds(match) == [(MatchKind.PAIR, ("T1",), ("a",)), (MatchKind.PAIR, ("T2",), ("b",))]
    assert match.names() == {"a": "T1", "b": "T2"}
    assert {decision.confidence for decision in match.pairs} == {Confidence.CLEAR}
    assert match.pairs[0].reason.startswith("'T1' is 'a' of the later visit: 100 % of 'T1' lies in 'a' (Dice 0.")


def test_segments_on_grids_of_other_spacing_and_direction_share_their_true_volume() -> None:
    turn = turned((30, 20, 10))[:3, :3]
    match = match_lesions(
        {"T1": ball((0, 0, 0), 10, spacing_mm=0.7)}, {"a": ball((6, 0, 0), 10, spacing_mm=1.6, turn=turn)}
    )
    # Two balls of radius r, d apart: (1 - d / 2r)^2 (1 + d / 4r) of each; 0.05 for voxels of 1.6 mm.
    expected = (1 - 6 / 20) ** 2 * (1 + 6 / 40)
    dice = float(match.pairs[0].reason.split("Dice ")[1].split(",")[0])
    assert dice == pytest.approx(expected, abs=0.05)


def test_a_lesion_that_fell_apart_is_put_together_from_its_parts() -> None:
    parts = {"a": ball((-5, 0, 0), 3), "b": ball((5, 0, 0), 2.5)}
    match = match_lesions({"T1": ball((0, 0, 0), 10)}, parts)
    assert kinds(match) == [(MatchKind.SPLIT, ("T1",), ("a", "b"))]
    assert match.split[0].reason.startswith("'T1' fell apart into 'a' and 'b'")
    assert match.names() == {"a": "T1", "b": "T1"}


def test_lesions_that_merged_are_led_by_the_largest() -> None:
    before = {"T1": ball((-6, 0, 0), 3), "T2": ball((6, 0, 0), 5), "T3": ball((40, 0, 0), 4)}
    match = match_lesions(before, {"a": ball((1, 0, 0), 13)})
    assert kinds(match) == [(MatchKind.MERGED, ("T2", "T1"), ("a",)), (MatchKind.ABSENT, ("T3",), ())]
    assert match.names() == {"a": "T2"}


def test_a_part_that_lies_beside_the_lesion_is_put_to_the_reader() -> None:
    match = match_lesions({"T1": ball((0, 0, 0), 10)}, {"a": ball((0, 0, 0), 10), "b": ball((12, 0, 0), 4)})
    assert kinds(match) == [(MatchKind.SPLIT, ("T1",), ("a", "b"))]
    assert match.doubtful == match.split
    assert "'b' lies beside rather than in 'T1': it may be a lesion of its own. Look" in match.split[0].reason
    merged = match_lesions({"T1": ball((0, 0, 0), 10), "T2": ball((12, 0, 0), 4)}, {"a": ball((0, 0, 0), 10)})
    assert "'T2' lies beside rather than in 'a'" in merged.merged[0].reason


def test_a_neighbours_touch_joins_no_two_good_pairs() -> None:
    before = {"T1": ball((0, 0, 0), 8), "T2": ball((17, 0, 0), 8)}
    after = {"a": ball((0, 0, 0), 8), "b": ball((14, 0, 0), 10)}
    match = match_lesions(before, after)
    assert kinds(match) == [(MatchKind.PAIR, ("T1",), ("a",)), (MatchKind.PAIR, ("T2",), ("b",))]


def test_what_shares_nothing_is_paired_with_the_nearest_within_the_limit() -> None:
    before, after = {"T1": ball((0, 0, 0), 4)}, {"a": ball((12, 0, 0), 4)}
    near = match_lesions(before, after)
    assert near.pairs[0].confidence is Confidence.PROBABLE
    assert "the surfaces of 'T1' and 'a' are 4." in near.pairs[0].reason
    further = match_lesions(before, {"a": ball((16, 0, 0), 4)})
    assert further.doubtful == further.pairs
    assert "share nothing and lie more than 5 mm apart" in further.pairs[0].reason
    beyond = match_lesions(before, after, max_distance_mm=3.0)
    assert kinds(beyond) == [(MatchKind.ABSENT, ("T1",), ()), (MatchKind.NEW, (), ("a",))]


def test_what_is_absent_or_new_beside_another_lesion_is_put_to_the_reader() -> None:
    before = {"T1": ball((0, 0, 0), 8), "T2": ball((50, 0, 0), 5)}
    match = match_lesions(before, {"a": ball((0, 0, 0), 8), "b": ball((14, 0, 0), 3), "c": ball((0, 60, 0), 4)})
    found = {decision.after[0]: decision for decision in match.new}
    assert found["b"].is_doubtful
    assert "the nearest there is 'T1', 3." in found["b"].reason
    assert "It may be part of that one" in found["b"].reason
    assert found["c"].confidence is Confidence.CLEAR
    assert match.absent[0].before == ("T2",)
    assert match.absent[0].confidence is Confidence.CLEAR


def test_an_uncertain_registration_is_allowed_for() -> None:
    before, after = {"T1": ball((0, 0, 0), 3)}, {"a": ball((7, 0, 0), 3)}
    uncertain = VisitRegistration(np.eye(4), 5.0, "Said so.", ("Look at the overlay.",))
    match = match_lesions(before, after, uncertain, max_distance_mm=0.0)
    assert kinds(match) == [(MatchKind.PAIR, ("T1",), ("a",))]
    assert match.residual_mm == 5.0
    assert match.warnings == ("Look at the overlay.",)
    unknown = match_lesions(before, before, np.eye(4))
    assert unknown.residual_mm is None
    assert "How uncertain the registration is in mm is not known" in unknown.warnings[0]
    exact = match_lesions(before, after, uncertain, max_distance_mm=0.0, residual_mm=0.5)
    assert exact.pairs == ()


def test_a_lesion_beyond_the_later_scan_is_not_evaluable_rather_than_absent() -> None:
    scan = Grid.covering([-30, -30, -30], [30, 30, 30], 5.0)
    before = VisitLesions({"T1": HERE, "T2": ball((50, 0, 0), 5)}, scan=Grid.covering([-9, -9, -9], [9, 9, 9], 3.0))
    after = VisitLesions({"a": moved(HERE), "b": moved(ball((-20, 0, 0), 4))}, scan=moved_grid(scan))
    match = match_lesions(before, after, np.linalg.inv(MOTION))
    assert [d.before for d in match.of_kind("not evaluable")] == [("T2",)]
    assert "0 % of 'T2' lies in the later scan" in match.of_before("T2").reason
    assert "The earlier scan does not show its place" in match.of_after("b").reason


def moved_grid(grid: Grid) -> Grid:
    return Grid(grid.shape_kji, MOTION @ grid.ijk_to_ras)


def test_a_visit_without_lesions_leaves_all_absent_or_new() -> None:
    assert kinds(match_lesions({"T1": HERE}, {})) == [(MatchKind.ABSENT, ("T1",), ())]
    assert match_lesions({}, {"a": HERE}).names() == {"a": "a"}


def test_a_new_lesion_does_not_take_the_name_of_a_known_one() -> None:
    match = match_lesions(
        {"T1": HERE, "T2": ball((40, 0, 0), 5)}, {"T2": ball((0, 1, 0), 8), "T1": ball((0, 60, 0), 4)}
    )
    assert match.names() == {"T2": "T1", "T1": "N1"}


def test_lesions_in_other_frames_of_reference_are_refused_without_a_registration() -> None:
    before, after = VisitLesions({"T1": HERE}, "1.2.3"), VisitLesions({"a": HERE}, "1.2.4")
    message = "frame of reference of the earlier scan is 1.2.3, that of the later scan is 1.2.4.*register the scans"
    with pytest.raises(ResponseError, match=message):
        match_lesions(before, after)
    assert len(match_lesions(before, after, np.eye(4)).pairs) == 1
    assert "It is not known whether" in match_lesions({"T1": HERE}, after).warnings[0]


def test_a_motion_that_stretches_and_negative_distances_are_refused() -> None:
    with pytest.raises(RegistrationError, match="stretches, shears or mirrors"):
        match_lesions({"T1": HERE}, {"a": HERE}, np.diag([2.0, 1, 1, 1]))
    with pytest.raises(ResponseError, match="largest distance between lesions is -1 mm"):
        match_lesions({"T1": HERE}, {"a": HERE}, max_distance_mm=-1)


places = st.lists(
    st.tuples(*[st.integers(-15, 15)] * 3, st.integers(2, 6)), min_size=0, max_size=4, unique_by=lambda place: place[:3]
)


def lesions(found: list[tuple[int, int, int, int]], letter: str) -> dict[str, Structure]:
    return {f"{letter}{n}": ball((x, y, z), radius, spacing_mm=2.0) for n, (x, y, z, radius) in enumerate(found)}


@settings(max_examples=15)
@given(places, places)
def test_neither_the_order_of_lesions_nor_of_visits_matters(one: list, other: list) -> None:
    before, after = lesions(one, "b"), lesions(other, "a")
    match = match_lesions(before, after, MOTION)
    turned_round = match_lesions(dict(reversed(before.items())), dict(reversed(after.items())), MOTION)
    assert match == turned_round
    assert match.before == tuple(sorted(before))
    assert match.after == tuple(sorted(after))
    backwards = match_lesions(after, before, np.linalg.inv(MOTION))
    assert {(frozenset(d.before), frozenset(d.after)) for d in match.decisions} == {
        (frozenset(d.after), frozenset(d.before)) for d in backwards.decisions
    }


def test_a_small_lesion_inside_a_far_larger_one_lies_in_it_wholly() -> None:
    match = match_lesions({"T1": ball((0, 0, 0), 1, spacing_mm=0.5)}, {"a": ball((0, 0, 0), 25, spacing_mm=2.0)})
    assert "100 % of 'T1' lies in 'a'" in match.pairs[0].reason


def test_a_pairing_as_good_as_the_other_one_is_put_to_the_reader() -> None:
    before = {"T1": ball((0, 0, 0), 5), "T2": ball((9, 0, 0), 5)}
    after = {"a": ball((4.5, 4, 0), 5), "b": ball((4.5, -4, 0), 5)}
    match = match_lesions(before, after)
    assert [decision.confidence for decision in match.decisions] == [Confidence.DOUBTFUL] * 2
    assert "'b' shares nearly as much with 'T1'." in match.pairs[0].reason
    turned_round = match_lesions(dict(reversed(before.items())), dict(reversed(after.items())))
    assert turned_round.decisions == match.decisions
