from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import StructureError, VerificationError
from brachyresponse.scene.segments import read_structure, segment_ids, segment_name, write_structure
from brachyresponse.scene.verification_anatomy import carry_structures, read_implant_anatomy
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.scene.verification_registration import remove_registration, write_registration
from brachyresponse.scene.verification_segments import (
    carried_names,
    has_carried_target,
    read_roles,
    read_segments,
    set_organs,
    set_target,
)
from brachyresponse.scene.verifications import delete_verification
from brachyresponse.verification import Registration, RegistrationMethod
from scene.verified import Verified, add_verified, segment_id
from scene_state import scene_state


@pytest.fixture
def verified(scene: Any) -> Verified:
    return add_verified(scene, targets=False)


def test_a_target_contoured_anew_is_the_target(verified: Verified) -> None:
    set_target(verified.node, "gtv", verified.structures, segment_id(verified.structures, "GTV"))
    anatomy = read_implant_anatomy(verified.node)
    assert (anatomy.roles.gtv, anatomy.roles.ptv) == ("GTV", "GTV")
    assert not has_carried_target(verified.node)
    assert carried_names(verified.node) == ()


def test_a_target_of_another_segmentation_asks_for_the_other_target_again(verified: Verified, scene: Any) -> None:
    other = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Second reader")
    gtv = write_structure(read_structure(verified.structures, segment_id(verified.structures, "GTV")), other)
    set_target(verified.node, "ptv", verified.structures, segment_id(verified.structures, "Body"))
    set_target(verified.node, "gtv", other, gtv)
    assert (read_segments(verified.node).gtv, read_segments(verified.node).ptv) == (gtv, "")


def test_organs_may_be_of_another_segmentation_than_the_targets(verified: Verified) -> None:
    carried = carry_structures(verified.node, targets=False)
    set_target(verified.node, "gtv", verified.structures, segment_id(verified.structures, "GTV"))
    anatomy = read_implant_anatomy(verified.node)
    assert verification_part(verified.node, VerificationRole.ORGANS) is carried
    assert set(anatomy.structures) == {"GTV", "Cord", "Body"}
    assert carried_names(verified.node) == ("Cord", "Body")
    assert not has_carried_target(verified.node)


def test_carried_structures_lie_where_the_registration_puts_them_and_say_so(verified: Verified) -> None:
    carried = carry_structures(verified.node, targets=True)
    names = [segment_name(carried, segment) for segment in segment_ids(carried)]
    assert sorted(names) == [f"{name} (carried, not verified)" for name in ("Body", "Cord", "GTV")]
    anatomy = read_implant_anatomy(verified.node)
    truth = read_structure(verified.structures, segment_id(verified.structures, "Cord"))
    np.testing.assert_allclose(
        anatomy.structures["Cord"].centre_mm, truth.centre_mm, atol=0.2
    )  # both drawn on voxels of 2 mm
    assert anatomy.structures["Cord"].volume_cc == pytest.approx(truth.volume_cc, rel=0.1)
    assert has_carried_target(verified.node)
    assert read_roles(verified.node).gtv == "GTV"


def test_carrying_twice_makes_one_segmentation(verified: Verified, scene: Any) -> None:
    first = carry_structures(verified.node, targets=True)
    count = scene.GetNumberOfNodes()
    assert carry_structures(verified.node, targets=True) is first
    assert scene.GetNumberOfNodes() == count
    assert len(segment_ids(first)) == 3


def test_the_plans_own_structures_are_not_changed(verified: Verified) -> None:
    before = read_structure(verified.plan_segmentation, segment_id(verified.plan_segmentation, "GTV"))
    carry_structures(verified.node, targets=True)
    after = read_structure(verified.plan_segmentation, segment_id(verified.plan_segmentation, "GTV"))
    np.testing.assert_array_equal(before.occupancy, after.occupancy)
    assert len(segment_ids(verified.plan_segmentation)) == 3


def test_carried_structures_go_with_the_verification_and_drawn_ones_stay(verified: Verified, scene: Any) -> None:
    carried_id = carry_structures(verified.node, targets=True).GetID()
    delete_verification(verified.node)
    assert scene.GetNodeByID(carried_id) is None
    assert len(segment_ids(verified.structures)) == 3


def test_a_target_is_not_carried_out_of_the_implant_ct(verified: Verified, scene: Any) -> None:
    away = np.eye(4)
    away[0, 3] = 500.0
    write_registration(verified.node, Registration(RegistrationMethod.BONE, away, 0.4, "Of bone."))
    before = scene_state(scene)
    with pytest.raises(StructureError, match="carries target 'GTV' out of the implant CT 'Implant CT'"):
        carry_structures(verified.node, targets=True)
    assert scene_state(scene) == before


def test_nothing_is_carried_without_a_registration(verified: Verified, scene: Any) -> None:
    remove_registration(verified.node)
    before = scene_state(scene)
    with pytest.raises(VerificationError, match="is not registered"):
        carry_structures(verified.node, targets=True)
    assert scene_state(scene) == before


def test_a_verification_without_a_target_asks_to_contour_it(verified: Verified) -> None:
    with pytest.raises(StructureError, match=r"has no target: contour it on .* or carry the plan's over"):
        read_implant_anatomy(verified.node)


def test_what_is_no_target_or_no_segment_is_refused(verified: Verified, scene: Any) -> None:
    empty = verified.structures.GetSegmentation().AddEmptySegment("", "Empty")
    before = scene_state(scene)
    with pytest.raises(VerificationError, match="'ctv' is no target: give 'gtv' or 'ptv'"):
        set_target(verified.node, "ctv", verified.structures, segment_id(verified.structures, "GTV"))
    with pytest.raises(StructureError, match="'Empty' of 'On the implant CT' is empty"):
        set_target(verified.node, "gtv", verified.structures, empty)
    with pytest.raises(StructureError, match="has no segment 'none'"):
        set_organs(verified.node, verified.structures, ["none"], "")
    assert scene_state(scene) == before


def test_two_structures_of_one_name_are_refused(verified: Verified) -> None:
    carry_structures(verified.node, targets=False)
    body = segment_id(verified.structures, "Body")
    set_target(verified.node, "gtv", verified.structures, body)
    with pytest.raises(StructureError, match="Two chosen segments on the implant CT are named 'Body'"):
        read_implant_anatomy(verified.node)


def test_a_damaged_choice_is_named(verified: Verified) -> None:
    verified.node.SetAttribute("BrachyResponse.Segments", "[1]")
    with pytest.raises(VerificationError, match=r"its list of segments '\[1\]' is damaged"):
        read_segments(verified.node)
