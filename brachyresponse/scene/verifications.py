"""Verifications in the scene: one node each, with references to plan, image, seeds and results, in one folder."""

from __future__ import annotations

from datetime import date, datetime

import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.planning import load_profile
from brachyresponse.scene.dicom_facts import DicomFacts, dicom_facts
from brachyresponse.scene.nodes import add_node, batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.plan_fields import PlanField, plan_text
from brachyresponse.scene.plan_parts import PlanRole, plan_part, require_plan
from brachyresponse.scene.verification_fields import (
    VerificationField,
    set_verification_field,
    verification_text,
)
from brachyresponse.scene.verification_parts import (
    OWN_ROLES,
    VERIFICATION_CLASS,
    VERIFICATION_KIND,
    VerificationRole,
    require_verification,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verification_preview import hide_preview
from brachyresponse.scene.volumes import read_grid

DEFAULT_PROFILE = "own"


def create_verification(
    implant_volume_node: slicer.vtkMRMLScalarVolumeNode,
    plan_node: slicer.vtkMRMLScriptedModuleNode | None = None,
    name: str = "Verification",
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a verification of the implant on a CT, in a folder of its own, and return its node.

    Raises
    ------
    SceneError, GeometryError
        The CT cannot be read as an image, or the plan is no plan; then nothing is added.
    """
    read_grid(implant_volume_node, "implant CT")
    if plan_node is not None:
        require_plan(plan_node)
    scene = implant_volume_node.GetScene()
    with batch(scene):
        node = add_node(scene, VERIFICATION_CLASS, name)
        set_attribute(node, KIND_ATTRIBUTE, VERIFICATION_KIND)
        node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_verification_field(node, VerificationField.CREATED, datetime.now().replace(microsecond=0))
        folder_for(node)
        set_implant_volume(node, implant_volume_node)
        set_plan(node, plan_node)
    return node


def delete_verification(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete a verification with everything that belongs to it; images, plan and structures of the user stay.

    Raises
    ------
    SceneError
        There is no such verification.
    """
    require_verification(verification_node)
    hide_preview(verification_node)
    delete_owner(verification_node, OWN_ROLES)


def rename_verification(verification_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Rename a verification, its folder, and the nodes in it that carry its name."""
    require_verification(verification_node)
    rename_owner(verification_node, name, OWN_ROLES)


def set_plan(
    verification_node: slicer.vtkMRMLScriptedModuleNode, plan_node: slicer.vtkMRMLScriptedModuleNode | None
) -> None:
    """Choose the plan to compare with, and its planning CT unless another was chosen; None takes it away.

    Raises
    ------
    SceneError
        There is no such verification, or the node is no plan.
    """
    before = verification_part(verification_node, VerificationRole.PLAN)
    if plan_node is not None:
        require_plan(plan_node)
    chosen = verification_part(verification_node, VerificationRole.PLAN_VOLUME)
    came_with_plan = chosen is None or (before is not None and chosen is plan_part(before, PlanRole.PLANNING_VOLUME))
    set_verification_part(verification_node, VerificationRole.PLAN, plan_node)
    if came_with_plan:
        volume_node = None if plan_node is None else plan_part(plan_node, PlanRole.PLANNING_VOLUME)
        set_verification_part(verification_node, VerificationRole.PLAN_VOLUME, volume_node)


def set_implant_volume(
    verification_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    """Choose the implant CT; of one loaded from DICOM, patient, frame of reference and day are taken along.

    Raises
    ------
    SceneError, GeometryError
        There is no such verification, or the node cannot be read as an image.
    """
    set_volume(verification_node, VerificationRole.IMPLANT_VOLUME, volume_node, "implant CT")
    facts = dicom_facts(volume_node) if volume_node is not None else DicomFacts()
    for field, value in (
        (VerificationField.PATIENT_ID, facts.patient_id),
        (VerificationField.FRAME_OF_REFERENCE_UID, facts.frame_of_reference_uid),
        (VerificationField.SCAN_DATE, facts.day),
    ):
        if value:
            set_verification_field(verification_node, field, value)


def set_volume(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
    role: VerificationRole,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None,
    what: str,
) -> None:
    """Choose the implant CT or the planning CT.

    Raises
    ------
    SceneError, GeometryError
        There is no such verification, or the node cannot be read as an image.
    """
    require_verification(verification_node)
    if volume_node is not None:
        read_grid(volume_node, what)
    set_verification_part(verification_node, role, volume_node)


def set_day(
    verification_node: slicer.vtkMRMLScriptedModuleNode, field: VerificationField, day: date | str | None, what: str
) -> None:
    """Set the day of the implant CT or of the implant; None or empty text takes it away.

    Raises
    ------
    SceneError, VerificationError
        There is no such verification, or the text is no date.
    """
    if isinstance(day, str) and day:
        try:
            day = date.fromisoformat(day.strip())
        except ValueError as error:
            raise VerificationError(f"The date of the {what} {day!r} is not a date: write it as 2026-03-06.") from error
    set_verification_field(verification_node, field, day or None)


def set_profile(verification_node: slicer.vtkMRMLScriptedModuleNode, profile: str) -> None:
    """Choose the site profile whose limits the implant is held to; empty text is that of the plan.

    Raises
    ------
    SceneError, PlanError, InputFileError
        There is no such verification or profile.
    """
    if profile:
        load_profile(profile)
    before = profile_name(verification_node)
    set_verification_field(verification_node, VerificationField.PROFILE, profile)
    if profile_name(verification_node) != before:
        set_verification_part(verification_node, VerificationRole.LIMITS, None)  # they were changed for the other one


def profile_name(verification_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the name of the site profile: the one that was chosen, else that of the plan."""
    chosen = verification_text(verification_node, VerificationField.PROFILE)
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    of_plan = plan_text(plan_node, PlanField.PROFILE) if plan_node is not None else ""
    return chosen or of_plan or DEFAULT_PROFILE
