from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.errors import ImageError, SeedsError
from brachyresponse.scene.seed_looks import LOOK_ARRAY, SeedLook
from brachyresponse.scene.seedverify_logic import SeedsLogic
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.scene.verification_seeds import write_found_seeds
from brachyresponse.scene.verifications import create_verification
from brachyresponse.seeds import Origin
from scene.example_found import AXES, PLACES_MM, assert_same_found, example_found
from scene.implanted import add_ct, ct_grid
from scene_state import scene_state

HIDDEN_MM = np.array([9.0, -9.0, 6.0])
"""A seed in the CT that is not in the list."""
WELL_MM = 0.3
"""A fit to a coarse CT of rods that are not quite as real seeds look."""


@pytest.fixture
def ct(scene: Any) -> Any:
    axes = np.vstack([AXES, [0.0, 1, 0]])
    return add_ct(np.vstack([PLACES_MM, HIDDEN_MM]), axes, ct_grid(50.0, 1.0))


@pytest.fixture
def verification(ct: Any) -> Any:
    node = create_verification(ct)
    write_found_seeds(node, example_found())
    return node


@pytest.fixture
def logic() -> SeedsLogic:
    return SeedsLogic()


def points(node: Any) -> Any:
    return verification_part(node, VerificationRole.SEEDS)


def test_a_click_near_metal_adds_a_manual_seed_in_its_middle(logic: SeedsLogic, verification: Any) -> None:
    index = logic.addSeed(verification, HIDDEN_MM + [0.8, 0.5, -0.5])
    found = logic.foundSeeds(verification)
    assert index == 4
    np.testing.assert_allclose(found.positions_mm[index], HIDDEN_MM, atol=WELL_MM)
    assert abs(found.directions[index] @ [0, 1, 0]) > 0.98
    assert found.origins[index] is Origin.MANUAL
    assert points(verification).GetNthControlPointLabel(4) == "5"


def test_a_click_far_from_metal_changes_nothing(logic: SeedsLogic, verification: Any, scene: Any) -> None:
    before = scene_state(scene)
    with pytest.raises(ImageError, match="metal"):
        logic.addSeed(verification, [15.0, 15, 15])
    with pytest.raises(ImageError, match="outside the CT"):
        logic.addSeed(verification, [500.0, 0, 0])
    assert scene_state(scene) == before


def test_a_first_seed_can_be_added_before_any_was_searched_for(logic: SeedsLogic, ct: Any) -> None:
    node = create_verification(ct)
    assert logic.addSeed(node, PLACES_MM[0] + 0.5) == 0
    assert logic.seedCounts(node) == (1, None, 0)
    logic.undo(node)
    assert logic.foundSeeds(node).count == 0


def test_deleted_seeds_can_be_brought_back(logic: SeedsLogic, verification: Any) -> None:
    logic.deleteSeed(verification, 0, 2)
    found = logic.foundSeeds(verification)
    np.testing.assert_allclose(found.positions_mm, PLACES_MM[[1, 3]], atol=1e-9)
    assert len(found.rejected) == 4
    index = logic.bringBack(verification, 3)
    found = logic.foundSeeds(verification)
    np.testing.assert_allclose(found.positions_mm[index], PLACES_MM[0], atol=1e-9)
    assert found.origins[index] is Origin.MANUAL
    assert len(found.rejected) == 3


def test_two_points_on_one_seed_are_merged_into_it(logic: SeedsLogic, verification: Any) -> None:
    logic.moveSeed(verification, 1, PLACES_MM[0] + [0, 0, 2.0])
    logic.mergeSeeds(verification, 0, 1)
    found = logic.foundSeeds(verification)
    assert found.count == 3
    np.testing.assert_allclose(found.positions_mm[-1], PLACES_MM[0], atol=WELL_MM)


def test_one_seed_that_is_two_is_split(logic: SeedsLogic, scene: Any) -> None:
    touching = np.array([[0.0, 0, -2.4], [0.4, 0, 2.4]])
    node = create_verification(add_ct(touching, AXES[[0, 0]], ct_grid(40.0, 0.8)))
    logic.addSeed(node, touching[0])
    logic.moveSeed(node, 0, [0.2, 0, 0])
    logic.splitSeed(node, 0)
    found = logic.foundSeeds(node)
    assert found.count == 2
    order = np.argsort(found.positions_mm[:, 2])
    np.testing.assert_allclose(found.positions_mm[order], touching, atol=2 * WELL_MM)


def test_corrections_are_taken_back_and_done_again_step_by_step(logic: SeedsLogic, verification: Any) -> None:
    assert not logic.canUndo(verification)
    states = [logic.foundSeeds(verification)]
    for change in (
        lambda: logic.deleteSeed(verification, 1),
        lambda: logic.bringBack(verification, 0),
        lambda: logic.moveSeed(verification, 0, [0.2, 0.1, 0]),
    ):
        change()
        states.append(logic.foundSeeds(verification))
    for state in reversed(states[:-1]):
        assert logic.canUndo(verification)
        logic.undo(verification)
        assert_same_found(logic.foundSeeds(verification), state)
    assert not logic.canUndo(verification)
    for state in states[1:]:
        assert logic.canRedo(verification)
        logic.redo(verification)
        assert_same_found(logic.foundSeeds(verification), state)
    assert not logic.canRedo(verification)


