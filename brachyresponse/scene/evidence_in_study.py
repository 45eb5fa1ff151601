"""The weighed evidence of a visit as a study takes it over, and what has to be said of it there."""

from __future__ import annotations

from collections.abc import Iterator

import slicer

from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.scene.evidence_nodes import evidences_of, lesion_of
from brachyresponse.scene.evidence_records import read_record
from brachyresponse.scene.evidence_staleness import stale_evidence_reason
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_visits import day_of_visit


def weighed_evidence(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[LesionEvidence]:
    """Yield what was weighed at a visit, as far as it is still of this lesion, day and patient.

    Raises
    ------
    SceneError, ResponseError, InputFileError
        There is no such visit, or what is kept is damaged.
    """
    for node in evidences_of(visit_node):
        found = read_record(node)
        if found is not None and _is_of(found, node, visit_node):
            yield found


def evidence_notes(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[str]:
    """Yield a sentence on each evidence of a visit that is out of date, or was not weighed.

    Raises
    ------
    SceneError, ResponseError, InputFileError
        There is no such visit, or what is kept is damaged.
    """
    for node in evidences_of(visit_node):
        label = f"The evidence on lesion {lesion_of(node).id!r} at the visit of {day_of_visit(visit_node)}"
        reason = stale_evidence_reason(node)
        if read_record(node) is None:
            yield f"{label} was not weighed."
        elif reason:
            yield f"{label} is out of date ({reason}): weigh it again."


def _is_of(
    found: LesionEvidence, node: slicer.vtkMRMLScriptedModuleNode, visit_node: slicer.vtkMRMLScriptedModuleNode
) -> bool:
    """Whether what was weighed is of the lesion, the day and the patient as they are called now."""
    patient = response_text(need_assessment(visit_node), ResponseField.PATIENT_ID)
    is_place = (found.lesion, found.visit) == (lesion_of(node).id, day_of_visit(visit_node))
    return is_place and found.request.patient_id in ("", patient)
