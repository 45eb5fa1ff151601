"""Lesions of a visit grown from a click: written as segments that are edited as any other."""

from __future__ import annotations

import slicer
from numpy.typing import ArrayLike

from brachyresponse.geometry import Volume
from brachyresponse.lesions import grow_lesion
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.perfusion_growing import LESION_COLOUR, Segment, write_notes
from brachyresponse.scene.response_lesions import free_id, read_entries
from brachyresponse.scene.response_parts import VisitPart, need_visit_part, own_visit_node, visit_part
from brachyresponse.scene.response_visits import IMAGE
from brachyresponse.scene.segments import segment_ids, segment_name, write_structure
from brachyresponse.scene.volumes import view_image


def grow_visit_lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, position_ras: ArrayLike) -> Segment:
    """Grow an enhancing lesion from a click on the image of a visit, and return its segment.

    Raises
    ------
    SceneError, GeometryError, StructureError
        The visit has no image, or nothing grows from there; then nothing is written.
    """
    volume_node = need_visit_part(visit_node, VisitPart.VOLUME, IMAGE)
    values, grid = view_image(volume_node, IMAGE)
    grown = grow_lesion(Volume(volume_node.GetName(), values, grid, unit=""), position_ras)
    with batch(visit_node.GetScene()):
        node = visit_segmentation(visit_node)
        segment_id = write_structure(grown.structure, node, _free_name(visit_node, node), LESION_COLOUR)
        write_notes(node, segment_id, (grown.sentence, *grown.warnings))
    return node, segment_id


def visit_segmentation(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLSegmentationNode:
    """Return the segmentation of a visit for what is grown; it is made when absent."""
    node = visit_part(visit_node, VisitPart.SEGMENTS)
    if node is not None:
        return node
    with batch(visit_node.GetScene()):
        node = own_visit_node(visit_node, VisitPart.SEGMENTS, "vtkMRMLSegmentationNode", "lesions")
        node.CreateDefaultDisplayNodes()
        node.GetDisplayNode().SetOpacity2DFill(0.0)
        volume_node = visit_part(visit_node, VisitPart.VOLUME)
        if volume_node is not None:
            node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
    return node


def _free_name(visit_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLSegmentationNode) -> str:
    """Return "Lesion" with the next number that neither a segment nor a lesion of the visit has."""
    names = {segment_name(node, segment_id) for segment_id in segment_ids(node)}
    used = {name.removeprefix("Lesion ") for name in names} | {entry.id for entry in read_entries(visit_node)}
    return f"Lesion {free_id(visit_node, used)}"
