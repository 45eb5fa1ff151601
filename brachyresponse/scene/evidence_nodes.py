"""Evidence in the scene: one node a lesion and visit, in a folder of its own within the visit's."""

from __future__ import annotations

from datetime import datetime

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.evidence_choices import choose_default_prior
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json, set_evidence_field
from brachyresponse.scene.evidence_parts import EVIDENCE_CLASS, EVIDENCE_KIND, EvidenceRole, require_evidence, visit_of
from brachyresponse.scene.hierarchy import child_folder, place, rename_folder
from brachyresponse.scene.nodes import add_node, batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.response_lesions import LesionEntry, find_entry, lesion_label, read_entries
from brachyresponse.scene.response_parts import (
    VisitPart,
    need_assessment,
    require_visit,
    set_visit_parts,
    visit_parts,
)
from brachyresponse.scene.response_visits import day_of_visit, visits_of


def create_evidence(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> slicer.vtkMRMLScriptedModuleNode:
    """Add evidence on a lesion of a visit, without findings and with the usual prior, and return its node.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or lesion, or the lesion has evidence at this visit already; then nothing is added.
    """
    entry = find_entry(visit_node, lesion_id)
    if find_evidence(visit_node, entry) is not None:
        raise ResponseError(
            f"{lesion_label(visit_node, lesion_id)} has evidence already: change that, or delete it first."
        )
    scene, name = visit_node.GetScene(), _name(visit_node, entry.id)
    with batch(scene):
        node = add_node(scene, EVIDENCE_CLASS, name)
        set_attribute(node, KIND_ATTRIBUTE, EVIDENCE_KIND)
        node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_evidence_field(node, EvidenceField.CREATED, datetime.now().replace(microsecond=0))
        set_evidence_field(node, EvidenceField.LESION, entry.slot)
        choose_default_prior(node)
        place(node, child_folder(scene, folder_for(visit_node), _folder_name(entry.id)))
        set_visit_parts(visit_node, VisitPart.EVIDENCE, [*evidences_of(visit_node), node])
    return node


def evidences_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the evidence of a visit, in the order in which it was added.

    Raises
    ------
    SceneError
        There is no such visit.
    """
    return visit_parts(visit_node, VisitPart.EVIDENCE)


def find_evidence(
    visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry
) -> slicer.vtkMRMLScriptedModuleNode | None:
    """Return the evidence on a lesion of a visit, or None."""
    require_visit(visit_node)
    slots = ((node, evidence_json(node, EvidenceField.LESION)) for node in evidences_of(visit_node))
    return next((node for node, slot in slots if slot == entry.slot), None)


def lesion_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> LesionEntry:
    """Return the lesion that evidence is on.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or its lesion was removed from the visit.
    """
    visit_node, slot = visit_of(evidence_node), evidence_json(evidence_node, EvidenceField.LESION)
    entry = next((each for each in read_entries(visit_node) if each.slot == slot), None)
    if entry is None:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r} is on a lesion that was removed from its visit: delete it, or add "
            "the lesion and create evidence anew."
        )
    return entry


def visits_until(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return a visit and those before it, in the order of their days: of later ones its lesions are not judged."""
    day = day_of_visit(visit_node)
    return [node for node in visits_of(need_assessment(visit_node)) if day_of_visit(node) <= day]


def measured_lesions(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[str]:
    """Return the lesions that were measured at a visit, in the order in which they were added."""
    return [each.id for each in read_entries(visit_node) if each.state is LesionState.MEASURED]


def delete_evidence(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete evidence with its tables, text and chart; nothing that it was collected from is touched.

    Raises
    ------
    SceneError
        There is no such evidence.
    """
    require_evidence(evidence_node)
    delete_owner(evidence_node, EvidenceRole)


def delete_evidence_on(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> None:
    """Delete the evidence on a lesion that is taken off its visit, where there is any."""
    node = find_evidence(visit_node, entry)
    if node is not None:
        delete_evidence(node)


def name_evidence(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Name the evidence of a visit, and what belongs to it, by the visit and the lesions."""
    by_slot = {entry.slot: entry for entry in read_entries(visit_node)}
    for node in evidences_of(visit_node):
        entry = by_slot.get(evidence_json(node, EvidenceField.LESION))
        if entry is not None and node.GetName() != (name := _name(visit_node, entry.id)):
            rename_owner(node, name, EvidenceRole)
            rename_folder(node.GetScene(), folder_for(node), _folder_name(entry.id))


def _name(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> str:
    return f"{visit_node.GetName()} lesion {lesion_id} evidence"


def _folder_name(lesion_id: str) -> str:
    return f"Evidence on lesion {lesion_id}"
