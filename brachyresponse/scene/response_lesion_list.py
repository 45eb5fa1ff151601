"""The lesions of a visit as they are now, for panels, tables and scripts."""

from __future__ import annotations

from dataclasses import dataclass

import slicer

from brachyresponse.errors import GeometryError, ResponseError
from brachyresponse.response.measurement import MeasurementOrigin
from brachyresponse.response.vocabulary import Certainty, FieldPosition, LesionKind, LesionRole, LesionState
from brachyresponse.scene.perfusion_growing import read_notes
from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.response_identity import identity_of, is_new_at
from brachyresponse.scene.response_lesions import KeptSize, LesionEntry, read_entries, segment_of
from brachyresponse.scene.response_measuring import current_size, is_outdated

DELETED = "The segment was deleted: what was measured on it stays; choose another, or enter the sizes."
REDRAWN = "The segment was redrawn since it was measured: measure it again."


@dataclass(frozen=True, eq=False)
class VisitLesion:
    """A lesion of a visit; sizes are mm and mL, None where not measured.

    Parameters
    ----------
    role
        None while it is left to the criteria.
    origin
        Who measured; None where nothing was.
    is_new
        Whether the baseline did not have it.
    segment
        On which it is measured, or None.
    notes
        What to look at, sentences.
    """

    id: str
    role: LesionRole | None
    kind: LesionKind
    organ: str
    state: LesionState
    longest_mm: float | None
    perpendicular_mm: float | None
    short_axis_mm: float | None
    volume_ml: float | None
    origin: MeasurementOrigin | None
    merged_into: str
    part_of: str
    field: FieldPosition
    certainty: Certainty
    is_new: bool
    plane: str
    holes: str
    segment: ChosenSegment | None
    notes: tuple[str, ...]


def visit_lesions(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[VisitLesion]:
    """Return the lesions of a visit with their sizes as the lines lie now.

    One whose lines were deleted or cannot be read has no sizes, and its notes say why.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit, or what is kept of it is damaged.
    """
    return [_lesion(visit_node, entry) for entry in read_entries(visit_node)]


def _lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> VisitLesion:
    name = entry.part_of or entry.id
    identity, size = identity_of(visit_node, name), _size(visit_node, entry)
    is_measured = any(value is not None for value in (size.longest_mm, size.short_axis_mm, size.volume_ml))
    origin = MeasurementOrigin.MANUAL if size.is_manual else MeasurementOrigin.AUTOMATIC
    segment = segment_of(visit_node, entry)
    grown = "" if segment is None or not segment.exists else read_notes(segment.node, segment.segment_id)
    deleted = (DELETED,) if segment is not None and not segment.exists else ()
    redrawn = (REDRAWN,) if is_outdated(visit_node, entry) else ()
    return VisitLesion(
        id=entry.id,
        role=identity.role,
        kind=identity.kind,
        organ=identity.organ,
        state=entry.state,
        longest_mm=size.longest_mm,
        perpendicular_mm=size.perpendicular_mm,
        short_axis_mm=size.short_axis_mm,
        volume_ml=size.volume_ml,
        origin=origin if is_measured else None,
        merged_into=entry.merged_into,
        part_of=entry.part_of,
        field=entry.field_position,
        certainty=entry.certainty,
        is_new=is_new_at(visit_node, name),
        plane=entry.plane,
        holes=entry.holes,
        segment=segment,
        notes=(*deleted, *redrawn, *size.said, *filter(None, [grown])),
    )


def _size(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> KeptSize:
    try:
        return current_size(visit_node, entry)
    except (ResponseError, GeometryError) as error:
        return KeptSize(said=(str(error),))
