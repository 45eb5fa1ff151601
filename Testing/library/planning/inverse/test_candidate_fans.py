"""Tracks that fan out from entries on the skin or on a burr hole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy
from brachyresponse.planning.inverse import (
    FanTracks,
    ImplantProblem,
    SeedPlacement,
    burr_hole_entries,
    candidate_needles,
    skin_patch_entries,
)
from invented_neck_node import LARGE_CC, NECK_RADIUS_MM, neck_node_problem, node_centre_mm, node_radii_mm

CENTRE, RADII = node_centre_mm(LARGE_CC), node_radii_mm(LARGE_CC)
ENTRY = np.array([NECK_RADIUS_MM, 0.0, 0.0])


@pytest.fixture(scope="module")
def a_node() -> ImplantProblem:
    return neck_node_problem(LARGE_CC, tracks=FanTracks(ENTRY[None]), placement=SeedPlacement(skin_depth_mm=5.0))


def test_tracks_from_one_entry_are_apart_where_they_are_deepest(a_node: ImplantProblem) -> None:
    needles = candidate_needles(a_node).needles
    assert len(needles) >= 5
    deepest_mm = ENTRY[0] - (CENTRE[0] - RADII[0])
    ends = np.array([ENTRY + needle.direction * deepest_mm / -needle.direction[0] for needle in needles])
    apart = np.linalg.norm(ends[:, None] - ends, axis=-1) + 1e3 * np.eye(len(ends))
    np.testing.assert_allclose(apart.min(axis=1), 10.0, atol=0.6)  # the target's depth is known to a voxel
    for needle in needles:
        assert needle.distance_mm(ENTRY) < 0.3  # the skin is drawn that near its cylinder


def test_an_entry_holds_no_more_needles_than_it_may(a_node: ImplantProblem) -> None:
    tracks = FanTracks(ENTRY + np.array([[0, 0, -8.0], [0, 0, 0.0], [0, 0, 8.0]]), needles_per_entry=2)
    found = candidate_needles(replace(a_node, tracks=tracks))
    entries, counts = np.unique(found.entries, return_counts=True)
    assert list(entries) == [0, 1, 2]
    assert counts.max() <= 2
    lowest = found.needles[int(np.argmin([needle.tip_mm[2] for needle in found.needles]))]
    assert lowest.entry_mm[2] < 0  # needles do not cross


def test_a_cone_of_no_width_leaves_the_straight_track(a_node: ImplantProblem) -> None:
    needles = candidate_needles(replace(a_node, tracks=FanTracks(ENTRY[None], cone_deg=0.0))).needles
    assert len(needles) == 1
    np.testing.assert_allclose(needles[0].direction, [-1, 0, 0], atol=0.01)  # the drawn centre is that near


def test_a_hole_drilled_at_the_entry_opens_the_bone_there_only(a_node: ImplantProblem) -> None:
    grid = Grid.covering(ENTRY - [8, 30, 30], ENTRY + [2, 30, 30], 1.0)
    points = grid.points_mm()
    bone = Structure("Bone", (points[..., 0] > 54) & (points[..., 0] < 58), grid)
    anatomy = PlanAnatomy({**a_node.anatomy.structures, "Bone": bone}, replace(a_node.anatomy.roles, avoid=("Bone",)))
    closed = candidate_needles(replace(a_node, anatomy=anatomy))
    drilled = candidate_needles(replace(a_node, anatomy=anatomy, tracks=replace(a_node.tracks, opening_mm=9.0)))
    beside = candidate_needles(replace(a_node, anatomy=anatomy, tracks=replace(a_node.tracks, opening_mm=4.0)))
    assert not closed.needles
    assert not beside.needles
    assert closed.refused[0].structure == "Bone"
    assert len(drilled.needles) >= 5


def test_entries_inside_the_target_are_refused(a_node: ImplantProblem) -> None:
    with pytest.raises(PlanError, match="lie inside 'Node' or beyond it"):
        candidate_needles(replace(a_node, tracks=FanTracks(CENTRE[None])))


def test_a_patch_of_skin_gives_entries_on_the_skin(a_node: ImplantProblem) -> None:
    body = a_node.anatomy.structures["Skin outline"]
    entries = skin_patch_entries(body, ENTRY + [3, 0, 0], 12.0, 6.0)
    assert len(entries) == 13  # of a square lattice of 6 mm within 12 mm
    np.testing.assert_allclose(np.hypot(*entries[:, :2].T), NECK_RADIUS_MM, atol=0.3)  # voxels of 2 mm
    assert np.linalg.norm(entries[:, 1:], axis=1).max() <= 12.2


def test_a_patch_far_from_the_skin_is_refused(a_node: ImplantProblem) -> None:
    with pytest.raises(PlanError, match="No skin of 'Skin outline' lies near"):
        skin_patch_entries(a_node.anatomy.structures["Skin outline"], (150.0, 0.0, 0.0), 10.0)
    with pytest.raises(PlanError, match="more than 400"):
        skin_patch_entries(a_node.anatomy.structures["Skin outline"], ENTRY, 50.0, 1.0)


def test_a_burr_hole_gives_entries_across_it(a_node: ImplantProblem) -> None:
    grid = Grid.covering(ENTRY - 10, ENTRY + 10, 0.5)
    offset = grid.points_mm() - ENTRY
    hole = Structure("Hole", (np.hypot(offset[..., 1], offset[..., 2]) < 7) & (np.abs(offset[..., 0]) < 4), grid)
    entries = burr_hole_entries(hole, a_node.anatomy.structures["Node"], 3.0)
    assert len(entries) == 21  # of a square lattice of 3 mm within 7 mm
    np.testing.assert_allclose(entries[:, 0], NECK_RADIUS_MM, atol=0.3)  # voxels of 0.5 mm
    with pytest.raises(PlanError, match="choose the opening, not the target"):
        burr_hole_entries(a_node.anatomy.structures["Node"], a_node.anatomy.structures["Node"])
