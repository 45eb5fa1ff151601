"""Problems without a plan: the sentence names the constraint that makes them so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import PlanError
from brachyresponse.planning import Needle, PlanAnatomy, PlanRoles, parse_limit, seeds_at
from brachyresponse.planning.inverse import (
    FanTracks,
    FlagKind,
    ImplantProblem,
    Locked,
    ParallelTracks,
    SeedPlacement,
    check_problem,
)
from brachyresponse.planning.inverse.feasibility.contradictions import check_contradictions
from brachyresponse.seeds import Seeds
from invented_neck_node import (
    INWARD,
    LARGE_CC,
    NECK_RADIUS_MM,
    STRENGTH_U,
    TO_VESSEL,
    neck_node_anatomy,
    neck_node_problem,
    node_centre_mm,
)

CENTRE = node_centre_mm(LARGE_CC)
ONE_WAY = ParallelTracks(np.array(INWARD), 8.0)
LONG = pytest.mark.validation
"""Every constraint is relaxed in turn."""


@pytest.fixture(scope="module")
def a_node() -> ImplantProblem:
    return neck_node_problem(LARGE_CC, tracks=ONE_WAY)


def limited(problem: ImplantProblem, *limits: str) -> ImplantProblem:
    roles = replace(problem.anatomy.roles, limits=tuple(parse_limit(text) for text in limits))
    return replace(problem, anatomy=PlanAnatomy(problem.anatomy.structures, roles))


def test_a_problem_that_can_be_planned_has_nothing_to_say(a_node: ImplantProblem) -> None:
    assert check_problem(a_node) == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"placement": SeedPlacement(avoid_margin_mm=12.0), "tracks": ParallelTracks(-TO_VESSEL, 8.0)},
         r"No needle reaches Node without crossing Vessel within 12 mm: all \d+ tracks are stopped; "
         "widen the cone of 0 degrees, lessen the margin of 12 mm, or enter from elsewhere"),
        pytest.param({"placement": SeedPlacement(skin_depth_mm=26.0)},
                     r"At most \d+ % of Node can get 120 Gy from seeds of 0.762 U: the skin is too close for this "
                     "activity, with seeds at least 26 mm below the skin", marks=LONG),
        pytest.param({"placement": SeedPlacement(skin_depth_mm=45.0)},
                     r"No needle reaches Node that could hold seeds at least 45 mm below the skin: all \d+ tracks",
                     marks=LONG),
        pytest.param({"placement": SeedPlacement(seed_margin_mm=-14.0)},
                     "No needle reaches Node with seeds at least 14 mm inside it: no track crosses it; let seeds lie "
                     "nearer", marks=LONG),
        pytest.param({"tracks": ParallelTracks(np.array(INWARD), 60.0)},
                     "At most .* tracks are 60 mm apart; take a smaller distance between needle tracks", marks=LONG),
        pytest.param({"placement": SeedPlacement(most_seeds=2)},
                     r"At most \d+ % of Node can get 120 Gy .* no more seeds than 2 are", marks=LONG),
        pytest.param({"strengths_u": (0.05,)}, r"At most \d+ % of Node .* seeds of 0.05 U are too weak", marks=LONG),
        pytest.param({"tracks": FanTracks(np.array([[NECK_RADIUS_MM, 0, 0]]), cone_deg=3.0)},
                     r"At most \d+ % of Node .* the target lies outside the cone of 3 degrees", marks=LONG),
        pytest.param({"tracks": ParallelTracks(np.array([0.0, 0.0, 1.0]), 8.0)},
                     r"No needle reaches Node (within the cone of 0 degrees|through the skin of Skin outline)",
                     marks=LONG),
    ],
)  # fmt: skip
def test_the_constraint_that_leaves_no_plan_is_named(a_node: ImplantProblem, changed: dict, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        check_problem(replace(a_node, **changed))


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (("Node:Dmax<=100Gy",), r"prescription \(D90 of Node of 120 Gy\) and Node:Dmax<=100Gy contradict each other"),
        (("Node:D95>=130Gy", "Node:D50<=125Gy"), "Node:D95>=130Gy and Node:D50<=125Gy contradict"),
        (("Node:V100<=80%",), r"prescription .* and Node:V100<=80% contradict"),
        (("Node:Dmean<=100Gy",), r"prescription .* and Node:Dmean<=100Gy contradict"),
        (("Node:Dmean>=300Gy", "Node:Dmax<=250%"), None),
        (("Node:Dmean>=310Gy", "Node:Dmax<=250%"), "Node:Dmean>=310Gy and Node:Dmax<=250% contradict"),
        (("Skin outline:Dmax<=100Gy",), "Skin outline:Dmax<=100Gy contradicts the prescription .* overlap by 9.8 cc"),
        (("Skin outline:V100<=2%", "Vessel:Dmax<=60%"), None),
    ],
)
def test_limits_that_exclude_each_other_are_both_named(
    a_node: ImplantProblem, limits: tuple[str, ...], says: str | None
) -> None:
    problem = limited(a_node, *limits)
    if says is None:
        check_contradictions(problem)
        return
    with pytest.raises(PlanError, match=says):
        check_contradictions(problem)


def two_locked() -> Locked:
    needle = Needle(1, CENTRE - 30 * np.array(INWARD), CENTRE + 10 * np.array(INWARD))
    return Locked((needle,), seeds_at(needle, [25.0, 30.0], STRENGTH_U))


@pytest.mark.parametrize(
    ("placement", "says"),
    [
        (SeedPlacement(most_seeds=1), "At most 1 seeds are allowed, but 2 are locked"),
        (SeedPlacement(most_needles=1), None),
    ],
)
def test_numbers_below_what_is_locked_are_refused(
    a_node: ImplantProblem, placement: SeedPlacement, says: str | None
) -> None:
    problem = replace(a_node, placement=placement, locked=two_locked())
    if says is None:
        check_contradictions(problem)
        return
    with pytest.raises(PlanError, match=says):
        check_contradictions(problem)


def test_locked_seeds_that_break_rules_stay_and_are_flagged(a_node: ImplantProblem) -> None:
    through = Needle(1, CENTRE - 30 * TO_VESSEL, CENTRE + 30 * TO_VESSEL)
    on_it = seeds_at(through, [30.0, 33.0, 45.0], STRENGTH_U)
    shallow = Seeds(np.array([[NECK_RADIUS_MM - 4.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 1.0]]), np.array([STRENGTH_U]))
    problem = limited(replace(a_node, locked=Locked((through,), on_it.joined(shallow))), "Vessel:D0.1cc<=10%")
    flags = check_problem(problem)
    kinds = {flag.what: flag for flag in flags}
    assert set(kinds) == {
        FlagKind.LOCKED_CROSSES, FlagKind.LOCKED_SHALLOW, FlagKind.LOCKED_OUTSIDE, FlagKind.LOCKED_OVERLAP,
        FlagKind.LOCKED_OVER_LIMIT, FlagKind.LOCKED_NEAR,
    }  # fmt: skip
    assert str(kinds[FlagKind.LOCKED_CROSSES]) == ("Locked needle 1 crosses Vessel, expected 2 mm or more: it is kept.")
    assert kinds[FlagKind.LOCKED_OVERLAP].which == "seeds 1 and 2"
    assert "no plan can keep it" in kinds[FlagKind.LOCKED_OVER_LIMIT].sentence


@LONG
def test_a_part_that_stays_cold_is_said_with_its_reason(a_node: ImplantProblem) -> None:
    anatomy = neck_node_anatomy(LARGE_CC, skin_mm=3.0)
    placement = SeedPlacement(skin_depth_mm=13.5, avoid_margin_mm=2.0)
    flags = check_problem(replace(a_node, anatomy=anatomy, placement=placement))
    assert [flag.what for flag in flags] == [FlagKind.COLD_PART]
    assert "the skin is too close for this activity" in flags[0].sentence


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SeedPlacement(spacing_mm=4.0), "seed spacing is 4 mm, expected 5 to 10 mm"),
        (lambda: SeedPlacement(avoid_margin_mm=-1.0), "avoided is -1 mm, expected 0 to 50 mm"),
        (lambda: SeedPlacement(most_seeds=-2), "largest number of seeds is -2"),
        (lambda: neck_node_problem(strengths_u=()), "No strength of a seed"),
        (lambda: neck_node_problem(prescription_gy=10_000.0), "is 10000 Gy, expected 1 to 1000 Gy"),
        (lambda: neck_node_problem(prescription_gy=0.0), "is 0 Gy, expected"),
        (lambda: neck_node_problem(target_margin_mm=80.0), "margin round the target is 80 mm"),
        (lambda: neck_node_problem(limit_weights={"Vesel:D2cc<=50%": 2.0}), "there is not: there are none"),
        (lambda: Locked(loadable=frozenset({3})), "Seeds may go to needle 3, which is not locked"),
        (lambda: PlanAnatomy({"Node": neck_node_anatomy().structures["Node"]},
                             PlanRoles(gtv="Node", limits=(parse_limit("Nod:D2cc<=50%"),))),
         "no structure 'Nod': did you mean 'Node'"),
        (lambda: ParallelTracks(np.zeros(3)), "not all zero"),
        (lambda: FanTracks(np.empty((0, 3))), "entries of the needles are not positions"),
    ],
)  # fmt: skip
def test_what_no_problem_can_hold_is_refused_at_once(make: object, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        make()  # type: ignore[operator]
