"""The lesions of a visit: kept on its node, each in a slot of its own that outlasts renaming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import Certainty, FieldPosition, LesionKind, LesionRole, LesionState
from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.response_fields import VisitField, set_visit_field, visit_json
from brachyresponse.scene.response_parts import require_visit
from brachyresponse.scene.response_visits import day_of_visit

VOCABULARIES = {
    "role": LesionRole,
    "kind": LesionKind,
    "state": LesionState,
    "field_position": FieldPosition,
    "certainty": Certainty,
}


@dataclass(frozen=True)
class KeptSize:
    """The sizes of a lesion as they were measured or entered; None where not known.

    Parameters
    ----------
    slices, slice_thickness_mm
        On how many slices of which thickness the lesion is seen.
    slice
        The slice measured, from 0; None where only numbers are known.
    is_manual
        Entered or drawn by the reader.
    has_lines
        Whether the diameters are lines in the scene, which a reader can drag; then those lines tell them.
    contents
        Of the segment when it was measured: another text when it is redrawn.
    said
        What to look at.
    """

    longest_mm: float | None = None
    perpendicular_mm: float | None = None
    short_axis_mm: float | None = None
    volume_ml: float | None = None
    slices: int | None = None
    slice_thickness_mm: float | None = None
    slice: int | None = None
    is_manual: bool = False
    has_lines: bool = False
    contents: str = ""
    said: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", tuple(self.said))


@dataclass(frozen=True)
class LesionEntry:
    """A lesion of a visit, as it is kept.

    Parameters
    ----------
    slot
        Its place on the visit's node; the lines and the segment are found by it.
    role, kind, organ
        The reader's word; None: as at the other visits, else by the criteria.
    merged_into
        The lesion of the same visit with which it grew together.
    part_of
        The lesion of which this is a part, when that fell apart.
    is_field_of_reader
        Whether the reader said where it lies against the irradiated volume.
    field_said
        Why it lies there, by the doses.
    site
        Where it lies against the dose of an implant, as :class:`~brachyresponse.response.study.SiteEntry` has it.
    placed_with
        Another text when the segment, a dose or a registration changes, by which the two were computed.
    plane, holes
        How it is measured.
    """

    slot: int
    id: str
    role: LesionRole | None = None
    kind: LesionKind | None = None
    organ: str | None = None
    state: LesionState = LesionState.MEASURED
    segment_id: str = ""
    merged_into: str = ""
    part_of: str = ""
    certainty: Certainty = Certainty.UNEQUIVOCAL
    field_position: FieldPosition = FieldPosition.NOT_APPLICABLE
    is_field_of_reader: bool = False
    field_said: str = ""
    site: dict[str, Any] = field(default_factory=dict)
    placed_with: str = ""
    plane: str = "axial"
    holes: str = "exclude"
    size: KeptSize = field(default_factory=KeptSize)


def read_entries(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[LesionEntry, ...]:
    """Return the lesions of a visit in the order in which they were added.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, or what is kept is damaged.
    """
    kept = visit_json(visit_node, VisitField.LESIONS, [])
    try:
        return tuple(_from_json(values) for values in kept)
    except (TypeError, ValueError, AttributeError) as error:
        raise ResponseError(
            f"Visit {visit_node.GetName()!r}: what is kept of its lesions is damaged ({error}); remove the visit and "
            "add it again."
        ) from error


def write_entries(visit_node: slicer.vtkMRMLScriptedModuleNode, entries: Iterable[LesionEntry]) -> None:
    """Keep the lesions of a visit.

    Raises
    ------
    ResponseError
        Two have one name, or two are measured on one segment.
    """
    kept = tuple(entries)
    check_once(visit_node, kept)
    set_visit_field(visit_node, VisitField.LESIONS, [_to_json(entry) for entry in kept])


def find_entry(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> LesionEntry:
    """Return a lesion of a visit.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or lesion.
    """
    entries = read_entries(visit_node)
    for entry in entries:
        if entry.id == lesion_id:
            return entry
    names = ", ".join(entry.id for entry in entries) or "none"
    raise ResponseError(
        f"{visit_label(visit_node)} has no lesion {lesion_id!r} (lesions: {names}): choose one of them."
    )


def put_entry(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> None:
    """Keep a lesion of a visit: in its slot, or as a new one.

    Raises
    ------
    ResponseError
        Another lesion has its name or its segment.
    """
    entries = read_entries(visit_node)
    if any(each.slot == entry.slot for each in entries):
        write_entries(visit_node, [entry if each.slot == entry.slot else each for each in entries])
    else:
        write_entries(visit_node, [*entries, entry])


def free_slot(visit_node: slicer.vtkMRMLScriptedModuleNode) -> int:
    """Return a slot that no lesion of a visit has."""
    return 1 + max((entry.slot for entry in read_entries(visit_node)), default=0)


def free_id(visit_node: slicer.vtkMRMLScriptedModuleNode, taken: Iterable[str] = ()) -> str:
    """Return the next number that is the name of no lesion of a visit, nor of those that are given."""
    names = {entry.id for entry in read_entries(visit_node)} | set(taken)
    return next(name for name in map(str, range(1, len(names) + 2)) if name not in names)


def segment_of(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> ChosenSegment | None:
    """Return the segment on which a lesion is measured, or None; it may have been deleted since."""
    if not entry.segment_id:
        return None
    return ChosenSegment(visit_node.GetNodeReference(segment_role(entry.slot)), entry.segment_id)


def set_segment(
    visit_node: slicer.vtkMRMLScriptedModuleNode, slot: int, segmentation_node: slicer.vtkMRMLSegmentationNode | None
) -> None:
    """Let a lesion refer to the segmentation that holds its segment; None takes it away."""
    require_visit(visit_node)
    visit_node.SetNodeReferenceID(segment_role(slot), None if segmentation_node is None else segmentation_node.GetID())


def segment_role(slot: int) -> str:
    """Return the role in which a visit refers to the segmentation of a lesion."""
    return f"lesion{slot}SegmentRef"


def visit_label(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return how a sentence calls a visit: ``The visit of 2026-03-06``."""
    return f"The visit of {day_of_visit(visit_node)}"


