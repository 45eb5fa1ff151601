"""Assessments in the scene: one node a patient, with references to its visits, tables and results, in one folder."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_type_hints

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseOptions
from brachyresponse.response.vocabulary import CriteriaName, Measure
from brachyresponse.scene.nodes import add_node, batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.response_fields import (
    ResponseField,
    response_day,
    response_json,
    response_text,
    set_response_field,
)
from brachyresponse.scene.response_parts import (
    RESPONSE_CLASS,
    RESPONSE_KIND,
    ResponseRole,
    assessments_in,
    require_assessment,
    response_parts,
)
from brachyresponse.scene.response_visits import delete_visit, rename_visits, visits_of
from brachyresponse.scene.response_words import day_of, truth_of, word_of

OPTION_NAMES = {
    "measure": "measure",
    "antiangiogenic": "is_antiangiogenic",
    "confirmProgression": "must_confirm_progression",
    "nonMeasurableOnly": "is_non_measurable_only",
    "confirmResponse": "must_confirm_response",
    "minSdWeeks": "min_sd_weeks",
    "holdConfirmedPr": "holds_confirmed_pr",
    "protocolTargets": "has_protocol_targets",
}
"""By the Logic's names, the options of the criteria."""


def create_assessment(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLScriptedModuleNode:
    """Add an assessment without visits, in a folder of its own, and return its node."""
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
    """Rename an assessment, its folder, its visits, and the nodes that carry its name."""
    require_assessment(assessment_node)
    rename_owner(assessment_node, name, [role for role in ResponseRole if role is not ResponseRole.VISITS])
    rename_visits(assessment_node)


def chosen_criteria(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CriteriaName | None:
    """Return the chosen criteria, or None while none are."""
    text = response_text(assessment_node, ResponseField.CRITERIA)
    return word_of(CriteriaName, text, "set of criteria") if text else None


def set_criteria(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, name: str, *, is_assessed: bool, today: date
) -> None:
    """Choose the criteria; a change after the assessment is kept on record, because it changes what was said before.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or no such criteria.
    """
    chosen, before = word_of(CriteriaName, name, "set of criteria"), chosen_criteria(assessment_node)
    if chosen is before:
        return
    if is_assessed and before is not None:
        changes = [*response_json(assessment_node, ResponseField.CRITERIA_CHANGES, [])]
        changes.append([before.value, chosen.value, today.isoformat()])
        set_response_field(assessment_node, ResponseField.CRITERIA_CHANGES, changes)
    set_response_field(assessment_node, ResponseField.CRITERIA, chosen.value)


def criteria_changes(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what is to be said of criteria that were changed half way."""
    return tuple(
        f"The criteria were changed from {before} to {after} on {day}, after visits had been assessed: every visit is "
        f"now assessed anew by {after}; categories said before by {before} are not to be set beside these."
        for before, after, day in response_json(assessment_node, ResponseField.CRITERIA_CHANGES, [])
    )


def read_options(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CaseOptions:
    """Return the choices that were made within the criteria."""
    kept: dict[str, Any] = dict(response_json(assessment_node, ResponseField.OPTIONS, {}))
    if "measure" in kept:
        kept["measure"] = Measure(kept["measure"])
    return CaseOptions(**kept)


def set_option(assessment_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: bool | int | str) -> None:
    """Make a choice within the criteria, by one of :data:`OPTION_NAMES`.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment or option, or the value is none that it can have.
    """
    require_assessment(assessment_node)
    if name not in OPTION_NAMES:
        raise ResponseError(f"There is no option {name!r}: choose one of {', '.join(OPTION_NAMES)}.")
    key = OPTION_NAMES[name]
    kept = dict(response_json(assessment_node, ResponseField.OPTIONS, {}))
    kept[key] = _typed_option(name, get_type_hints(CaseOptions)[key], value)
    set_response_field(assessment_node, ResponseField.OPTIONS, kept)


def set_reference_date(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, day: date | str | None, said: str = ""
) -> None:
    """Choose the day that counts as the end of radiation; None takes it away.

    Parameters
    ----------
    said
        What the day is: ``"implant"``.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or the text is no date.
    """
    chosen = day_of(day, "end of radiation")
    set_response_field(assessment_node, ResponseField.RADIATION_END, chosen)
    set_response_field(assessment_node, ResponseField.RADIATION_END_SAID, said if chosen else None)


def reference_date(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> date | None:
    """Return the day that counts as the end of radiation, or None while it was not chosen."""
    return response_day(assessment_node, ResponseField.RADIATION_END)


def _typed_option(name: str, kind: type, value: bool | int | str) -> bool | int | str:
    if kind is Measure:
        return word_of(Measure, value, "measure of size").value
    if kind is bool:
        return truth_of(str(value), f"Option {name!r}")
    if not str(value).strip().isdecimal():
        raise ResponseError(f"Option {name!r}: {value!r} is not a whole number that is not negative; give one.")
    return int(value)


def _has_a_copy(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, visit_node: slicer.vtkMRMLScriptedModuleNode
) -> bool:
    """Whether another assessment has a visit too: a copy by the subject hierarchy, which refers to the same nodes."""
    others = [node for node in assessments_in(assessment_node.GetScene()) if node is not assessment_node]
    return any(visit_node is each for other in others for each in response_parts(other, ResponseRole.VISITS))
