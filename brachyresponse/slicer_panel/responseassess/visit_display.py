"""What is seen of each visit in the views: its image, its segments, its diameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import slicer

from brachyresponse.scene.responseassess_logic.nodes import VisitNode


def show_only(logic: Any, visits: Sequence[VisitNode], shown: Sequence[VisitNode]) -> None:
    """Show segments and diameters of some visits, and hide those of the others."""
    wanted = {node.GetID() for visit in shown for node in _drawn(logic, visit)}
    for visit in visits:
        for node in _drawn(logic, visit):
            node.SetDisplayVisibility(node.GetID() in wanted)


def is_any_shown(logic: Any, visits: Sequence[VisitNode]) -> bool:
    """Tell whether a slice view shows the image of one of the visits."""
    volumes = [volume for volume in map(logic.visitVolume, visits) if volume is not None]
    images = {volume.GetID() for volume in volumes}
    views = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return any(view.GetBackgroundVolumeID() in images for view in views)


def _drawn(logic: Any, visit: VisitNode) -> Iterator[slicer.vtkMRMLDisplayableNode]:
    """Segmentations and lines of a visit."""
    for lesion in logic.lesions(visit):
        yield from logic.lineNodes(visit, lesion.id)
        if lesion.segment is not None and lesion.segment.node is not None:
            yield lesion.segment.node
