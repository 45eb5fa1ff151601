"""Which needles and places of seeds a problem allows, held against loops over shapes that are known in closed form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.planning import ImplantPlan, Needle, Template, seeds_at, template_needles
from brachyresponse.planning.inverse import (
    ImplantProblem,
    Locked,
    ParallelTracks,
    SeedLevels,
    SeedPlacement,
    TemplateTracks,
    candidate_needles,
    candidate_sets,
    search_directions,
)
from invented_neck_node import (
    INWARD,
    LARGE_CC,
    NECK_RADIUS_MM,
    TO_VESSEL,
    VESSEL_MM,
    VESSEL_RADIUS_MM,
    neck_node_anatomy,
    neck_node_problem,
    node_centre_mm,
    node_radii_mm,
)

VOXEL_MM = 0.25  # a surface drawn in voxels of 0.5 to 2 mm lies this near the shape, so distances do
CENTRE, RADII = node_centre_mm(LARGE_CC), node_radii_mm(LARGE_CC)
VESSEL = CENTRE + (RADII[0] + VESSEL_MM + VESSEL_RADIUS_MM) * TO_VESSEL


@pytest.fixture(scope="module")
def a_node() -> ImplantProblem:
    """The larger node, free-hand tracks 5 mm apart from the side, 2 mm from the vessel."""
    return neck_node_problem(LARGE_CC, tracks=ParallelTracks(np.array(INWARD), 5.0, 40.0))


def to_vessel_mm(point: np.ndarray) -> float:
    return float(np.hypot(*(point - VESSEL)[:2])) - VESSEL_RADIUS_MM


def below_skin_mm(point: np.ndarray) -> float:
    return NECK_RADIUS_MM - float(np.hypot(*point[:2]))


@settings(max_examples=5, deadline=None)
@given(
    turn=st.floats(0, 360), tilt=st.floats(0, 60), margin_mm=st.floats(0, 6), depth_mm=st.floats(0, 25),
    levels=st.sampled_from(SeedLevels), offset=st.floats(0, 1),
)  # fmt: skip
def test_no_needle_and_no_seed_comes_nearer_than_the_rules_allow(
    a_node: ImplantProblem,
    turn: float,
    tilt: float,
    margin_mm: float,
    depth_mm: float,
    levels: SeedLevels,
    offset: float,
) -> None:
    placement = SeedPlacement(avoid_margin_mm=margin_mm, skin_depth_mm=depth_mm, levels=levels)
    across = np.array([0.0, np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))])
    direction = np.cos(np.deg2rad(tilt)) * np.array(INWARD) + np.sin(np.deg2rad(tilt)) * across
    found = candidate_needles(replace(a_node, placement=placement), direction, turn_deg=turn, offset=(offset, 0.0))
    for needle in found.needles:
        assert abs(below_skin_mm(needle.entry_mm)) < VOXEL_MM
        for along_mm in np.arange(0.0, needle.length_mm, 0.5):
            assert to_vessel_mm(needle.at(along_mm)) > margin_mm - VOXEL_MM
    for position in found.places.positions_mm:
        assert below_skin_mm(position) > depth_mm - VOXEL_MM
        assert np.linalg.norm((position - CENTRE) / RADII) < 1 + VOXEL_MM / RADII[0]
    on_needle = [found.needles[n] for n in found.places.needle]
    for needle, depth, position in zip(on_needle, found.places.depth_mm, found.places.positions_mm, strict=True):
        np.testing.assert_allclose(needle.at(depth), position, atol=1e-9)  # the same line, computed twice
        assert depth + 4.5 / 2 <= needle.length_mm + 1e-9


def test_a_vessel_behind_the_node_shortens_needles_and_one_before_it_stops_them(a_node: ImplantProblem) -> None:
    free = replace(a_node, placement=SeedPlacement(skin_depth_mm=0.0))
    kept_off = replace(a_node, placement=SeedPlacement(skin_depth_mm=0.0, avoid_margin_mm=6.0))
    towards = {name: candidate_needles(problem, TO_VESSEL) for name, problem in (("free", free), ("off", kept_off))}
    away = candidate_needles(kept_off, -TO_VESSEL)
    assert len(towards["off"].needles) == len(towards["free"].needles)
    assert towards["off"].places.count < towards["free"].places.count
    assert [refused.structure for refused in away.refused] == ["Vessel"]
    assert away.refused[0].count > 5
    assert str(away.refused[0]).startswith(f"{away.refused[0].count} tracks: stopped by Vessel")


def test_seeds_that_are_all_too_shallow_leave_no_track(a_node: ImplantProblem) -> None:
    found = candidate_needles(replace(a_node, placement=SeedPlacement(skin_depth_mm=45.0)))
    assert not found.needles
    assert found.refused[0].reason == "too_shallow"
    assert found.refused[0].count == found.tracks


def test_a_direction_out_of_the_image_has_no_skin_to_come_through(a_node: ImplantProblem) -> None:
    found = candidate_needles(a_node, (0.0, 0.0, 1.0))
    assert not found.needles
    assert {refused.reason for refused in found.refused} == {"outside_body"}


@pytest.mark.parametrize("spacing_mm", [5.0, 7.5])
def test_neighbouring_places_of_a_run_lie_at_the_spacing(a_node: ImplantProblem, spacing_mm: float) -> None:
    places = candidate_needles(replace(a_node, placement=SeedPlacement(spacing_mm=spacing_mm))).places
    steps = np.linalg.norm(np.diff(places.positions_mm, axis=0), axis=1)
    same_run = np.diff(places.run) == 0
    np.testing.assert_allclose(steps[same_run], spacing_mm, atol=1e-9)
    assert len(set(places.run)) == len(set(places.needle))  # a convex target is crossed once


def test_planes_of_seeds_hold_the_target_s_centre(a_node: ImplantProblem) -> None:
    in_planes = replace(a_node, placement=SeedPlacement(levels=SeedLevels.PLANES))
    along_mm = (CENTRE - candidate_needles(in_planes).places.positions_mm) @ np.array(INWARD)
    np.testing.assert_allclose(along_mm / 5 - np.rint(along_mm / 5), 0, atol=0.01)  # the drawn centre is that near


def test_the_margin_for_seeds_adds_places_outside_and_takes_away_those_near_the_edge(a_node: ImplantProblem) -> None:
    counts = [
        candidate_needles(replace(a_node, placement=SeedPlacement(skin_depth_mm=0.0, seed_margin_mm=mm))).places.count
        for mm in (-3.0, 0.0, 3.0)
    ]
    assert counts == sorted(set(counts))


def test_holes_and_entries_are_those_of_the_template(a_node: ImplantProblem) -> None:
    anatomy = neck_node_anatomy(LARGE_CC, skin_mm=30.0)
    target = anatomy.structures["Node"]
    template = Template(np.array([0.0, 0.0, 1.0]), (5.0, 5.0), target.centre_mm)
    problem = replace(a_node, tracks=TemplateTracks(template), anatomy=anatomy)
    by_hand = {needle.hole: needle for needle in template_needles(target, direction=(0, 0, 1), pitch_mm=5.0)}
    found = candidate_needles(problem)
    assert [needle.hole for needle in found.needles] == list(by_hand)
    for needle in found.needles:
        np.testing.assert_allclose(needle.entry_mm, by_hand[needle.hole].entry_mm, atol=0.01)  # both by bisection


def test_directions_of_a_cone_begin_in_its_middle_and_stay_inside() -> None:
    tracks = ParallelTracks(np.array([1.0, 2.0, -2.0]), 10.0, 30.0, directions=20)
    directions = search_directions(tracks)
    np.testing.assert_array_equal(directions, search_directions(tracks))
    angles = np.rad2deg(np.arccos(np.clip(directions @ tracks.direction, -1, 1)))
    assert angles[0] == pytest.approx(0, abs=1e-5)
    assert angles.max() == pytest.approx(30, abs=1e-6)
    apart = np.rad2deg(np.arccos(np.clip(directions @ directions.T - 2 * np.eye(20), -1, 1))).min(axis=1)
    assert apart.min() > 5  # twenty directions over 30 degrees lie about 12 apart


def test_every_set_that_is_tried_has_places(a_node: ImplantProblem) -> None:
    sets = list(candidate_sets(replace(a_node, tracks=ParallelTracks(np.array(INWARD), 10.0, 20.0, directions=1))))
    assert len(sets) == 2 * 4
    assert all(candidates.places.count for candidates in sets)


@pytest.fixture(scope="module")
def a_locked_needle(a_node: ImplantProblem) -> Needle:
    return Needle(7, CENTRE - 30 * np.array(INWARD), CENTRE + 14 * np.array(INWARD))


def test_locked_needles_come_first_and_new_ones_keep_away_from_them(
    a_node: ImplantProblem, a_locked_needle: Needle
) -> None:
    locked = Locked((a_locked_needle,), seeds_at(a_locked_needle, [25.0, 30.0, 35.0], 0.762))
    found = candidate_needles(replace(a_node, locked=locked))
    assert found.needles[0] is a_locked_needle
    assert [needle.number for needle in found.needles[1:]] == list(range(8, 7 + len(found.needles)))
    assert 0 not in found.places.needle
    for position in found.places.positions_mm:
        assert a_locked_needle.distance_mm(position) > 1.3  # the thickness of a needle
    assert any(refused.reason == "overlaps_locked" for refused in found.refused)


def test_a_loadable_needle_gets_places_that_keep_the_spacing_from_its_seeds(
    a_node: ImplantProblem, a_locked_needle: Needle
) -> None:
    locked = Locked((a_locked_needle,), seeds_at(a_locked_needle, [35.0], 0.762), frozenset({7}))
    found = candidate_needles(replace(a_node, locked=locked))
    depths = found.places.depth_mm[found.places.needle == 0]
    assert set(np.round(depths - 35, 6)) == {-15.0, -10.0, -5.0, 5.0}  # inside the node and before the tip at 44 mm
    needles, seeds = found.implant(np.flatnonzero(found.places.needle == 0)[:1], 0.762)
    assert needles == (a_locked_needle,)
    assert list(seeds.needle) == [7, 7]


def test_an_implant_numbers_its_needles_on_and_ends_them_behind_their_seeds(
    a_node: ImplantProblem, a_locked_needle: Needle
) -> None:
    locked = Locked((a_locked_needle,), seeds_at(a_locked_needle, [30.0], 0.5))
    found = candidate_needles(replace(a_node, locked=locked))
    chosen = [int(np.flatnonzero(found.places.needle == n)[0]) for n in (3, 1)]
    needles, seeds = found.implant(chosen, [0.7, 0.6])
    assert [needle.number for needle in needles] == [7, 8, 9]
    assert list(seeds.needle) == [7, 8, 9]
    assert list(seeds.air_kerma_strength_u) == [0.5, 0.6, 0.7]
    for needle, position in zip(needles[1:], seeds.positions_mm[1:], strict=True):
        assert needle.length_mm - needle.depth_of(position) == pytest.approx(2.25, abs=1e-9)


def test_the_seeds_of_a_plan_to_improve_lie_at_places(a_node: ImplantProblem) -> None:
    needle = Needle(4, CENTRE - 30 * np.array(INWARD) + [0, 1.7, 0], CENTRE + 8 * np.array(INWARD) + [0, 1.7, 0])
    seeds = seeds_at(needle, [26.0, 33.0], 0.762)
    start = ImplantPlan(
        "", "", datetime(2026, 1, 1), date(2026, 1, 2), "Node", "amersham_6711", 120.0, (needle,), seeds
    )
    found = candidate_needles(replace(a_node, start=start))
    at = found.places_of(seeds)
    np.testing.assert_allclose(found.places.positions_mm[at], seeds.positions_mm, atol=1e-9)
    assert list(found.places_of(seeds_at(needle, [29.0], 0.762))) == [-1]
