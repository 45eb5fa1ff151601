from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import BrachyResponseError, RegistrationError, VerificationError
from brachyresponse.progress import ignore_progress
from brachyresponse.scene.nodes import get_attribute, nodes_of_class, world_matrix
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part, verification_part
from brachyresponse.scene.verification_preview import hide_preview, is_previewed, show_preview
from brachyresponse.scene.verification_registration import (
    need_registration,
    read_registration,
    register_plan,
    remove_registration,
    write_registration,
)
from brachyresponse.scene.verifications import delete_verification
from brachyresponse.verification import Registration, RegistrationMethod
from scene.building import linear_transform
from scene.verified import Verified, add_verified
from scene_state import scene_state


@pytest.fixture
def verified(scene: Any) -> Verified:
    return add_verified(scene)


def composites(scene: Any) -> list[tuple[str, str, float]]:
    nodes = nodes_of_class(scene, "vtkMRMLSliceCompositeNode")
    return [(n.GetBackgroundVolumeID(), n.GetForegroundVolumeID(), n.GetForegroundOpacity()) for n in nodes]


def add_composite(scene: Any, layout: str, volume: Any) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLSliceCompositeNode")
    node.SetLayoutName(layout)
    node.SetBackgroundVolumeID(volume.GetID())
    node.SetForegroundOpacity(0.25)


def test_the_transform_takes_the_plan_to_the_implant_and_says_how_it_was_made(verified: Verified) -> None:
    node = verification_part(verified.node, VerificationRole.REGISTRATION)
    verified.plan_volume.SetAndObserveTransformNodeID(node.GetID())
    np.testing.assert_allclose(world_matrix(verified.plan_volume), verified.matrix, atol=1e-9)
    said = [get_attribute(node, name) for name in ("RegistrationMethod", "ResidualMm", "ResidualIs")]
    assert said == ["bone", "0.4", "Of bone."]
    assert get_attribute(node, "Date")


def test_a_registration_comes_back_as_it_was_written(verified: Verified) -> None:
    found = need_registration(verified.node)
    np.testing.assert_allclose(found.matrix, verified.matrix, atol=1e-12)
    assert (found.method, found.residual_mm, found.warnings) == (RegistrationMethod.BONE, 0.4, ("Look at it.",))
    none = Registration(RegistrationMethod.NONE, np.eye(4), None, "Nothing was registered.")
    write_registration(verified.node, none)
    assert need_registration(verified.node).residual_mm is None


def test_another_registration_takes_the_place_of_the_first(verified: Verified, scene: Any) -> None:
    count = scene.GetNumberOfNodes()
    write_registration(verified.node, Registration(RegistrationMethod.CONTOURS, np.eye(4), 1.0, "Of contours."))
    assert scene.GetNumberOfNodes() == count
    assert need_registration(verified.node).method is RegistrationMethod.CONTOURS


def test_registering_needs_what_the_method_needs(verified: Verified, scene: Any) -> None:
    set_verification_part(verified.node, VerificationRole.PLAN_VOLUME, None)
    before = scene_state(scene)
    with pytest.raises(RegistrationError, match="There is no registration method 'seeds'"):
        register_plan(verified.node, "seeds", ignore_progress)
    with pytest.raises(RegistrationError, match="needs the plan CT: choose it"):
        register_plan(verified.node, "bone", ignore_progress)
    assert scene_state(scene) == before


def test_a_transform_that_was_stretched_by_hand_is_refused(verified: Verified, scene: Any) -> None:
    node = verification_part(verified.node, VerificationRole.REGISTRATION)
    node.CopyContent(linear_transform(scene, np.diag([1.0, 1.2, 1.0])))
    with pytest.raises(BrachyResponseError, match=r"stretches, shears or mirrors|cannot be read"):
        read_registration(verified.node)


def test_without_a_registration_the_error_says_what_to_do(verified: Verified) -> None:
    remove_registration(verified.node)
    assert read_registration(verified.node) is None
    with pytest.raises(VerificationError, match="is not registered: register plan and implant first"):
        need_registration(verified.node)


def test_the_preview_shows_a_copy_over_the_implant_ct_and_goes_without_a_trace(verified: Verified, scene: Any) -> None:
    add_composite(scene, "Red", verified.plan_volume)
    add_composite(scene, "Green", verified.ct)
    before = scene_state(scene)
    copied = show_preview(verified.node)
    assert is_previewed(verified.node)
    assert set(composites(scene)) == {(verified.ct.GetID(), copied.GetID(), 0.5)}
    assert copied.GetImageData() is verified.plan_volume.GetImageData()
    assert copied.GetParentTransformNode() is verification_part(verified.node, VerificationRole.REGISTRATION)
    assert verified.plan_volume.GetParentTransformNode() is None
    assert not copied.GetSaveWithScene()
    hide_preview(verified.node)
    assert scene_state(scene) == before


def test_the_copy_lies_where_the_planning_ct_does_under_its_own_transform(verified: Verified, scene: Any) -> None:
    shift = linear_transform(scene, np.eye(3), [7, 0, 0])
    verified.plan_volume.SetAndObserveTransformNodeID(shift.GetID())
    bounds = np.zeros(6)
    verified.plan_volume.GetRASBounds(bounds)
    copied, own = show_preview(verified.node), np.zeros(6)
    copied.SetAndObserveTransformNodeID(None)
    copied.GetRASBounds(own)
    np.testing.assert_allclose(own, bounds, atol=1e-6)


def test_a_view_that_was_changed_since_is_left_alone(verified: Verified, scene: Any) -> None:
    add_composite(scene, "Red", verified.plan_volume)
    show_preview(verified.node)
    view = nodes_of_class(scene, "vtkMRMLSliceCompositeNode")[0]
    view.SetForegroundVolumeID(verified.plan_volume.GetID())
    hide_preview(verified.node)
    assert composites(scene)[0] == (verified.ct.GetID(), verified.plan_volume.GetID(), 0.5)


def test_showing_it_twice_shows_it_once(verified: Verified, scene: Any) -> None:
    add_composite(scene, "Red", verified.plan_volume)
    before = composites(scene)
    show_preview(verified.node)
    show_preview(verified.node)
    assert len([v for v in nodes_of_class(scene, "vtkMRMLScalarVolumeNode") if "preview" in v.GetName()]) == 1
    hide_preview(verified.node)
    assert composites(scene) == before


def test_a_saved_scene_knows_nothing_of_a_preview(verified: Verified, scene: Any, tmp_path: Any) -> None:
    show_preview(verified.node)
    assert scene.WriteToMRB(str(tmp_path / "scene.mrb"))
    scene.Clear(0)
    scene.ReadFromMRB(str(tmp_path / "scene.mrb"), True)
    node = scene.GetFirstNodeByName("Verification")
    assert not is_previewed(node)
    volumes = len(nodes_of_class(scene, "vtkMRMLScalarVolumeNode"))
    assert volumes == 2
    for _ in range(3):  # one of them gets the ID that the copy had
        scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    hide_preview(node)
    assert len(nodes_of_class(scene, "vtkMRMLScalarVolumeNode")) == volumes + 3


def test_deleting_a_previewed_verification_leaves_no_copy(verified: Verified, scene: Any) -> None:
    add_composite(scene, "Red", verified.plan_volume)
    before = composites(scene)
    show_preview(verified.node)
    delete_verification(verified.node)
    assert composites(scene) == before
    assert not [v for v in nodes_of_class(scene, "vtkMRMLScalarVolumeNode") if "preview" in v.GetName()]
