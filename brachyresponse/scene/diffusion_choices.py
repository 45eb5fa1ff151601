"""What the diffusion of a visit is measured on: the ADC map or weighted images, and the white matter beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer

from brachyresponse.diffusion import fit_adc
from brachyresponse.diffusion.units import ADC_UNIT, unit_factor
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions import propose_white_matter
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.diffusion_fields import DiffusionField, diffusion_json, diffusion_text, set_diffusion_field
from brachyresponse.scene.diffusion_map import write_adc
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.perfusion_growing import WHITE_MATTER_COLOUR, WHITE_MATTER_NAME, Segment, write_notes
from brachyresponse.scene.perfusion_segments import WHITE_MATTER, ChosenSegment, chosen_segment
from brachyresponse.scene.response_growing import visit_segmentation
from brachyresponse.scene.response_lesions import read_entries, segment_of
from brachyresponse.scene.response_parts import (
    VisitPart,
    require_visit,
    set_visit_part,
    set_visit_parts,
    visit_part,
    visit_parts,
)
from brachyresponse.scene.response_registration import visit_image
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.segments import read_structure, write_structure
from brachyresponse.scene.volumes import view_image

ADC_MAP, WEIGHTED = "ADC map", "diffusion-weighted image"
REFERENCE_ROLE = "diffusionReferenceRef"


def set_diffusion(
    visit_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None, unit: str = ""
) -> None:
    """Choose the ADC map of a visit; None takes it away.

    Parameters
    ----------
    unit
        As "1e-6 mm2/s", where the volume does not say its own; it goes before that.

    Raises
    ------
    SceneError, DiffusionError, GeometryError
        There is no such visit, the volume cannot be read, or its unit is not known; then nothing is changed.
    """
    require_visit(visit_node)
    if volume_node is not None:
        view_image(volume_node, ADC_MAP)
        unit = _known_unit(volume_node, unit)
    with batch(visit_node.GetScene()):
        set_visit_part(visit_node, VisitPart.DIFFUSION, volume_node)
        set_visit_parts(visit_node, VisitPart.DIFFUSION_IMAGES, [])
        set_visit_part(visit_node, VisitPart.ADC, None)
        set_diffusion_field(visit_node, DiffusionField.UNIT, unit if volume_node is not None else None)
        set_diffusion_field(visit_node, DiffusionField.B_VALUES, None)


def set_weighted_images(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    volume_nodes: Sequence[slicer.vtkMRMLScalarVolumeNode],
    b_values_s_per_mm2: Sequence[float],
) -> slicer.vtkMRMLScalarVolumeNode:
    """Compute the ADC map of a visit from weighted images, one a b value, and return its volume.

    Raises
    ------
    SceneError, DiffusionError, PerfusionError, GeometryError
        There is no such visit, an image cannot be read, they lie on different grids, or the b values do not do; then
        nothing is changed.
    """
    require_visit(visit_node)
    images = [view_image(node, WEIGHTED) for node in volume_nodes]
    if len(images) < 2:
        raise DiffusionError(
            f"There are {len(images)} diffusion-weighted images, at least two are needed: choose them."
        )
    grid = images[0][1]
    for node, (_, other) in zip(volume_nodes, images, strict=True):
        if other != grid:
            raise DiffusionError(
                f"Diffusion-weighted image {node.GetName()!r} lies on {other.describe()}, the first on "
                f"{grid.describe()}: choose images of one series."
            )
    fitted = fit_adc(np.stack([values for values, _ in images], axis=-1), list(b_values_s_per_mm2))
    with batch(visit_node.GetScene()):
        node = write_adc(visit_node, Volume(f"ADC of {day_of_visit(visit_node)}", fitted.adc_um2_per_s, grid, ADC_UNIT))
        set_visit_part(visit_node, VisitPart.DIFFUSION, None)
        set_visit_parts(visit_node, VisitPart.DIFFUSION_IMAGES, list(volume_nodes))
        set_diffusion_field(visit_node, DiffusionField.UNIT, ADC_UNIT)
        set_diffusion_field(visit_node, DiffusionField.B_VALUES, [float(b) for b in b_values_s_per_mm2])
    return node


def diffusion_volume(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the ADC map of a visit, chosen or computed, or None."""
    return visit_part(visit_node, VisitPart.DIFFUSION) or visit_part(visit_node, VisitPart.ADC)


