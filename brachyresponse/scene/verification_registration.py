"""The registration of a verification: computed from its images, kept as a linear transform from plan to implant."""

from __future__ import annotations

import json
from datetime import date

import slicer
import vtk

from brachyresponse.errors import VerificationError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.progress import Report
from brachyresponse.scene.nodes import array_to_matrix, batch, get_attribute, matrix_to_array, modify, set_attribute
from brachyresponse.scene.plan_fields import PlanField, plan_text
from brachyresponse.scene.plan_structures import read_plan_segments, read_plan_structure
from brachyresponse.scene.segments import read_structure
from brachyresponse.scene.verification_fields import VerificationField, verification_text
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    own_node,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verification_seeds import read_found_seeds
from brachyresponse.scene.verification_segments import has_carried_target, read_segments
from brachyresponse.scene.volumes import view_image
from brachyresponse.types import FloatArray
from brachyresponse.verification import Registration, RegistrationMethod, RegistrationScan, register

METHOD, RESIDUAL, RESIDUAL_IS = "RegistrationMethod", "ResidualMm", "ResidualIs"
WARNINGS, DAY = "Warnings", "Date"


def register_plan(verification_node: slicer.vtkMRMLScriptedModuleNode, method: str, report: Report) -> Registration:
    """Register the planning CT of a verification to its implant CT; nothing is written.

    Raises
    ------
    SceneError, GeometryError, StructureError
        An image or a target cannot be read.
    RegistrationError
        What the method needs is not there, or the images cannot be brought together.
    Cancelled
        By the report.
    """
    return register(_plan_scan(verification_node), _implant_scan(verification_node), method=method, report=report)


def write_registration(
    verification_node: slicer.vtkMRMLScriptedModuleNode, registration: Registration
) -> slicer.vtkMRMLLinearTransformNode:
    """Keep a registration as a transform from plan to implant, with method, residual and day; return the node."""
    with batch(verification_node.GetScene()):
        node = own_node(
            verification_node, VerificationRole.REGISTRATION, "vtkMRMLLinearTransformNode", "plan to implant"
        )
        with modify(node):
            node.SetMatrixTransformToParent(array_to_matrix(registration.matrix))
            residual = registration.residual_mm
            set_attribute(node, METHOD, registration.method.value)
            set_attribute(node, RESIDUAL, None if residual is None else repr(float(residual)))
            set_attribute(node, RESIDUAL_IS, registration.residual_is)
            set_attribute(node, WARNINGS, json.dumps(registration.warnings))
            set_attribute(node, DAY, date.today().isoformat())
    return node


def read_registration(verification_node: slicer.vtkMRMLScriptedModuleNode) -> Registration | None:
    """Return the registration of a verification, or None; a transform that was changed by hand says so.

    Raises
    ------
    SceneError, RegistrationError, VerificationError
        There is no such verification, or its transform is not rigid or is damaged.
    """
    node = verification_part(verification_node, VerificationRole.REGISTRATION)
    if node is None:
        return None
    residual = get_attribute(node, RESIDUAL)
    try:
        return Registration(
            RegistrationMethod(get_attribute(node, METHOD)),
            _matrix_of(node),
            float(residual) if residual else None,
            get_attribute(node, RESIDUAL_IS),
            tuple(json.loads(get_attribute(node, WARNINGS, "[]"))),
        )
    except (TypeError, ValueError) as error:
        raise VerificationError(
            f"The registration {node.GetName()!r} cannot be read ({error}): register plan and implant again."
        ) from error


def need_registration(verification_node: slicer.vtkMRMLScriptedModuleNode) -> Registration:
    """Return the registration of a verification.

    Raises
    ------
    VerificationError
        There is none.
    """
    registration = read_registration(verification_node)
    if registration is None:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r} is not registered: register plan and implant first; "
            "choose 'none' when both are of one frame of reference."
        )
    return registration


def remove_registration(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Remove the registration of a verification."""
    set_verification_part(verification_node, VerificationRole.REGISTRATION, None)


def _matrix_of(node: slicer.vtkMRMLLinearTransformNode) -> FloatArray:
    matrix = vtk.vtkMatrix4x4()
    node.GetMatrixTransformToParent(matrix)
    return matrix_to_array(matrix)


def _plan_scan(verification_node: slicer.vtkMRMLScriptedModuleNode) -> RegistrationScan:
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    target = read_plan_segments(plan_node).target if plan_node is not None else ""
    return RegistrationScan(
        _volume(verification_node, VerificationRole.PLAN_VOLUME, "planning CT"),
        read_plan_structure(plan_node, target) if plan_node is not None and target else None,
        frame_of_reference_uid=plan_text(plan_node, PlanField.FRAME_OF_REFERENCE_UID) if plan_node is not None else "",
    )


def _implant_scan(verification_node: slicer.vtkMRMLScriptedModuleNode) -> RegistrationScan:
    return RegistrationScan(
        _volume(verification_node, VerificationRole.IMPLANT_VOLUME, "implant CT"),
        _implant_target(verification_node),
        read_found_seeds(verification_node).positions_mm,
        verification_text(verification_node, VerificationField.FRAME_OF_REFERENCE_UID),
    )


def _volume(verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole, what: str) -> Volume | None:
    node = verification_part(verification_node, role)
    if node is None:
        return None
    values, grid = view_image(node, what)
    return Volume(node.GetName(), values, grid, unit="HU")


def _implant_target(verification_node: slicer.vtkMRMLScriptedModuleNode) -> Structure | None:
    target = read_segments(verification_node).target
    if not target or has_carried_target(verification_node):
        return None  # the plan's own outline says nothing about where the implant's is
    return read_structure(verification_part(verification_node, VerificationRole.TARGETS), target)
