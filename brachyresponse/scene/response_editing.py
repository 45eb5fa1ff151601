"""What a reader does with the lesions of a visit: adding, naming, saying what became of them, removing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import Certainty, FieldPosition, LesionKind, LesionRole, LesionState
from brachyresponse.scene.evidence_nodes import delete_evidence_on, name_evidence
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_identity import SHARED, say_identity, share_identity
from brachyresponse.scene.response_lesions import (
    LesionEntry,
    check_once,
    find_entry,
    free_id,
    free_slot,
    lesion_label,
    put_entry,
    read_entries,
    segment_of,
    set_segment,
    write_entries,
)
from brachyresponse.scene.response_lines import name_lines, remove_lines
from brachyresponse.scene.response_measuring import EnteredSizes, enter_sizes, forget_size
from brachyresponse.scene.response_parts import require_visit
from brachyresponse.scene.response_words import word_of
from brachyresponse.scene.segments import read_structure

BY_CRITERIA = "by the criteria"
"""Of the role of a lesion: whether it is summed follows from its size."""
WITHOUT_SIZE = (LesionState.ABSENT, LesionState.TOO_SMALL, LesionState.NOT_EVALUABLE, LesionState.MERGED)


@dataclass(frozen=True)
class LesionFacts:
    """What is said of a lesion that is added; None is the usual, or what it was said to be at another visit."""

    id: str | None = None
    kind: str | None = None
    organ: str | None = None
    role: str | None = None

    def applied(self, entry: LesionEntry) -> LesionEntry:
        """Return a lesion of which this is said.

        Raises
        ------
        ResponseError
            A word is none of the vocabulary.
        """
        return replace(
            entry,
            id=entry.id if self.id is None else self.id.strip(),
            kind=entry.kind if self.kind is None else word_of(LesionKind, self.kind, "kind of lesion"),
            organ=entry.organ if self.organ is None else self.organ.strip(),
            role=entry.role if self.role is None else word_of(LesionRole, self.role, "role of a lesion"),
        )


@dataclass(frozen=True)
class LesionValue:
    """A value of a lesion that people set: the field in which it is kept, and how what they give is read."""

    name: str
    read: Callable[[Any], Any]


LESION_VALUES = {
    "state": LesionValue("state", lambda value: word_of(LesionState, value, "state of a lesion")),
    "role": LesionValue("role", lambda value: _role(value)),
    "kind": LesionValue("kind", lambda value: word_of(LesionKind, value, "kind of lesion") if value else None),
    "organ": LesionValue("organ", lambda value: str(value or "").strip() or None),
    "mergedInto": LesionValue("merged_into", lambda value: str(value or "").strip()),
    "partOf": LesionValue("part_of", lambda value: str(value or "").strip()),
    "field": LesionValue("field_position", lambda value: word_of(FieldPosition, value, "place in the field")),
    "certainty": LesionValue("certainty", lambda value: word_of(Certainty, value, "certainty")),
}
"""By the Logic's names."""


def add_segment_lesion(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation_node: slicer.vtkMRMLSegmentationNode,
    segment_id: str,
    facts: LesionFacts,
) -> LesionEntry:
    """Add a segment as a lesion of a visit, not measured yet; one that is there already is only described anew.

    Raises
    ------
    SceneError, StructureError, ResponseError, GeometryError
        There is no such visit or segment, it is empty, or another lesion has the name; then nothing is changed.
    """
    require_visit(visit_node)
    read_structure(segmentation_node, segment_id)
    entry = _of_segment(visit_node, segmentation_node, segment_id)
    if entry is not None:
        entry = facts.applied(entry)
        put_entry(visit_node, entry)
        share_identity(visit_node, entry)
        name_lines(visit_node, entry)
        return entry
    known = None if facts.id is None else _without_size(visit_node, facts.id.strip())
    entry = known or LesionEntry(free_slot(visit_node), free_id(visit_node))
    entry = replace(facts.applied(entry), segment_id=segment_id, state=LesionState.MEASURED)
    set_segment(visit_node, entry.slot, segmentation_node)
    try:
        put_entry(visit_node, entry)
    except ResponseError:
        set_segment(visit_node, entry.slot, None)
        raise
    share_identity(visit_node, entry)
    return entry


def add_entered_lesion(
    visit_node: slicer.vtkMRMLScriptedModuleNode, facts: LesionFacts, entered: EnteredSizes
) -> LesionEntry:
    """Add a lesion by its sizes alone, or give one that is there these sizes instead of its own.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, or a size is none; then nothing is changed.
    """
    require_visit(visit_node)
    name = facts.id.strip() if facts.id else free_id(visit_node)
    known = next((entry for entry in read_entries(visit_node) if entry.id == name), None)
    entry = known or LesionEntry(free_slot(visit_node), name)
    entry = enter_sizes(visit_node, replace(facts, id=name).applied(entry), entered)
    with batch(visit_node.GetScene()):
        put_entry(visit_node, entry)
        share_identity(visit_node, entry)
        remove_lines(visit_node, entry.slot)
    return entry


