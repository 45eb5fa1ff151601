"""The result of evidence as it is kept in the scene: the request that gives it again, as JSON."""

from __future__ import annotations

import json
from functools import lru_cache

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence, lesion_evidence_from_json
from brachyresponse.scene.evidence_parts import EvidenceRole, own_evidence_node, record_text_of


def write_record(evidence_node: slicer.vtkMRMLScriptedModuleNode, found: LesionEvidence) -> None:
    """Keep a result with its evidence."""
    node = own_evidence_node(evidence_node, EvidenceRole.RECORD, "vtkMRMLTextNode", "record")
    node.SetHideFromEditors(True)
    node.SetText(json.dumps(found.as_json(), ensure_ascii=False))


def read_record(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> LesionEvidence | None:
    """Return the last result, also of an earlier session, or None before the evidence was weighed.

    Raises
    ------
    SceneError, ResponseError, InputFileError
        There is no such evidence, or what is kept is damaged.
    """
    text = record_text_of(evidence_node)
    return _parsed(text, evidence_node.GetName()) if text else None


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> LesionEvidence:
    """The result in a text; kept, because a panel asks for it with every change, and it is weighed anew."""
    try:
        item = json.loads(text)
    except ValueError as error:
        raise ResponseError(f"What is kept of evidence {name!r} is damaged ({error}): weigh it again.") from error
    return lesion_evidence_from_json(item, name)
