"""Which lesion of a visit is which of those known before: proposed from the outlines, and taken over when agreed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Structure
from brachyresponse.response.matching import LesionDecision, LesionMatch, MatchKind, VisitLesions, match_lesions
from brachyresponse.response.matching.known import known_lesions
from brachyresponse.response.vocabulary import LesionState, VisitRole
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_identity import visits_beside
from brachyresponse.scene.response_lesions import (
    KeptSize,
    LesionEntry,
    free_slot,
    read_entries,
    segment_of,
    visit_label,
    write_entries,
)
from brachyresponse.scene.response_lines import name_lines
from brachyresponse.scene.response_measuring import forget_size
from brachyresponse.scene.response_registration import frame_of, other_baseline, registration_of, scan_grid
from brachyresponse.scene.response_visits import day_of_visit, role_of

GONE = {MatchKind.ABSENT: LesionState.ABSENT, MatchKind.NOT_EVALUABLE: LesionState.NOT_EVALUABLE}


def match_visit(visit_node: slicer.vtkMRMLScriptedModuleNode) -> LesionMatch:
    """Propose which lesion of a visit is which of those that are known before; nothing is written.

    Known are the lesions of the baseline and of the visits between, each where it was last seen.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The visit is the baseline, it or one between is not registered, or a segment cannot be read.
    """
    baseline = other_baseline(visit_node)
    if role_of(visit_node) is VisitRole.PRE_BASELINE:
        raise ResponseError(f"{visit_label(visit_node)} is before the baseline: only later visits are matched with it.")
    day = day_of_visit(visit_node)
    between = [
        node
        for node in visits_beside(visit_node)
        if role_of(node) is VisitRole.FOLLOW_UP and day_of_visit(node) < day and _drawn(node)
    ]
    before = known_lesions(
        [(_lesions(baseline, _drawn(baseline)), None)]
        + [(_lesions(node, _drawn(node)), registration_of(node)) for node in between]
    )
    return match_lesions(before, _lesions(visit_node, _by_id(visit_node)), registration_of(visit_node))


def apply_match(visit_node: slicer.vtkMRMLScriptedModuleNode, match: LesionMatch) -> None:
    """Name the lesions of a visit as a match says, and say what became of the others.

    Raises
    ------
    SceneError, ResponseError
        A lesion of the match is not there, or lesions are tangled: the reader has to say which became which.
    """
    other_baseline(visit_node)
    entries = {entry.id: entry for entry in read_entries(visit_node)}
    _check(visit_node, match, entries)
    decided = [entry for decision in match.decisions for entry in _decided(decision, match, entries)]
    kept = _with_slots(decided, free_slot(visit_node))
    with batch(visit_node.GetScene()):
        write_entries(visit_node, [*_others(entries, kept), *kept])
        for entry in kept:
            if entry.state is LesionState.MEASURED:
                name_lines(visit_node, entry)
            else:
                forget_size(visit_node, entry)


def _others(entries: dict[str, LesionEntry], kept: list[LesionEntry]) -> list[LesionEntry]:
    """The lesions of which a match says nothing, such as those that were measured by numbers."""
    slots, names = {entry.slot for entry in kept}, {entry.part_of or entry.id for entry in kept}
    return [entry for entry in entries.values() if entry.slot not in slots and entry.id not in names]


def _decided(decision: LesionDecision, match: LesionMatch, entries: dict[str, LesionEntry]) -> Iterator[LesionEntry]:
    """The lesions of a decision, as it names them; those without an outline have slot 0 until they get one."""
    names = match.names()
    for place, name in enumerate(decision.after):
        yield _named(entries[name], names[name], decision, place)
    for name in _unseen(decision):
        known = entries.get(name)
        yield known if known is not None and _is_by_numbers(known) else _stated(known, name, decision)


def _with_slots(entries: list[LesionEntry], free: int) -> list[LesionEntry]:
    slots = count(free)
    return [entry if entry.slot else replace(entry, slot=next(slots)) for entry in entries]


def _unseen(decision: LesionDecision) -> tuple[str, ...]:
    """The lesions of before that have no outline of their own now."""
    if decision.kind in GONE:
        return decision.before
    return decision.before[1:] if decision.kind is MatchKind.MERGED else ()


def _named(entry: LesionEntry, name: str, decision: LesionDecision, place: int) -> LesionEntry:
    if decision.kind is not MatchKind.SPLIT:
        return replace(entry, id=name, part_of="", merged_into="")
    return replace(entry, id=f"{name} part {place + 1}", part_of=name, merged_into="")


def _is_by_numbers(entry: LesionEntry) -> bool:
    """Whether a lesion was measured without an outline, of which a match knows nothing."""
    return not entry.segment_id and entry.size != KeptSize()


def _stated(entry: LesionEntry | None, name: str, decision: LesionDecision) -> LesionEntry:
    stated = LesionEntry(0, name) if entry is None or entry.segment_id else entry
    if decision.kind in GONE:
        return replace(stated, state=GONE[decision.kind], merged_into="")
    return replace(stated, state=LesionState.MERGED, merged_into=decision.before[0])


def _check(visit_node: slicer.vtkMRMLScriptedModuleNode, match: LesionMatch, entries: dict[str, LesionEntry]) -> None:
    missing = [name for name in match.after if name not in entries]
    if missing:
        raise ResponseError(
            f"{visit_label(visit_node)} has no lesion {missing[0]!r}, of which the match speaks: match it again."
        )
    tangled = match.of_kind(MatchKind.TANGLED)
    if tangled:
        raise ResponseError(f"{tangled[0].reason} Say which of them belong together, then take the match over.")


def _lesions(visit_node: slicer.vtkMRMLScriptedModuleNode, drawn: dict[str, Structure]) -> VisitLesions:
    return VisitLesions(drawn, frame_of(visit_node), scan_grid(visit_node))


def _by_id(visit_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, Structure]:
    """The outlines of a visit by the names they have at it."""
    found = {entry.id: segment_of(visit_node, entry) for entry in read_entries(visit_node)}
    return {name: chosen.read() for name, chosen in found.items() if chosen is not None}


def _drawn(visit_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, Structure]:
    """The outlines of a visit by the lesions' names in the case; of a lesion that fell apart its largest part."""
    drawn: dict[str, Structure] = {}
    for entry in read_entries(visit_node):
        chosen = segment_of(visit_node, entry)
        if chosen is None:
            continue
        name, structure = entry.part_of or entry.id, chosen.read()
        if name not in drawn or structure.volume_cc > drawn[name].volume_cc:
            drawn[name] = structure
    return drawn
