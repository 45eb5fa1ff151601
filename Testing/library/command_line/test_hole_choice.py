from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.command_line.hole_choice import HolePattern, choose_holes, renumbered
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import Needle, template_needles
from command_line_run import ball


@pytest.fixture(scope="module")
def target() -> Structure:
    return ball(Grid.covering([-20, -20, -20], [20, 20, 20], 1.0), "PTV", (0, 0, 0), 16)


@pytest.fixture(scope="module")
def needles(target: Structure) -> tuple[Needle, ...]:
    return template_needles(target, direction=(0, 0, 1), pitch_mm=5.0)


def least_distance_mm(needles: tuple[Needle, ...]) -> float:
    tips = np.array([needle.entry_mm[:2] for needle in needles])
    distance = np.linalg.norm(tips[:, None] - tips[None], axis=-1)
    return float(distance[distance > 0].min())


@pytest.mark.parametrize(("pattern", "distance_mm"), [("all", 5.0), ("checkerboard", 50**0.5), ("second", 10.0)])
def test_a_pattern_keeps_its_distance_and_the_middle(
    pattern: str, distance_mm: float, needles: tuple[Needle, ...], target: Structure
) -> None:
    chosen = choose_holes(needles, target, HolePattern(pattern))
    assert least_distance_mm(chosen) == pytest.approx(distance_mm)
    assert min(float(needle.distance_mm(target.centre_mm)) for needle in chosen) < 0.01
    assert [needle.number for needle in chosen] == list(range(1, len(chosen) + 1))


def test_holes_are_left_out_by_name(needles: tuple[Needle, ...], target: Structure) -> None:
    chosen = choose_holes(needles, target, HolePattern.ALL, ["d4", "D5"])
    assert {needle.hole for needle in needles} - {needle.hole for needle in chosen} == {"D4", "D5"}


def test_a_hole_that_is_not_used_cannot_be_left_out(needles: tuple[Needle, ...], target: Structure) -> None:
    with pytest.raises(PlanError, match=r"There is no needle in hole 'Z9' to leave out: used are .*D4"):
        choose_holes(needles, target, HolePattern.ALL, ["Z9"])


def test_not_all_holes_can_be_left_out(needles: tuple[Needle, ...], target: Structure) -> None:
    with pytest.raises(PlanError, match="All holes of the template are left out"):
        choose_holes(needles, target, HolePattern.ALL, [needle.hole for needle in needles])


def test_needles_are_numbered_in_their_order(needles: tuple[Needle, ...]) -> None:
    again = renumbered(needles[3:5])
    assert [(needle.number, needle.hole) for needle in again] == [(1, needles[3].hole), (2, needles[4].hole)]
