"""Lesions grown from a click and white matter proposed: written as segments that are edited as any other."""

from __future__ import annotations

import slicer
import vtk
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Volume
from brachyresponse.lesions import GrownLesion, grow_hyperintensity, grow_lesion, propose_white_matter
from brachyresponse.scene.nodes import attribute_name, batch
from brachyresponse.scene.perfusion_choices import read_settings
from brachyresponse.scene.perfusion_images import read_dose_volume
from brachyresponse.scene.perfusion_parts import PerfusionRole, need_perfusion_part
from brachyresponse.scene.perfusion_segments import (
    BARRIERS,
    WHITE_MATTER,
    add_lesion,
    choose_segment,
    lesion_segments,
    own_segmentation,
    read_lesions,
    read_optional,
)
from brachyresponse.scene.segments import segment_ids, segment_name, write_structure
from brachyresponse.scene.volumes import view_image

ANATOMICAL = "anatomical image"
WHITE_MATTER_NAME = "White matter"
LESION_COLOUR, WHITE_MATTER_COLOUR, OEDEMA_COLOUR = (0.93, 0.55, 0.10), (0.55, 0.75, 0.95), (0.75, 0.65, 0.90)
NOTES_TAG = attribute_name("Notes")

Segment = tuple[slicer.vtkMRMLSegmentationNode, str]


def grow_lesion_segment(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    position_ras: ArrayLike,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None = None,
) -> Segment:
    """Grow a lesion from a click on an image, the anatomical one unless another is given, and measure it from now on.

    Raises
    ------
    SceneError, GeometryError, StructureError
        There is no image, or nothing grows from there; then nothing is written.
    """
    if volume_node is None:
        volume_node = need_perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL, ANATOMICAL)
    grown = grow_lesion(_image(volume_node), position_ras, barriers=read_optional(perfusion_node, BARRIERS))
    node, segment_id = _write_grown(perfusion_node, grown, "Lesion", LESION_COLOUR)
    add_lesion(perfusion_node, node, segment_id)
    return node, segment_id


def grow_hyperintensity_segment(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    position_ras: ArrayLike,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
) -> Segment:
    """Grow the bright part of a T2-weighted or FLAIR image from a click; it is no lesion until it is added.

    Raises
    ------
    SceneError, GeometryError, StructureError
        There is no image, or nothing grows from there; then nothing is written.
    """
    grown = grow_hyperintensity(_image(volume_node), position_ras, barriers=read_optional(perfusion_node, BARRIERS))
    return _write_grown(perfusion_node, grown, "Hyperintensity", OEDEMA_COLOUR)


def propose_white_matter_segment(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Segment:
    """Propose normal-appearing white matter opposite the largest lesion, outside the dose, and choose it.

    Raises
    ------
    SceneError, GeometryError, StructureError
        There is no anatomical image or no lesion, or too little white matter; then nothing is written.
    """
    image = _image(need_perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL, ANATOMICAL))
    lesions = read_lesions(perfusion_node).values()
    if not lesions:
        raise StructureError(
            f"Perfusion study {perfusion_node.GetName()!r} has no lesion: click on it, or choose its segment."
        )
    lesion = max(lesions, key=lambda each: each.volume_cc)
    limit_gy = read_settings(perfusion_node).dose_limit_gy
    found = propose_white_matter(image, lesion, dose=read_dose_volume(perfusion_node), dose_limit_gy=limit_gy)
    with batch(perfusion_node.GetScene()):
        node = own_segmentation(perfusion_node)
        segment_id = write_structure(found.structure, node, WHITE_MATTER_NAME, WHITE_MATTER_COLOUR)
        write_notes(node, segment_id, (found.sentence, *found.warnings))
        choose_segment(perfusion_node, WHITE_MATTER, node, segment_id)
    return node, segment_id


def write_notes(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str, sentences: tuple[str, ...]) -> None:
    """Keep sentences with a segment: how it was made, and what to look at."""
    segment = segmentation_node.GetSegmentation().GetSegment(segment_id)
    segment.SetTag(NOTES_TAG, " ".join(sentences).replace("|", "/"))  # Slicer's files part tags by this sign


def read_notes(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> str:
    """Return what was kept with a segment; empty where nothing was, or there is no such segment."""
    if segmentation_node is None or segment_id not in segment_ids(segmentation_node):
        return ""
    text = vtk.reference("")
    found = segmentation_node.GetSegmentation().GetSegment(segment_id).GetTag(NOTES_TAG, text)
    return str(text) if found else ""


def _write_grown(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, grown: GrownLesion, name: str, colour: tuple[float, float, float]
) -> Segment:
    with batch(perfusion_node.GetScene()):
        node = own_segmentation(perfusion_node)
        segment_id = write_structure(grown.structure, node, _free_name(perfusion_node, name), colour)
        write_notes(node, segment_id, (grown.sentence, *grown.warnings))
    return node, segment_id


def _free_name(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> str:
    """Return a name that no own segment and no lesion has yet: the given one, or with a number."""
    own = own_segmentation(perfusion_node)
    taken = {segment_name(own, segment_id) for segment_id in segment_ids(own)}
    taken |= {lesion.name for lesion in lesion_segments(perfusion_node) if lesion.exists}
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _image(volume_node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    values, grid = view_image(volume_node, ANATOMICAL)
    return Volume(volume_node.GetName(), values, grid, unit="")
