"""Evidence and spectra of a visit, which have nodes of their own: deleted and renamed with it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.evidence_parts import EvidenceRole
from brachyresponse.scene.parts import delete_owner, rename_owner
from brachyresponse.scene.response_parts import OWNERS_OF_VISIT, VisitPart, visit_parts
from brachyresponse.scene.spectroscopy_nodes import delete_spectra, rename_spectra_of

OWN_ROLES = tuple(role for role in VisitPart if role not in OWNERS_OF_VISIT)
"""Roles of nodes without nodes of their own."""


def delete_evidence_and_spectra(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete the evidence and the spectra of a visit, with all that belongs to them."""
    for evidence_node in visit_parts(visit_node, VisitPart.EVIDENCE):
        delete_owner(evidence_node, EvidenceRole)
    for spectra_node in visit_parts(visit_node, VisitPart.SPECTRA):
        delete_spectra(spectra_node)


def rename_evidence_and_spectra(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Name the evidence and the spectra of a visit, by the name that the visit is to have."""
    for evidence_node in visit_parts(visit_node, VisitPart.EVIDENCE):
        own = name + evidence_node.GetName().removeprefix(visit_node.GetName())
        rename_owner(evidence_node, own, EvidenceRole)
    rename_spectra_of(visit_node, name)
