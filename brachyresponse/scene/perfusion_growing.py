"""Lesions grown from a click and white matter proposed: written as segments that are edited as any other."""

from __future__ import annotations

from collections.abc import Callable

import slicer
import vtk
from numpy.typing import ArrayLike

from brachyresponse.geometry import Volume
from brachyresponse.lesions import GrownLesion, propose_white_matter
from brachyresponse.scene.nodes import attribute_name, batch
from brachyresponse.scene.perfusion_choices import read_settings
from brachyresponse.scene.perfusion_images import read_dose_volume
from brachyresponse.scene.perfusion_parts import PerfusionRole, need_perfusion_part
from brachyresponse.scene.perfusion_segments import (
    BARRIERS,
    WHITE_MATTER,
    add_lesion,
    choose_segment,
    chosen_segment,
    own_segmentation,
    read_lesions,
    read_optional,
)
from brachyresponse.scene.perfusion_segments import need_lesion as _need_lesion
from brachyresponse.scene.segments import segment_ids, segment_name, write_structure
from brachyresponse.scene.volumes import view_image

ANATOMICAL = "anatomical image"
WHITE_MATTER_NAME = "White matter"
LESION_COLOUR, WHITE_MATTER_COLOUR, OEDEMA_COLOUR = (0.93, 0.55, 0.10), (0.55, 0.75, 0.95), (0.75, 0.65, 0.90)
NOTES_TAG = attribute_name("Notes")

Segment = tuple[slicer.vtkMRMLSegmentationNode, str]
Grow = Callable[..., GrownLesion]


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
    from brachyresponse.lesions import grow_lesion

    node, segment_id = _grow(perfusion_node, position_ras, volume_node, (grow_lesion, "Lesion", LESION_COLOUR))
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
    from brachyresponse.lesions import grow_hyperintensity

    return _grow(perfusion_node, position_ras, volume_node, (grow_hyperintensity, "Hyperintensity", OEDEMA_COLOUR))


def propose_white_matter_segment(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Segment:
    """Propose normal-appearing white matter opposite the largest lesion, outside the dose, and choose it.

    Raises
    ------
    SceneError, GeometryError, StructureError
        There is no anatomical image or no lesion, or too little white matter; then nothing is written.
    """
    image = _image(need_perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL, ANATOMICAL))
    _need_lesion(perfusion_node)
    lesion = max(read_lesions(perfusion_node).values(), key=lambda each: each.volume_cc)
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


def free_name(segmentation_node: slicer.vtkMRMLSegmentationNode, name: str) -> str:
    """Return a name that no segment has yet: the given one, or with a number."""
    taken = {segment_name(segmentation_node, segment_id) for segment_id in segment_ids(segmentation_node)}
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _grow(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    position_ras: ArrayLike,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None,
    what: tuple[Grow, str, tuple[float, float, float]],
) -> Segment:
    grow, name, colour = what
    if volume_node is None:
        volume_node = need_perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL, ANATOMICAL)
    barriers = read_optional(perfusion_node, BARRIERS) if chosen_segment(perfusion_node, BARRIERS) else None
    grown = grow(_image(volume_node), position_ras, barriers=barriers)
    with batch(perfusion_node.GetScene()):
        node = own_segmentation(perfusion_node)
        segment_id = write_structure(grown.structure, node, free_name(node, name), colour)
        write_notes(node, segment_id, (grown.sentence, *grown.warnings))
    return node, segment_id


def _image(volume_node: slicer.vtkMRMLScalarVolumeNode) -> Volume:
    values, grid = view_image(volume_node, ANATOMICAL)
    return Volume(volume_node.GetName(), values, grid, unit="")
