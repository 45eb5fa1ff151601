"""What a lesion is at all visits alike: its role, its kind and its organ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import slicer

from brachyresponse.response.vocabulary import LesionKind, LesionRole, VisitRole
from brachyresponse.scene.response_lesions import LesionEntry, read_entries, write_entries
from brachyresponse.scene.response_parts import assessment_of
from brachyresponse.scene.response_visits import role_of, visits_of

SHARED = ("role", "kind", "organ")
DEFAULT_KIND, BRAIN, NODE = LesionKind.ENHANCING, "brain", "lymph node"


@dataclass(frozen=True)
class LesionIdentity:
    """What a lesion is; the role is None while it is left to the criteria."""

    role: LesionRole | None
    kind: LesionKind
    organ: str


def visits_beside(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the visits of the assessment of a visit in order, itself among them."""
    owner = assessment_of(visit_node)
    return [visit_node] if owner is None else visits_of(owner)


def identity_of(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> LesionIdentity:
    """Return what was said of a lesion at any visit; the earliest word counts."""
    entries = [each for node in visits_beside(visit_node) for each in read_entries(node) if each.id == lesion_id]
    role = next((each.role for each in entries if each.role is not None), None)
    kind = next((each.kind for each in entries if each.kind is not None), DEFAULT_KIND)
    usual = NODE if kind is LesionKind.NODE else BRAIN
    organ = next((each.organ for each in entries if each.organ is not None), usual)
    return LesionIdentity(role, kind, organ)


def share_identity(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> None:
    """Let what is said of a lesion at one visit hold at the others that have it; what is not said changes nothing."""
    say_identity(visit_node, entry, [name for name in SHARED if getattr(entry, name) is not None])


def say_identity(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, names: Iterable[str]) -> None:
    """Let a lesion have values of :data:`SHARED` at all visits."""
    said = {name: getattr(entry, name) for name in names}
    for other in visits_beside(visit_node) if said else []:
        entries = read_entries(other)
        changed = [replace(each, **said) if each.id == entry.id else each for each in entries]
        if changed != list(entries):
            write_entries(other, changed)


def is_new_at(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> bool:
    """Tell whether a visit after the baseline has a lesion that the baseline did not have."""
    if role_of(visit_node) is not VisitRole.FOLLOW_UP:
        return False
    baselines = [node for node in visits_beside(visit_node) if role_of(node) is VisitRole.BASELINE]
    return lesion_id not in {entry.part_of or entry.id for node in baselines for entry in read_entries(node)}
