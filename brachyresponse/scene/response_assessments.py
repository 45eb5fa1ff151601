"""Assessments in the scene: one node a patient, with references to its visits, tables and results, in one folder."""

from __future__ import annotations

from datetime import datetime

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.scene.nodes import add_node, batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.response_fields import ResponseField, set_response_field
from brachyresponse.scene.response_parts import (
    RESPONSE_CLASS,
    RESPONSE_KIND,
    ResponseRole,
    assessments_in,
    require_assessment,
    response_parts,
)
from brachyresponse.scene.response_visits import delete_visit, rename_visits, visits_of


def create_assessment(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLScriptedModuleNode:
    """Add an assessment without visits, in a folder of its own, and return its node.

    Raises
    ------
    ResponseError
        The name is empty.
    """
    _check_name(name)
    with batch(scene):
        node = add_node(scene, RESPONSE_CLASS, name)
        set_attribute(node, KIND_ATTRIBUTE, RESPONSE_KIND)
        node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_response_field(node, ResponseField.CREATED, datetime.now().replace(microsecond=0))
        folder_for(node)
    return node


def delete_assessment(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete an assessment with its visits and all that is ours; images, segmentations and studies of the user stay.

    Raises
    ------
    SceneError
        There is no such assessment.
    """
    require_assessment(assessment_node)
    with batch(assessment_node.GetScene()):
        for visit_node in visits_of(assessment_node):
            if not _has_a_copy(assessment_node, visit_node):
                delete_visit(visit_node)
        delete_owner(assessment_node, [role for role in ResponseRole if role is not ResponseRole.VISITS])


def rename_assessment(assessment_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Rename an assessment, its folder, its visits, and the nodes that carry its name.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or the name is empty.
    """
    require_assessment(assessment_node)
    _check_name(name)
    rename_owner(assessment_node, name, [role for role in ResponseRole if role is not ResponseRole.VISITS])
    rename_visits(assessment_node)


def _check_name(name: str) -> None:
    if not name.strip():
        raise ResponseError("The assessment has no name: give it one.")


def _has_a_copy(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, visit_node: slicer.vtkMRMLScriptedModuleNode
) -> bool:
    """Whether another assessment has a visit too: a copy by the subject hierarchy, which refers to the same nodes."""
    others = [node for node in assessments_in(assessment_node.GetScene()) if node is not assessment_node]
    return any(visit_node is each for other in others for each in response_parts(other, ResponseRole.VISITS))