def add_stated_lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, facts: LesionFacts, state: str) -> LesionEntry:
    """Say of a lesion what became of it, adding it where it is not there: absent, too small, not evaluable, merged.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or state, or the lesion has no name.
    """
    require_visit(visit_node)
    if not facts.id:
        raise ResponseError("A lesion that is said to be absent needs its name: give that of the baseline.")
    known = next((entry for entry in read_entries(visit_node) if entry.id == facts.id.strip()), None)
    entry = known or LesionEntry(free_slot(visit_node), facts.id.strip())
    entry = with_value(visit_node, facts.applied(entry), "state", state)
    put_entry(visit_node, entry)
    return entry


def set_lesion_value(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str, name: str, value: object) -> None:
    """Set a value of a lesion by one of :data:`LESION_VALUES`.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, lesion or value, or what is given is none that it can have.
    """
    entry = with_value(visit_node, find_entry(visit_node, lesion_id), name, value)
    with batch(visit_node.GetScene()):
        put_entry(visit_node, entry)
        if name in SHARED:
            say_identity(visit_node, entry, (name,))
        if entry.state in WITHOUT_SIZE:
            put_entry(visit_node, forget_size(visit_node, entry))


def with_value(
    visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, name: str, value: object
) -> LesionEntry:
    """Return a lesion with another value; nothing is written.

    Raises
    ------
    ResponseError
        There is no such value, or what is given is none that it can have.
    """
    if name not in LESION_VALUES:
        raise ResponseError(f"A lesion has no {name!r}: choose one of {', '.join(LESION_VALUES)}.")
    known = LESION_VALUES[name]
    changed = replace(entry, **{known.name: known.read(value)})
    if name == "field":
        changed = replace(changed, is_field_of_reader=True, field_said="")
    if name == "mergedInto" and changed.merged_into:
        _check_other(visit_node, changed, changed.merged_into)
        changed = replace(changed, state=LesionState.MERGED)
    if changed.state is not LesionState.MERGED:
        changed = replace(changed, merged_into="")
    return changed


def rename_lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, old: str, new: str) -> None:
    """Give a lesion of a visit another name: the reader's word on which lesion it is.

    What was said of a lesion of that name without a size, such as that it is absent, is replaced. A lesion of that
    name that was measured keeps it, and nothing is changed.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or lesion, or another measured lesion has the new name.
    """
    entry, name = find_entry(visit_node, old), new.strip()
    if name == old:
        return
    write_entries(visit_node, renamed_entries(visit_node, read_entries(visit_node), old, name))
    name_lines(visit_node, replace(entry, id=name))
    name_evidence(visit_node)


def renamed_entries(
    visit_node: slicer.vtkMRMLScriptedModuleNode, entries: tuple[LesionEntry, ...], old: str, new: str
) -> tuple[LesionEntry, ...]:
    """Return the lesions of a visit, of which one gets another name; nothing is written.

    Raises
    ------
    ResponseError
        Another measured lesion has the new name, or it is empty.
    """
    name = new.strip()
    kept = [each for each in entries if each.id == old or each.id != name or each.state not in WITHOUT_SIZE]
    entry = next(replace(each, id=name) for each in kept if each.id == old)
    renamed = tuple(_renamed(each, entry, old) for each in kept)
    check_once(visit_node, renamed)
    return renamed


def remove_lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> None:
    """Take a lesion off a visit, with its lines and the evidence on it; its segment stays.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or lesion.
    """
    entry = find_entry(visit_node, lesion_id)
    with batch(visit_node.GetScene()):
        remove_lines(visit_node, entry.slot)
        delete_evidence_on(visit_node, entry)
        write_entries(visit_node, [each for each in read_entries(visit_node) if each.slot != entry.slot])
        set_segment(visit_node, entry.slot, None)


def _renamed(each: LesionEntry, renamed: LesionEntry, old: str) -> LesionEntry:
    if each.slot == renamed.slot:
        return renamed
    merged, part = (renamed.id if name == old else name for name in (each.merged_into, each.part_of))
    return replace(each, merged_into=merged, part_of=part)


def _of_segment(
    visit_node: slicer.vtkMRMLScriptedModuleNode, segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str
) -> LesionEntry | None:
    for entry in read_entries(visit_node):
        chosen = segment_of(visit_node, entry)
        if chosen is not None and chosen.node is segmentation_node and chosen.segment_id == segment_id:
            return entry
    return None


def _without_size(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> LesionEntry | None:
    """The lesion of a name of which only is said what became of it: it may be found after all."""
    entries = read_entries(visit_node)
    return next((each for each in entries if each.id == name and each.state in WITHOUT_SIZE), None)


def _check_other(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, other: str) -> None:
    if other == entry.id:
        raise ResponseError(f"{lesion_label(visit_node, entry.id)} cannot be merged into itself: name the other one.")
    find_entry(visit_node, other)


def _role(value: object) -> LesionRole | None:
    text = str(value or "").strip()
    return None if text in ("", BY_CRITERIA) else word_of(LesionRole, text, "role of a lesion")