def read_adc(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Volume:
    """Return the ADC map of a visit, in its own unit.

    Raises
    ------
    SceneError, DiffusionError, GeometryError
        There is no such visit or map, or it cannot be read.
    """
    node = diffusion_volume(visit_node)
    if node is None:
        raise DiffusionError(
            f"The visit of {day_of_visit(visit_node)} has no ADC map: choose one, or two diffusion-weighted images."
        )
    values, grid = view_image(node, ADC_MAP)
    return Volume(node.GetName(), values, grid, _known_unit(node, diffusion_text(visit_node, DiffusionField.UNIT)))


def b_values(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, ...]:
    """Return the b values of the weighted images from which the map was computed; empty where they are not known."""
    return tuple(diffusion_json(visit_node, DiffusionField.B_VALUES, []))


def weighted_images(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScalarVolumeNode]:
    """Return the weighted images from which the map was computed."""
    return visit_parts(visit_node, VisitPart.DIFFUSION_IMAGES)


def set_reference(
    visit_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    segment_id: str,
) -> None:
    """Choose the segment that is normal-appearing white matter; "" is that of the perfusion study.

    Raises
    ------
    SceneError, StructureError, GeometryError
        There is no such visit or segment, or it is empty; then nothing is changed.
    """
    require_visit(visit_node)
    if segment_id:
        read_structure(segmentation_node, segment_id)
    node_id = segmentation_node.GetID() if segment_id and segmentation_node is not None else None
    visit_node.SetNodeReferenceID(REFERENCE_ROLE, node_id)
    set_diffusion_field(visit_node, DiffusionField.REFERENCE, segment_id or None)


def reference_segment(visit_node: slicer.vtkMRMLScriptedModuleNode) -> ChosenSegment | None:
    """Return the segment of the white matter: the chosen one, else that of the visit's perfusion study, or None."""
    require_visit(visit_node)
    segment_id = diffusion_text(visit_node, DiffusionField.REFERENCE)
    if segment_id:
        return ChosenSegment(visit_node.GetNodeReference(REFERENCE_ROLE), segment_id)
    perfusion = visit_part(visit_node, VisitPart.PERFUSION)
    return None if perfusion is None else chosen_segment(perfusion, WHITE_MATTER)


def read_reference(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Structure | None:
    """Return the white matter, or None while none is chosen.

    Raises
    ------
    SceneError, StructureError, GeometryError
        Its segment was deleted, is empty or cannot be read.
    """
    chosen = reference_segment(visit_node)
    return None if chosen is None else chosen.read()


def propose_reference(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Segment:
    """Propose white matter opposite the largest lesion on the image of a visit, and choose it.

    Raises
    ------
    SceneError, DiffusionError, StructureError, GeometryError
        The visit has no image or no drawn lesion, or there is too little white matter; then nothing is written.
    """
    image = visit_image(visit_node)
    drawn = [segment_of(visit_node, entry) for entry in read_entries(visit_node)]
    lesions = [chosen.read() for chosen in drawn if chosen is not None and chosen.exists]
    if not lesions:
        raise DiffusionError(
            f"The visit of {day_of_visit(visit_node)} has no lesion with a segment, opposite which white matter could "
            "be proposed: draw the lesion, or choose a segment of white matter."
        )
    found = propose_white_matter(image, max(lesions, key=lambda each: each.volume_cc))
    with batch(visit_node.GetScene()):
        node = visit_segmentation(visit_node)
        segment_id = write_structure(found.structure, node, WHITE_MATTER_NAME, WHITE_MATTER_COLOUR)
        write_notes(node, segment_id, (found.sentence, *found.warnings))
        set_reference(visit_node, node, segment_id)
    return node, segment_id


def set_checked(visit_node: slicer.vtkMRMLScriptedModuleNode, field: DiffusionField, holds: bool | None) -> None:
    """Say whether the map lies on the image of the visit, or is not displaced by distortion; None is not known."""
    require_visit(visit_node)
    set_diffusion_field(visit_node, field, holds)


def is_registered(visit_node: slicer.vtkMRMLScriptedModuleNode) -> bool | None:
    """Return whether the map lies on the image of the visit: as a person said, else as DICOM says; None: not known."""
    said: bool | None = diffusion_json(visit_node, DiffusionField.IS_REGISTERED)
    if said is not None:
        return said
    nodes = [visit_part(visit_node, VisitPart.VOLUME), visit_part(visit_node, VisitPart.DIFFUSION)]
    nodes += weighted_images(visit_node)
    frames = {dicom_facts(node).frame_of_reference_uid for node in nodes if node is not None}
    return True if len(frames) == 1 and all(frames) else None


def is_undistorted(visit_node: slicer.vtkMRMLScriptedModuleNode) -> bool | None:
    """Return whether a person found the map not displaced by distortion at the lesion; None: nobody looked."""
    said: bool | None = diffusion_json(visit_node, DiffusionField.IS_UNDISTORTED)
    return said


def _known_unit(volume_node: slicer.vtkMRMLScalarVolumeNode, asked: str) -> str:
    """The unit of an ADC map: the one asked for, else what its codes say."""
    units = volume_node.GetVoxelValueUnits()
    coded = "" if units is None else str(units.GetCodeValue() or "")
    unit = asked.strip() or coded
    try:
        unit_factor(unit)
    except DiffusionError as error:
        raise DiffusionError(f"ADC map {volume_node.GetName()!r}: {error}") from error
    return unit
