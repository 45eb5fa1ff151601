"""Measuring the lesions of a visit: from their segments, by the reader's lines, or by numbers alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import slicer
from numpy.typing import ArrayLike

from brachyresponse.errors import GeometryError, ResponseError, StructureError
from brachyresponse.geometry import Structure
from brachyresponse.response.measurement import LesionMeasurement, manual_measurement, measure_structure
from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.contents import drawn_contents
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_frames import check_drawn_here
from brachyresponse.scene.response_lesions import (
    KeptSize,
    LesionEntry,
    find_entry,
    lesion_label,
    put_entry,
    read_entries,
    segment_of,
)
from brachyresponse.scene.response_lines import line_nodes, read_diameters, remove_lines, say_origin, write_diameters
from brachyresponse.scene.response_words import size_of
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class EnteredSizes:
    """Sizes that a reader enters, mm and mL; None where not measured."""

    longest_mm: float | str | None = None
    perpendicular_mm: float | str | None = None
    short_axis_mm: float | str | None = None
    volume_ml: float | str | None = None


def measure_on_segment(
    visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str, plane: str, holes: str
) -> LesionMeasurement:
    """Measure a lesion on its segment and draw its diameters; what a reader had dragged is measured anew.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The lesion has no segment, or it cannot be measured; then everything is as it was.
    """
    entry = replace(find_entry(visit_node, lesion_id), plane=plane, holes=holes)
    measured, contents = measure_entry(visit_node, entry)
    with batch(visit_node.GetScene()):
        write_measurement(visit_node, entry, measured, contents)
    return measured


def measure_entry(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> tuple[LesionMeasurement, str]:
    """Measure a lesion on its segment, and return what the segment held; nothing is written.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The lesion has no segment, or it cannot be measured.
    """
    structure = need_structure(visit_node, entry)
    check_drawn_here(visit_node, entry, structure)
    measured = measure_structure(structure, plane=entry.plane, holes=entry.holes)
    chosen = segment_of(visit_node, entry)
    assert chosen is not None
    return measured, drawn_contents(chosen.node, chosen.segment_id)


def write_measurement(
    visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, measured: LesionMeasurement, contents: str
) -> None:
    """Keep an automatic measurement with its lesion, and draw the diameters."""
    entry = replace(entry, size=size_of_measurement(measured, contents), state=LesionState.MEASURED)
    write_diameters(visit_node, entry, measured.longest_ras_mm, measured.perpendicular_ras_mm)
    put_entry(visit_node, entry)


def size_of_measurement(measured: LesionMeasurement, contents: str) -> KeptSize:
    """Return an automatic measurement as it is kept."""
    return KeptSize(
        longest_mm=measured.longest_mm,
        perpendicular_mm=measured.perpendicular_mm,
        short_axis_mm=measured.short_axis_mm,
        volume_ml=measured.volume_ml,
        slices=measured.slices,
        slice_thickness_mm=measured.slice_thickness_mm,
        slice=measured.slice,
        has_lines=True,
        contents=contents,
        said=tuple(measured.warnings),
    )


def enter_sizes(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, entered: EnteredSizes) -> LesionEntry:
    """Return a lesion with sizes that a reader entered; lines that said otherwise are to be removed.

    Raises
    ------
    ResponseError
        A size is none, none is given, or the perpendicular diameter is longer than the longest.
    """
    label = lesion_label(visit_node, entry.id)
    longest = size_of(entered.longest_mm, f"{label}, longest diameter", "mm")
    across = size_of(entered.perpendicular_mm, f"{label}, perpendicular diameter", "mm")
    short = size_of(entered.short_axis_mm, f"{label}, short axis", "mm")
    volume = size_of(entered.volume_ml, f"{label}, volume", "mL")
    if longest is None and short is None and volume is None:
        raise ResponseError(f"{label}: no size is given; enter its longest diameter, short axis or volume.")
    for name, other in (("perpendicular diameter", across), ("short axis", short)):
        if longest is not None and other is not None and other > longest:
            raise ResponseError(
                f"{label}: its {name}, {other:g} mm, is longer than its longest diameter, {longest:g} mm: exchange "
                "them, or correct one."
            )
    short = across if short is None else short  # by definition the same
    size = KeptSize(longest, across, short, volume, entry.size.slices, entry.size.slice_thickness_mm, is_manual=True)
    return replace(entry, size=size, state=LesionState.MEASURED)


def draw_diameters(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    entry: LesionEntry,
    longest_ras_mm: ArrayLike,
    perpendicular_ras_mm: ArrayLike | None,
) -> LesionMeasurement:
    """Measure a lesion by the ends of its diameters as a reader drew them, (2, 3) mm in the world each.

    Raises
    ------
    ResponseError
        They are no two lines.
    """
    measured = manual_measurement(longest_ras_mm, perpendicular_ras_mm)
    entry = replace(entry, size=_drawn(entry.size, measured), state=LesionState.MEASURED)
    with batch(visit_node.GetScene()):
        write_diameters(visit_node, entry, measured.longest_ras_mm, measured.perpendicular_ras_mm)
        put_entry(visit_node, entry)
    return measured


def current_size(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> KeptSize:
    """Return the sizes of a lesion as its lines lie now, or as they were entered.

    Raises
    ------
    ResponseError, GeometryError
        Its lines cannot be read.
    """
    if not entry.size.has_lines or entry.state is not LesionState.MEASURED:
        return entry.size
    lines = read_diameters(visit_node, entry)
    if not lines.is_dragged:
        return entry.size
    return _drawn(entry.size, manual_measurement(lines.longest_ras_mm, lines.perpendicular_ras_mm))


def take_drags(visit_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Keep what a reader dragged, mark it as manual, and tell whether anything was dragged since.

    Lines that were deleted or cannot be read are passed over: the lesion's notes say it, and no assessment is made
    until they are measured again.
    """
    taken = False
    for entry in read_entries(visit_node):
        try:
            size = current_size(visit_node, entry)
        except (ResponseError, GeometryError):
            continue
        if size != entry.size:
            put_entry(visit_node, replace(entry, size=size))
            for node in line_nodes(visit_node, entry.slot).values():
                say_origin(node, is_manual=True)
            taken = True
    return taken


