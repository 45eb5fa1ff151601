"""Going to a lesion: the slice in which it is measured, with its two diameters."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.scene.nodes import batch, nodes_of_class
from brachyresponse.scene.response_identity import visits_beside
from brachyresponse.scene.response_lesions import find_entry, lesion_label, read_entries, segment_of
from brachyresponse.scene.response_lines import line_nodes, put_lines_beside, put_lines_first, read_diameters
from brachyresponse.scene.response_parts import VisitPart, visit_part
from brachyresponse.scene.response_views import COMPOSITE_CLASS, TAG
from brachyresponse.scene.verification_views import SLICE_CLASS
from brachyresponse.types import FloatArray


def place_of(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> FloatArray:
    """Return where a lesion is measured, or where its segment lies, (3,) RAS mm.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The lesion has neither lines nor a segment.
    """
    entry = find_entry(visit_node, lesion_id)
    if entry.size.has_lines:
        middle: FloatArray = read_diameters(visit_node, entry).longest_ras_mm.mean(axis=0)
        return middle
    chosen = segment_of(visit_node, entry)
    if chosen is None:
        raise ResponseError(f"{lesion_label(visit_node, lesion_id)} has no place in the images: only sizes are known.")
    return np.asarray(chosen.read().centre_mm, float)


def put_first(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str, position_ras: FloatArray) -> None:
    """Show the diameters of a lesion at a place as the first, and those of other lesions and visits beside them."""
    with batch(visit_node.GetScene()):
        for node in visits_beside(visit_node):
            for entry in read_entries(node):
                is_same = entry.id == lesion_id
                if is_same and node is visit_node:
                    put_lines_first(node, entry.slot)
                else:
                    put_lines_beside(node, entry.slot, position_ras, is_same_lesion=is_same)


def show_place(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str, position_ras: FloatArray) -> None:
    """Show the image of a visit and the lines of a lesion in the usual slice views, which go to a place."""
    scene, volume_node = visit_node.GetScene(), visit_part(visit_node, VisitPart.VOLUME)
    with batch(scene):
        for node in line_nodes(visit_node, find_entry(visit_node, lesion_id).slot).values():
            node.SetDisplayVisibility(True)
    for composite in nodes_of_class(scene, COMPOSITE_CLASS):
        if volume_node is not None and not str(composite.GetLayoutName() or "").startswith(TAG):
            composite.SetBackgroundVolumeID(volume_node.GetID())
    for view in nodes_of_class(scene, SLICE_CLASS):
        if not str(view.GetSingletonTag() or "").startswith(TAG):
            view.JumpSliceByCentering(*map(float, position_ras))
