"""Visits of an assessment: one node each, with its day, its images, and the reader's words on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import (
    VisitRole,
)
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.hierarchy import child_folder, place, rename_folder
from brachyresponse.scene.image_preview import hide_preview_of
from brachyresponse.scene.nodes import batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.perfusion_parts import require_perfusion
from brachyresponse.scene.response_fields import (
    ResponseField,
    VisitField,
    response_text,
    set_response_field,
    set_visit_field,
    visit_day,
    visit_text,
)
from brachyresponse.scene.response_parts import (
    RESPONSE_CLASS,
    VISIT_KIND,
    ResponseRole,
    VisitPart,
    assessment_of,
    require_assessment,
    require_visit,
    response_parts,
    set_response_parts,
    set_visit_part,
    set_visit_parts,
    visit_part,
    visit_parts,
)
from brachyresponse.scene.response_visit_parts import (
    OWN_ROLES,
    delete_evidence_and_spectra,
    rename_evidence_and_spectra,
)
from brachyresponse.scene.response_words import needed_day, word_of
from brachyresponse.scene.volumes import read_grid

IMAGE = "image of the visit"


def add_visit(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    day: date | str,
    role: str = VisitRole.FOLLOW_UP.value,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None = None,
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a visit, in a folder of its own within the assessment's, and return its node.

    Parameters
    ----------
    volume_node
        The image on which lesions are measured.

    Raises
    ------
    SceneError, ResponseError, GeometryError
        There is no such assessment, the day is none or taken, or the image cannot be read or is that of another visit;
        then nothing is added.
    """
    require_assessment(assessment_node)
    when, chosen = needed_day(day, "visit"), word_of(VisitRole, role, "role of a visit")
    check_days(assessment_node, [(None, when)])
    if volume_node is not None:
        read_grid(volume_node, IMAGE)
        _check_not_of_another(assessment_node, volume_node, None)
        _check_patient(assessment_node, volume_node)
    scene = assessment_node.GetScene()
    with batch(scene):
        node = scene.AddNewNodeByClass(RESPONSE_CLASS, _name(assessment_node, when))
        set_attribute(node, KIND_ATTRIBUTE, VISIT_KIND)
        node.SetHideFromEditors(False)
        place(node, child_folder(scene, folder_for(assessment_node), when.isoformat()))
        set_visit_field(node, VisitField.DATE, when)
        set_visit_field(node, VisitField.ROLE, chosen.value)
        set_visit_part(node, VisitPart.VOLUME, volume_node)
        before = response_parts(assessment_node, ResponseRole.VISITS)
        set_response_parts(assessment_node, ResponseRole.VISITS, [*before, node])
        _take_patient(assessment_node, volume_node)
    return node


