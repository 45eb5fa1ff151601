from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import slicer.util

from brachyresponse.errors import PlanError, VerificationError
from brachyresponse.scene import verifications
from brachyresponse.scene.hierarchy import folder_of, root_folder
from brachyresponse.scene.nodes import SceneError, nodes_of_class
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, is_plan, plans_in, set_plan_part
from brachyresponse.scene.plans import create_plan
from brachyresponse.scene.verification_fields import (
    VerificationField,
    verification_day,
    verification_json,
    verification_text,
)
from brachyresponse.scene.verification_limits import (
    read_verification_profile,
    reset_verification_limits,
    set_verification_limit,
)
from brachyresponse.scene.verification_oedema import read_oedema, write_oedema
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    is_verification,
    own_node,
    set_verification_part,
    verification_part,
    verifications_in,
)
from brachyresponse.verification import OedemaModel
from scene.building import linear_transform
from scene_state import scene_state


@pytest.fixture
def ct(scene: Any) -> Any:
    return slicer.util.addVolumeFromArray(np.zeros((4, 5, 6), np.int16), name="Implant CT")


@pytest.fixture
def verification(ct: Any) -> Any:
    return verifications.create_verification(ct)


def test_a_verification_is_no_plan_and_a_plan_no_verification(scene: Any, verification: Any) -> None:
    plan = create_plan(scene)
    assert verifications_in(scene) == [verification]
    assert plans_in(scene) == [plan]
    assert is_verification(verification)
    assert not is_plan(verification)
    with pytest.raises(SceneError, match="'Plan' is no verification: choose one, or create one"):
        verification_part(plan, VerificationRole.SEEDS)


def test_it_lies_in_a_folder_of_its_own_in_ours(scene: Any, verification: Any) -> None:
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    folder = folder_of(verification)
    assert hierarchy.GetItemName(folder) == "Verification"
    assert hierarchy.GetItemParent(folder) == root_folder(scene)


def test_the_planning_ct_comes_with_the_plan_unless_another_was_chosen(scene: Any, ct: Any, verification: Any) -> None:
    planning, other = (slicer.util.addVolumeFromArray(np.zeros((3, 3, 3)), name=name) for name in ("CT", "Other CT"))
    plan, second = create_plan(scene), create_plan(scene)
    set_plan_part(plan, PlanRole.PLANNING_VOLUME, planning)
    verifications.set_plan(verification, plan)
    assert verification_part(verification, VerificationRole.PLAN_VOLUME) is planning
    verifications.set_plan(verification, second)
    assert verification_part(verification, VerificationRole.PLAN_VOLUME) is None
    verifications.set_volume(verification, VerificationRole.PLAN_VOLUME, other, "planning CT")
    verifications.set_plan(verification, plan)
    assert verification_part(verification, VerificationRole.PLAN_VOLUME) is other


def test_deleting_it_deletes_what_belongs_to_it_and_nothing_else(scene: Any, ct: Any) -> None:
    plan = create_plan(scene)
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    before = {node.GetID() for node in nodes_of_class(scene, "vtkMRMLNode")}
    verification = verifications.create_verification(ct, plan)
    for role, kind in (
        (VerificationRole.SEEDS, "vtkMRMLMarkupsFiducialNode"),
        (VerificationRole.REGISTRATION, "vtkMRMLLinearTransformNode"),
        (VerificationRole.DOSE, "vtkMRMLScalarVolumeNode"),
        (VerificationRole.METRICS, "vtkMRMLTableNode"),
    ):
        own_node(verification, role, kind, "part").CreateDefaultStorageNode()
    set_verification_part(verification, VerificationRole.TARGETS, segmentation)
    verifications.delete_verification(verification)
    kept = {node.GetID() for node in nodes_of_class(scene, "vtkMRMLNode")}
    assert before <= kept
    assert not [
        node.GetName() for node in nodes_of_class(scene, "vtkMRMLNode") if node.GetName().startswith("Verification")
    ]


def test_renaming_it_renames_what_carries_its_name(scene: Any, verification: Any) -> None:
    table = own_node(verification, VerificationRole.METRICS, "vtkMRMLTableNode", "metrics")
    verifications.rename_verification(verification, "Day 30")
    assert (verification.GetName(), table.GetName()) == ("Day 30", "Day 30 metrics")


def test_days_are_kept_as_dates(verification: Any) -> None:
    verifications.set_day(verification, VerificationField.SCAN_DATE, " 2026-03-06 ", "implant CT")
    assert verification_day(verification, VerificationField.SCAN_DATE) == date(2026, 3, 6)
    verifications.set_day(verification, VerificationField.SCAN_DATE, None, "implant CT")
    assert verification_day(verification, VerificationField.SCAN_DATE) is None
    with pytest.raises(VerificationError, match="The date of the implant CT '6 March' is not a date: write it as"):
        verifications.set_day(verification, VerificationField.SCAN_DATE, "6 March", "implant CT")


