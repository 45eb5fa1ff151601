"""Lesions and white matter carried from one image to another: to the dynamic series, and from visit to visit."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions import MrRegistration, carry_structure, register_mr
from brachyresponse.progress import Report
from brachyresponse.scene.nodes import array_to_matrix, batch, get_attribute, modify, set_attribute
from brachyresponse.scene.perfusion_growing import read_notes, write_notes
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    need_perfusion_part,
    own_perfusion_node,
    perfusion_part,
    perfusion_parts,
    require_kept,
    require_perfusion,
    set_perfusion_parts,
)
from brachyresponse.scene.perfusion_segments import (
    LESION,
    MASK,
    WHITE_MATTER,
    ChosenSegment,
    choose_segment,
    chosen_segment,
    chosen_slots,
    lesion_segments,
    own_segmentation,
)
from brachyresponse.scene.perfusion_studies import read_study_series
from brachyresponse.scene.segments import segment_colour, write_structure
from brachyresponse.scene.volumes import view_image

RESIDUAL, RESIDUAL_IS, WARNINGS, DAY = "ResidualMm", "ResidualIs", "Warnings", "Date"
DRAWN = "drawn."
"""Slots that remember what a carried segment was carried from, so that carrying again starts there."""
CARRIED_BY = "Carried by"
CARRIED_SLOTS = (LESION, WHITE_MATTER, MASK)
FIRST_FRAMES = slice(0, 5)
"""Before the bolus: its image is most like an anatomical one."""


@dataclass(frozen=True, eq=False)
class CarriedSegment:
    """A segment that was carried: for what it is chosen, what it was, and what it is now."""

    slot: str
    source: ChosenSegment
    structure: Structure


def carry_to_series(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode, report: Report
) -> slicer.vtkMRMLLinearTransformNode:
    """Carry the segments drawn on an image of the visit to its dynamic series, and choose them; returns the transform.

    Raises
    ------
    SceneError, GeometryError, RegistrationError, StructureError
        Something cannot be read, brought together, or lies outside the series; then everything is as it was.
    Cancelled
        By the report.
    """
    series = read_study_series(perfusion_node)
    fixed = Volume(series.name, series.mean_of(FIRST_FRAMES), series.grid, unit="")
    moving = _image(volume_node)
    sources = {slot: _drawn(perfusion_node, slot) for slot in _slots(perfusion_node)}
    read = {slot: source.read() for slot, source in sources.items()}
    if moving.grid != fixed.grid:  # what was drawn on the series itself lies there already
        read = {slot: structure for slot, structure in read.items() if structure.grid != fixed.grid}
    name = perfusion_node.GetName()
    if not read:
        raise PerfusionError(f"Perfusion study {name!r} has no lesion and no white matter to carry.")
    registration = register_mr(fixed, moving, report=report)
    carried = [
        CarriedSegment(slot, sources[slot], carry_structure(structure, registration, fixed.grid))
        for slot, structure in read.items()
    ]
    require_kept(perfusion_node, name, "segments were carried")
    with batch(perfusion_node.GetScene()):
        segmentation = own_perfusion_node(
            perfusion_node, PerfusionRole.CARRIED, "vtkMRMLSegmentationNode", "segments on the series"
        )
        segmentation.CreateDefaultDisplayNodes()
        for each in carried:
            choose_segment(perfusion_node, DRAWN + each.slot, each.source.node, each.source.segment_id)
        return _write(perfusion_node, segmentation, carried, registration, f"{moving.name} to {fixed.name}")


def carry_from_visit(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    other_node: slicer.vtkMRMLScriptedModuleNode,
    report: Report,
) -> slicer.vtkMRMLLinearTransformNode:
    """Carry the lesions and the white matter of another visit to the anatomical image of this one, and choose them.

    Raises
    ------
    SceneError, GeometryError, RegistrationError, StructureError
        Something cannot be read, brought together, or lies outside the image; then everything is as it was.
    Cancelled
        By the report.
    """
    require_perfusion(other_node)
    fixed = _image(need_perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL, "anatomical image"))
    moving = _image(need_perfusion_part(other_node, PerfusionRole.ANATOMICAL, "anatomical image"))
    sources = {slot: _drawn(other_node, slot) for slot in _slots(other_node) if not slot.startswith(MASK)}
    if not sources:
        raise PerfusionError(f"Perfusion study {other_node.GetName()!r} has no lesion and no white matter to carry.")
    here = perfusion_node.GetName()
    registration = register_mr(fixed, moving, report=report)
    require_kept(perfusion_node, here, "segments were carried")
    require_kept(other_node, here, "segments were carried")
    name = f"{other_node.GetName()} to {perfusion_node.GetName()}"
    carried: list[CarriedSegment] = []
    for slot, source in sources.items():
        structure = carry_structure(source.read(), registration, fixed.grid)
        if slot.startswith(LESION):
            structure = replace(structure, name=_name_here(perfusion_node, structure.name, other_node.GetName()))
            carried.append(CarriedSegment(_slot_here(perfusion_node, structure.name, len(carried)), source, structure))
        elif chosen_segment(perfusion_node, slot) is None:
            carried.append(CarriedSegment(slot, source, structure))
    with batch(perfusion_node.GetScene()):
        return _write(perfusion_node, own_segmentation(perfusion_node), carried, registration, name)


def residual_mm(transform_node: slicer.vtkMRMLLinearTransformNode) -> float:
    """Return how uncertain a registration is, mm.

    Raises
    ------
    PerfusionError
        The transform is none of ours.
    """
    text = get_attribute(transform_node, RESIDUAL)
    if not text:
        raise PerfusionError(f"Transform {transform_node.GetName()!r} was not made by a registration of ours.")
    return float(text)


def _slots(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[str]:
    return [slot for slot in chosen_slots(perfusion_node) if slot.startswith(CARRIED_SLOTS)]


def _drawn(perfusion_node: slicer.vtkMRMLScriptedModuleNode, slot: str) -> ChosenSegment:
    """Return what was drawn for a slot, before it was carried."""
    drawn, chosen = chosen_segment(perfusion_node, DRAWN + slot), chosen_segment(perfusion_node, slot)
    if drawn is not None and drawn.exists and chosen is not None and _is_carried(perfusion_node, chosen):
        return drawn
    assert chosen is not None
    return chosen


def _is_carried(perfusion_node: slicer.vtkMRMLScriptedModuleNode, chosen: ChosenSegment) -> bool:
    return any(chosen.node is node for node in perfusion_parts(perfusion_node, PerfusionRole.CARRIED))


def _name_here(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, visit: str) -> str:
    """Return the name of a lesion that comes from another visit; one that was drawn on this visit keeps its own."""
    own = perfusion_part(perfusion_node, PerfusionRole.SEGMENTS)
    lesions = [lesion for lesion in lesion_segments(perfusion_node) if lesion.exists]
    taken = {lesion.name for lesion in lesions if not _came_along(own, lesion)}
    return f"{name} of {visit}" if name in taken else name


def _came_along(own: slicer.vtkMRMLSegmentationNode | None, lesion: ChosenSegment) -> bool:
    return lesion.node is own and read_notes(lesion.node, lesion.segment_id).startswith(CARRIED_BY)


def _slot_here(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, already: int) -> str:
    """Return the slot of the lesion of a name, or the next that is free after as many new ones."""
    slots = chosen_slots(perfusion_node, LESION)
    for slot in slots:
        chosen = chosen_segment(perfusion_node, slot)
        if chosen is not None and chosen.exists and chosen.name == name:
            return slot
    numbers = [int(slot.removeprefix(LESION)) for slot in slots]
    return f"{LESION}{max(numbers, default=0) + 1 + already}"


def _write(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation: slicer.vtkMRMLSegmentationNode,
    carried: list[CarriedSegment],
    registration: MrRegistration,
    name: str,
) -> slicer.vtkMRMLLinearTransformNode:
    for each in carried:
        colour = segment_colour(each.source.node, each.source.segment_id)
        segment_id = write_structure(each.structure, segmentation, each.structure.name, colour)
        write_notes(segmentation, segment_id, (f"{CARRIED_BY} {name}.", *registration.warnings))
        choose_segment(perfusion_node, each.slot, segmentation, segment_id)
    return _write_transform(perfusion_node, registration, name)


def _write_transform(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, registration: MrRegistration, name: str
) -> slicer.vtkMRMLLinearTransformNode:
    nodes = perfusion_parts(perfusion_node, PerfusionRole.REGISTRATION)
    node = next((each for each in nodes if each.GetName() == name), None)
    if node is None:
        node = perfusion_node.GetScene().AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
        set_perfusion_parts(perfusion_node, PerfusionRole.REGISTRATION, [*nodes, node])
    with modify(node):
        node.SetMatrixTransformToParent(array_to_matrix(registration.matrix))
        set_attribute(node, RESIDUAL, repr(float(registration.residual_mm)))
        set_attribute(node, RESIDUAL_IS, registration.residual_is)
        set_attribute(node, WARNINGS, json.dumps(registration.warnings))
        set_attribute(node, DAY, date.today().isoformat())
    return node


def _image(volume_node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    values, grid = view_image(volume_node, "anatomical image")
    return Volume(volume_node.GetName(), values, grid, unit="")