def remove_visit(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, visit_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    """Take a visit out of an assessment, with its lines, tables and own segments; what the user made stays.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, or it belongs to another assessment.
    """
    require_visit(visit_node)
    if assessment_of(visit_node) is not assessment_node:
        raise ResponseError(f"{visit_node.GetName()!r} is no visit of this assessment.")
    delete_visit(visit_node)


def delete_visit(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete a visit with everything that belongs to it; images and segmentations of the user stay."""
    require_visit(visit_node)
    hide_preview_of(visit_node)
    with batch(visit_node.GetScene()):
        delete_evidence_and_spectra(visit_node)
        delete_owner(visit_node, OWN_ROLES)


def visits_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the visits of an assessment in the order of their days.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, or the day of a visit is damaged.
    """
    return sorted(response_parts(assessment_node, ResponseRole.VISITS), key=day_of_visit)


def baseline_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Return the visit that the others are compared with.

    Raises
    ------
    ResponseError
        There is none, or more than one.
    """
    found = [node for node in visits_of(assessment_node) if role_of(node) is VisitRole.BASELINE]
    if len(found) != 1:
        days = " and ".join(day_of_visit(node).isoformat() for node in found)
        what = f"two baselines, {days}: keep one" if found else "no baseline: say which visit is it"
        raise ResponseError(f"Assessment {assessment_node.GetName()!r} has {what}.")
    return found[0]


def day_of_visit(visit_node: slicer.vtkMRMLScriptedModuleNode) -> date:
    """Return the day of a visit.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, or its day was taken away.
    """
    day = visit_day(visit_node, VisitField.DATE)
    if day is None:
        raise ResponseError(f"Visit {visit_node.GetName()!r} has no date: set it.")
    return day


def role_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> VisitRole:
    """Return what a visit is to its assessment."""
    return word_of(VisitRole, visit_text(visit_node, VisitField.ROLE), "role of a visit")


def set_visit_volume(
    visit_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    """Choose the image on which lesions are measured; None is none.

    Raises
    ------
    SceneError, ResponseError, GeometryError
        There is no such visit, the image cannot be read, or it is that of another visit.
    """
    require_visit(visit_node)
    owner = assessment_of(visit_node)
    if volume_node is not None:
        read_grid(volume_node, IMAGE)
        if owner is not None:
            _check_not_of_another(owner, volume_node, visit_node)
            _check_patient(owner, volume_node)
            _take_patient(owner, volume_node)
    before = visit_part(visit_node, VisitPart.VOLUME)
    set_visit_part(visit_node, VisitPart.VOLUME, volume_node)
    if before is not volume_node:
        set_visit_part(visit_node, VisitPart.REGISTRATION, None)  # it brought another image to the baseline


def add_series(visit_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode) -> None:
    """Add a series to those of a visit; one that is there already stays once.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or series.
    """
    require_visit(visit_node)
    if node is None or not (node.IsA("vtkMRMLVolumeNode") or node.IsA("vtkMRMLSequenceNode")):
        raise ResponseError("A series is a volume or a sequence: choose one.")
    before = visit_parts(visit_node, VisitPart.SERIES)
    if not any(node is each for each in before):
        set_visit_parts(visit_node, VisitPart.SERIES, [*before, node])


def remove_series(visit_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode) -> None:
    """Take a series out of those of a visit; the node stays in the scene."""
    before = visit_parts(visit_node, VisitPart.SERIES)
    set_visit_parts(visit_node, VisitPart.SERIES, [each for each in before if each is not node])


def set_perfusion(
    visit_node: slicer.vtkMRMLScriptedModuleNode, perfusion_node: slicer.vtkMRMLScriptedModuleNode | None
) -> None:
    """Link the perfusion study of a visit; None takes it away.

    Raises
    ------
    SceneError
        There is no such visit, or the node is no perfusion study.
    """
    require_visit(visit_node)
    if perfusion_node is not None:
        require_perfusion(perfusion_node)
    set_visit_part(visit_node, VisitPart.PERFUSION, perfusion_node)


def rename_visits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Name the visits, their folders and their nodes by the assessment and the days."""
    scene = assessment_node.GetScene()
    for visit_node in visits_of(assessment_node):
        day, name = day_of_visit(visit_node), _name(assessment_node, day_of_visit(visit_node))
        if visit_node.GetName() != name:
            rename_evidence_and_spectra(visit_node, name)
            rename_owner(visit_node, name, OWN_ROLES)
            rename_folder(scene, folder_for(visit_node), day.isoformat())


def _name(assessment_node: slicer.vtkMRMLScriptedModuleNode, day: date) -> str:
    return f"{assessment_node.GetName()} {day.isoformat()}"


def check_days(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    given: Sequence[tuple[slicer.vtkMRMLScriptedModuleNode | None, date]],
) -> None:
    """Refuse new days of visits, None for one that is to be added, by which two visits were on one day.

    Raises
    ------
    ResponseError
        They were.
    """
    changed = [node for node, _ in given]
    taken = [day_of_visit(node) for node in visits_of(assessment_node) if not any(node is each for each in changed)]
    for _, day in given:
        if day in taken:
            raise ResponseError(
                f"Assessment {assessment_node.GetName()!r} has a visit on {day} already: put all series of one day "
                "into one visit, or correct the date."
            )
        taken.append(day)


def _check_not_of_another(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
    but: slicer.vtkMRMLScriptedModuleNode | None,
) -> None:
    name = volume_node.GetName()
    for other in visits_of(assessment_node):
        if other is not but and visit_part(other, VisitPart.VOLUME) is volume_node:
            raise ResponseError(
                f"Image {name!r} is that of the visit of {day_of_visit(other)}: choose the image of this visit."
            )


def _check_patient(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode
) -> None:
    known, found = response_text(assessment_node, ResponseField.PATIENT_ID), dicom_facts(volume_node).patient_id
    if known and found and known != found:
        raise ResponseError(
            f"Image {volume_node.GetName()!r} is of patient {found!r}, but assessment {assessment_node.GetName()!r} is "
            f"of patient {known!r}: choose an image of this patient, or correct the patient ID of the assessment."
        )


def _take_patient(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    """Keep the patient of an image loaded from DICOM, where none is known yet."""
    found = "" if volume_node is None else dicom_facts(volume_node).patient_id
    if found and not response_text(assessment_node, ResponseField.PATIENT_ID):
        set_response_field(assessment_node, ResponseField.PATIENT_ID, found)
