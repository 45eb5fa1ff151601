from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import PlanError, SeedsError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import (
    LoadingRule,
    Needle,
    Placement,
    StructureSurface,
    load_needle,
    load_needles,
    template_needles,
)

ROUNDING_MM = 1e-6
EDGE_MM = 1e-4  # a seed may lie at the very edge, which is interpolated
VOXEL_EDGE_MM = 0.02  # the surface between partial voxels is interpolated


def crescent() -> Structure:
    """A ball with a bite taken out, so that needles leave it and come back."""
    grid = Grid.covering([-20, -20, -20], [20, 20, 20], 1.0)
    points = grid.points_mm()
    ball = np.linalg.norm(points, axis=-1) < 17
    return Structure("crescent", ball & (np.linalg.norm(points - [0, 0, 12], axis=-1) > 9), grid)


TARGET = crescent()
NEEDLES = template_needles(TARGET, direction=[0.1, -1, 0.4], pitch_mm=6)
SURFACE = StructureSurface(TARGET)


@settings(max_examples=30, deadline=None)
@given(
    spacing_mm=st.floats(3, 15),
    placement=st.sampled_from(Placement),
    offset_mm=st.floats(-4, 4),
    edge_mm=st.floats(0, 4),
    whole=st.booleans(),
)
def test_every_seed_lies_inside_on_its_needle_at_whole_spacings(
    spacing_mm: float, placement: Placement, offset_mm: float, edge_mm: float, whole: bool
) -> None:
    rule = LoadingRule(placement, offset_mm, edge_mm, whole_seed_inside=whole)
    seeds = load_needles(NEEDLES, TARGET, spacing_mm=spacing_mm, strength_u=0.5, rule=rule)
    a_hair = EDGE_MM * seeds.directions
    assert (SURFACE.contains(seeds.positions_mm - a_hair) | SURFACE.contains(seeds.positions_mm + a_hair)).all()
    for needle in NEEDLES:
        mine = seeds.select(seeds.needle == needle.number)
        depth_mm = needle.depth_of(mine.positions_mm)
        np.testing.assert_allclose(needle.at(depth_mm), mine.positions_mm, atol=ROUNDING_MM)
        np.testing.assert_allclose(mine.directions, np.tile(needle.direction, (mine.count, 1)), atol=ROUNDING_MM)
        steps = np.diff(depth_mm) / spacing_mm
        np.testing.assert_allclose(steps, steps.round(), atol=ROUNDING_MM)
        assert (steps > 0.5).all()
        assert (depth_mm <= needle.length_mm - 2.25 + ROUNDING_MM).all()
        for end_mm in (-2.25, 2.25) if whole else ():
            assert SURFACE.contains(needle.at(depth_mm + end_mm * 0.999)).all()


@pytest.mark.parametrize(
    ("rule", "depths_mm"),
    [
        # The needle runs inside from 35 to 65 mm.
        (LoadingRule(), [35, 45, 55, 65]),
        (LoadingRule(Placement.FROM_TIP), [35, 45, 55, 65]),
        (LoadingRule(Placement.FROM_TIP, edge_mm=4), [41, 51, 61]),
        (LoadingRule(edge_mm=4), [40, 50, 60]),
        (LoadingRule(edge_mm=4, offset_mm=3), [43, 53]),
        (LoadingRule(whole_seed_inside=True), [40, 50, 60]),
        (LoadingRule(Placement.FROM_TIP, whole_seed_inside=True), [42.75, 52.75, 62.75]),
    ],
)
def test_seeds_are_counted_from_the_middle_or_the_tip(
    rule: LoadingRule, depths_mm: list[float], box: Callable, straight_needle: Callable
) -> None:
    target = box("GTV", (-10, -15, -10), (10, 15, 10))
    needle = straight_needle()
    seeds = load_needle(needle, target, spacing_mm=10, strength_u=0.5, rule=rule)
    np.testing.assert_allclose(needle.depth_of(seeds.positions_mm), depths_mm, atol=ROUNDING_MM)


def test_no_seed_reaches_beyond_the_tip_of_a_needle_that_ends_in_the_target(box: Callable) -> None:
    target = box("GTV", (-10, -15, -10), (10, 15, 10))
    needle = Needle(1, np.array([0.0, 50.0, 0.0]), np.array([0.0, 0.0, 0.0]))
    rule = LoadingRule(Placement.FROM_TIP)
    seeds = load_needle(needle, target, spacing_mm=5, strength_u=0.5, rule=rule)
    np.testing.assert_allclose(seeds.positions_mm[:, 1], [12.25, 7.25, 2.25], atol=ROUNDING_MM)


def test_a_needle_beside_the_target_holds_no_seed(ball: Callable, straight_needle: Callable) -> None:
    assert load_needle(straight_needle(x_mm=30), ball(), spacing_mm=5, strength_u=0.5).count == 0
    with pytest.raises(PlanError, match="No seed fits on the 1 needles inside 'GTV'"):
        load_needles([straight_needle(x_mm=30)], ball(), spacing_mm=5, strength_u=0.5)


def test_a_small_target_gets_one_seed_in_its_middle(ball: Callable, straight_needle: Callable) -> None:
    seeds = load_needle(straight_needle(), ball(radius_mm=4), spacing_mm=10, strength_u=0.5)
    np.testing.assert_allclose(seeds.positions_mm, [[0, 0, 0]], atol=VOXEL_EDGE_MM)


@pytest.mark.parametrize("spacing_mm", [0.0, -5.0, np.nan, np.inf])
def test_a_spacing_must_be_positive(spacing_mm: float, ball: Callable, straight_needle: Callable) -> None:
    with pytest.raises(PlanError, match=r"seed spacing is .* give a positive distance"):
        load_needle(straight_needle(), ball(), spacing_mm=spacing_mm, strength_u=0.5)


def test_bad_strengths_numbers_and_rules_are_refused(ball: Callable, straight_needle: Callable) -> None:
    with pytest.raises(SeedsError, match="strength of 0 U"):
        load_needle(straight_needle(), ball(), spacing_mm=5, strength_u=0)
    with pytest.raises(PlanError, match="Two needles have the number 1"):
        load_needles([straight_needle(), straight_needle(x_mm=5)], ball(), spacing_mm=5, strength_u=0.5)
    with pytest.raises(PlanError, match="neither may be negative"):
        LoadingRule(edge_mm=-1)
    with pytest.raises(PlanError, match="finite numbers in mm"):
        LoadingRule(offset_mm=np.nan)