def test_the_profile_is_the_chosen_one_else_the_plans(scene: Any, verification: Any) -> None:
    assert verifications.profile_name(verification) == "own"
    plan = create_plan(scene)
    set_plan_field(plan, PlanField.PROFILE, "brain")
    verifications.set_plan(verification, plan)
    assert verifications.profile_name(verification) == "brain"
    verifications.set_profile(verification, "prostate")
    assert verifications.profile_name(verification) == "prostate"
    with pytest.raises(PlanError, match="There is no site profile 'liver'"):
        verifications.set_profile(verification, "liver")


def test_a_changed_limit_says_that_it_is_the_clinics_own_and_goes_with_another_profile(verification: Any) -> None:
    profile = read_verification_profile(verification)
    first = profile.verification[0]
    set_verification_limit(verification, first.id, 95.0, None)
    changed = read_verification_profile(verification).verification[0]
    assert changed.least == 95.0
    assert "clinic's own" in changed.source
    verifications.set_profile(verification, "prostate")
    assert verification_part(verification, VerificationRole.LIMITS) is None
    verifications.set_profile(verification, "")
    assert read_verification_profile(verification) == profile


def test_limits_go_back_to_the_profiles_own(verification: Any) -> None:
    profile = read_verification_profile(verification)
    first = profile.verification[0]
    set_verification_limit(verification, first.id, 95.0, None)
    reset_verification_limits(verification)
    assert read_verification_profile(verification) == profile
    set_verification_limit(verification, first.id, first.least, first.most)
    assert verification_part(verification, VerificationRole.LIMITS) is None


def test_an_oedema_model_is_off_until_asked_for(verification: Any) -> None:
    assert read_oedema(verification) is None
    write_oedema(verification, OedemaModel(0.5, 9.3))
    assert read_oedema(verification) == OedemaModel(0.5, 9.3)
    write_oedema(verification, None)
    assert read_oedema(verification) is None


@pytest.mark.parametrize("field", [VerificationField.OEDEMA, VerificationField.MATCHING])
def test_a_damaged_value_is_named(verification: Any, field: VerificationField) -> None:
    verification.SetAttribute(f"BrachyResponse.{field}", "{")
    with pytest.raises(VerificationError, match=f"its attribute {field} '{{' is damaged; set it again"):
        verification_json(verification, field)


class Database:
    """What is asked of ``slicer.dicomDatabase``."""

    isOpen = True

    def instanceValue(self, uid: str, tag: str) -> str:
        values = {"0010,0020": "P-17", "0020,0052": "1.2.3", "0008,0022": "unknown", "0008,0023": "20260307"}
        return values.get(tag, "") if uid == "1.5" else ""


def test_a_ct_from_dicom_brings_patient_frame_and_day(
    scene: Any, ct: Any, verification: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicer, "dicomDatabase", Database(), raising=False)
    ct.SetAttribute("DICOM.instanceUIDs", "1.5 1.6")
    node = verifications.create_verification(ct)
    fields = (VerificationField.PATIENT_ID, VerificationField.FRAME_OF_REFERENCE_UID)
    assert [verification_text(node, field) for field in fields] == ["P-17", "1.2.3"]
    assert verification_day(node, VerificationField.SCAN_DATE) == date(2026, 3, 7)
    other = slicer.util.addVolumeFromArray(np.zeros((3, 3, 3)), name="Not from DICOM")
    verifications.set_implant_volume(node, other)  # what is not known stays
    assert verification_text(node, VerificationField.PATIENT_ID) == "P-17"


def test_a_ct_that_cannot_be_read_adds_nothing(scene: Any, ct: Any) -> None:
    empty = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
    sheared = slicer.util.addVolumeFromArray(np.zeros((4, 4, 4)), name="Tilted")
    tilt = np.eye(3)
    tilt[1, 2] = 0.2
    sheared.SetAndObserveTransformNodeID(linear_transform(scene, tilt).GetID())
    before = scene_state(scene)
    for volume, message in (
        (empty, "'Empty' holds no image"),
        (sheared, "'Tilted'.*not at right angles.*undo the tilt"),
    ):
        with pytest.raises(Exception, match=message):
            verifications.create_verification(volume)
    with pytest.raises(SceneError, match=r"'Implant CT' is a .* which cannot serve as plan"):
        verifications.create_verification(ct, ct)
    assert scene_state(scene) == before
