"""The evidence on one lesion at one visit: its node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole
from brachyresponse.scene.response_parts import VISIT_PARTS, VisitPart, visit_parts

EVIDENCE_CLASS, EVIDENCE_KIND = OWNER_CLASS, OwnerKind.EVIDENCE.value


class EvidenceRole(PartRole):
    """What a node is to the evidence; the value is the role of the node reference."""

    MARKERS = "markerTableRef"
    QUESTIONS = "questionTableRef"
    TEXT = "evidenceTextRef"
    RECORD = "recordRef"
    CHART_TABLE = "sensitivityTableRef"
    CHART_SERIES = "sensitivitySeriesRef"
    CHART = "sensitivityChartRef"

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self is not EvidenceRole.CHART_SERIES


EVIDENCE_PARTS: PartsOf[EvidenceRole] = PartsOf(OwnerKind.EVIDENCE)
is_evidence, evidence_part, evidence_parts = EVIDENCE_PARTS.is_one, EVIDENCE_PARTS.first, EVIDENCE_PARTS.every
set_evidence_part, set_evidence_parts, own_evidence_node = (
    EVIDENCE_PARTS.put,
    EVIDENCE_PARTS.put_every,
    EVIDENCE_PARTS.made,
)


def require_evidence(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is no evidence, or one that was removed from the scene.

    Raises
    ------
    SceneError
        It is.
    """
    EVIDENCE_PARTS.require(evidence_node)
    if evidence_node.GetScene() is None:
        raise SceneError(f"Evidence {evidence_node.GetName()!r} was removed from the scene: choose another.")


def visit_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Return the visit that evidence is of.

    Raises
    ------
    SceneError
        There is no such evidence, or its visit was deleted.
    """
    require_evidence(evidence_node)
    for visit_node in VISIT_PARTS.in_scene(evidence_node.GetScene()):
        if any(evidence_node is each for each in visit_parts(visit_node, VisitPart.EVIDENCE)):
            return visit_node
    raise SceneError(f"Evidence {evidence_node.GetName()!r} belongs to no visit: create it for a lesion of one.")


def record_text_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the text that is kept; empty before the evidence was weighed."""
    node = evidence_part(evidence_node, EvidenceRole.RECORD)
    return "" if node is None else str(node.GetText() or "")