def lesion_label(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> str:
    """Return how a sentence calls a lesion at a visit: ``Lesion '1' at the visit of 2026-03-06``."""
    return f"Lesion {lesion_id!r} at the visit of {day_of_visit(visit_node)}"


def check_once(visit_node: slicer.vtkMRMLScriptedModuleNode, entries: tuple[LesionEntry, ...]) -> None:
    """Refuse lesions of which two have one name, or one segment.

    Raises
    ------
    ResponseError
        Naming the visit and the lesion.
    """
    names = [entry.id for entry in entries]
    for name in names:
        if not name.strip():
            raise ResponseError(f"A lesion of the visit of {day_of_visit(visit_node)} has no name: give it one.")
        if names.count(name) > 1:
            raise ResponseError(
                f"{lesion_label(visit_node, name)} is there already, and a lesion lies in one place only: give the "
                "other one another name, or say that it is a part of it."
            )
    places: dict[tuple[str, str], str] = {}
    for entry in entries:
        node_id = visit_node.GetNodeReferenceID(segment_role(entry.slot)) or ""
        if not entry.segment_id or not node_id:
            continue
        other = places.setdefault((node_id, entry.segment_id), entry.id)
        if other != entry.id:
            raise ResponseError(f"{lesion_label(visit_node, entry.id)} has the same segment as lesion {other!r}.")


def _to_json(entry: LesionEntry) -> dict[str, Any]:
    default = LesionEntry(0, "")
    kept = {each.name: getattr(entry, each.name) for each in fields(entry)}
    kept = {name: value for name, value in kept.items() if name in ("slot", "id") or value != getattr(default, name)}
    if "size" in kept:
        nothing = KeptSize()
        sizes = {each.name: getattr(entry.size, each.name) for each in fields(entry.size)}
        kept["size"] = {name: value for name, value in sizes.items() if value != getattr(nothing, name)}
    return kept


def _from_json(kept: dict[str, Any]) -> LesionEntry:
    values = {**kept, "size": KeptSize(**kept.get("size", {}))}
    words = {name: kind(values[name]) for name, kind in VOCABULARIES.items() if name in values}
    return LesionEntry(**{**values, **words})