def is_outdated(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> bool:
    """Tell whether the segment of a lesion was redrawn since it was measured."""
    chosen = segment_of(visit_node, entry)
    if chosen is None or not chosen.exists or not entry.size.contents:
        return False
    return drawn_contents(chosen.node, chosen.segment_id) != entry.size.contents


def need_structure(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> Structure:
    """Return the segment of a lesion as a structure.

    Raises
    ------
    ResponseError, StructureError, GeometryError
        There is none, it was deleted, or it is empty.
    """
    chosen = segment_of(visit_node, entry)
    if chosen is None:
        raise ResponseError(
            f"{lesion_label(visit_node, entry.id)} has no segment: grow or draw it, or enter its sizes."
        )
    if not chosen.exists:
        raise StructureError(
            f"{lesion_label(visit_node, entry.id)}: its segment was deleted; choose another, or enter its sizes."
        )
    return chosen.read()


def forget_size(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> LesionEntry:
    """Return a lesion without sizes, and remove its lines: it is absent, too small or not evaluable."""
    remove_lines(visit_node, entry.slot)
    return replace(entry, size=KeptSize())


def _drawn(before: KeptSize, measured: LesionMeasurement) -> KeptSize:
    """The sizes by lines that a reader drew; the volume and the slices stay those of the segment."""
    return replace(
        before,
        longest_mm=measured.longest_mm,
        perpendicular_mm=measured.perpendicular_mm,
        short_axis_mm=measured.short_axis_mm,
        is_manual=True,
        has_lines=True,
        said=tuple(measured.warnings),
    )


def line_ends(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> tuple[FloatArray, FloatArray | None]:
    """Return the ends of the diameters of a lesion in the world, (2, 3) mm each."""
    lines = read_diameters(visit_node, entry)
    return lines.longest_ras_mm, lines.perpendicular_ras_mm