def test_what_is_not_there_cannot_be_corrected(logic: SeedsLogic, verification: Any, scene: Any) -> None:
    before = scene_state(scene)
    for change in (
        lambda: logic.deleteSeed(verification, 4),
        lambda: logic.splitSeed(verification, -1),
        lambda: logic.mergeSeeds(verification, 0, 0),
        lambda: logic.mergeSeeds(verification, 0, 3),
        lambda: logic.moveSeed(verification, 9, [0, 0, 0]),
        lambda: logic.bringBack(verification, 2),
    ):
        with pytest.raises(SeedsError, match=r"There is no|cannot be merged|lie .* mm apart"):
            change()
    assert scene_state(scene) == before
    assert not logic.canUndo(verification)


def test_a_dragged_point_becomes_a_manual_seed(logic: SeedsLogic, verification: Any) -> None:
    assert not logic.followEdits(verification)
    points(verification).SetNthControlPointPositionWorld(2, 0.5, 9.0, 3.0)
    assert logic.followEdits(verification)
    found = logic.foundSeeds(verification)
    assert found.origins == (Origin.DETECTED, Origin.DETECTED, Origin.MANUAL, Origin.MANUAL)
    np.testing.assert_allclose(found.positions_mm[2], [0.5, 9, 3], atol=1e-9)
    assert found.axis_confidence[2] == 0.8  # it went less than half its length
    assert not logic.followEdits(verification)
    logic.undo(verification)
    assert_same_found(logic.foundSeeds(verification), example_found())


def test_a_point_dragged_far_has_no_sure_axis(logic: SeedsLogic, verification: Any) -> None:
    logic.followEdits(verification)
    points(verification).SetNthControlPointPositionWorld(0, 5.0, 3.0, 1.0)
    logic.followEdits(verification)
    assert logic.foundSeeds(verification).axis_confidence[0] == 0.0


def test_a_point_dragged_before_anybody_looked_is_followed_too(verification: Any) -> None:
    points(verification).SetNthControlPointPositionWorld(1, 8.0, 0.6, 0.0)
    fresh = SeedsLogic()  # as after loading a scene
    assert fresh.followEdits(verification)
    assert fresh.foundSeeds(verification).origins[1] is Origin.MANUAL


def test_a_clicked_point_snaps_to_the_metal(logic: SeedsLogic, verification: Any) -> None:
    logic.followEdits(verification)
    points(verification).AddControlPointWorld([9.6, -8.7, 6.2])
    assert logic.followEdits(verification)
    found = logic.foundSeeds(verification)
    assert found.count == 5
    np.testing.assert_allclose(found.positions_mm[4], HIDDEN_MM, atol=WELL_MM)
    assert points(verification).GetNumberOfControlPoints() == 5


def test_a_point_clicked_where_no_metal_is_goes_away_and_the_error_says_why(
    logic: SeedsLogic, verification: Any
) -> None:
    logic.followEdits(verification)
    points(verification).AddControlPointWorld([15.0, 15, 15])
    with pytest.raises(ImageError, match="metal"):
        logic.followEdits(verification)
    assert points(verification).GetNumberOfControlPoints() == 4
    assert_same_found(logic.foundSeeds(verification), example_found())


def test_a_point_deleted_in_a_view_is_a_correction_that_can_be_taken_back(logic: SeedsLogic, verification: Any) -> None:
    logic.followEdits(verification)
    points(verification).RemoveNthControlPoint(1)
    assert logic.followEdits(verification)
    assert logic.foundSeeds(verification).count == 3
    assert points(verification).GetNthControlPointLabel(1) == "2"
    logic.undo(verification)
    assert_same_found(logic.foundSeeds(verification), example_found())


def test_edits_under_a_transform_are_in_the_world(logic: SeedsLogic, verification: Any, turned: Any) -> None:
    for role in (VerificationRole.SEEDS, VerificationRole.REJECTED):
        verification_part(verification, role).SetAndObserveTransformNodeID(turned.GetID())
    logic.followEdits(verification)
    before = logic.foundSeeds(verification)
    place = before.positions_mm[0] + [0.3, 0, 0]
    points(verification).SetNthControlPointPositionWorld(0, *place)
    assert logic.followEdits(verification)
    found = logic.foundSeeds(verification)
    np.testing.assert_allclose(found.positions_mm[0], place, atol=1e-9)
    assert found.origins[0] is Origin.MANUAL
    np.testing.assert_allclose(found.positions_mm[1:], before.positions_mm[1:], atol=1e-9)


def test_uncertain_seeds_come_the_least_certain_first_without_those_that_were_looked_at(
    logic: SeedsLogic, verification: Any
) -> None:
    assert logic.lowConfidenceSeeds(verification) == [1]  # the fourth is less certain, but manual
    assert logic.seedCounts(verification) == (4, None, 1)
    logic.setExpectedCount(verification, 5)
    assert logic.seedCounts(verification) == (4, 5, 1)


def test_seeds_are_drawn_in_the_colour_of_what_they_are(logic: SeedsLogic, verification: Any) -> None:
    logic.updateSeedModels(verification)
    model = verification_part(verification, VerificationRole.SEED_MODEL)
    looks = vtk_to_numpy(model.GetPolyData().GetPointData().GetArray(LOOK_ARRAY))
    expected = (SeedLook.FOUND, SeedLook.UNCERTAIN, SeedLook.FOUND, SeedLook.MANUAL)
    shown = vtk_to_numpy(model.GetPolyData().GetPoints().GetData()).reshape(-1, 3)
    for place, look in zip(PLACES_MM, expected, strict=True):
        near = np.linalg.norm(shown - place, axis=1) < 3.0
        assert set(looks[near]) == {look}


def test_rejected_candidates_are_shown_on_request(logic: SeedsLogic, verification: Any) -> None:
    logic.showRejected(verification, True)
    assert logic.rejectedNode(verification).GetDisplayNode().GetVisibility()
    logic.showRejected(verification, False)
    assert not logic.rejectedNode(verification).GetDisplayNode().GetVisibility()
