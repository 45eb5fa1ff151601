"""What is seen of each visit in the views: its image, its segments, its diameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import slicer

from brachyresponse.scene.responseassess_logic.nodes import VisitNode
from brachyresponse.slicer_panel.layout import show_volume


def show_only(logic: Any, visits: Sequence[VisitNode], shown: Sequence[VisitNode]) -> None:
    """Show segments and diameters of some visits, and hide those of the others.

    Voxels of spectra stay as they are where one visit is shown alone; they would lie over the images of all visits.
    """
    wanted = {node.GetID() for visit in shown for node in _drawn(logic, visit)}
    for visit in visits:
        for node in _drawn(logic, visit):
            node.SetDisplayVisibility(node.GetID() in wanted)
        if list(shown) != [visit]:
            for spectra in logic.spectra(visit):
                logic.showVoxel(spectra, False)


def show_image(logic: Any, visits: Sequence[VisitNode], volume: slicer.vtkMRMLScalarVolumeNode | None) -> None:
    """Show the image of a visit in place of that of another, where the slices are now; without one show none."""
    images = {image.GetID() for image in map(logic.visitVolume, visits) if image is not None}
    views = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    showing = [view for view in views if view.GetBackgroundVolumeID() in images]
    if volume is not None:
        show_volume(volume, in_full=not showing)
    else:
        for view in showing:
            view.SetBackgroundVolumeID(None)


def _drawn(logic: Any, visit: VisitNode) -> Iterator[slicer.vtkMRMLDisplayableNode]:
    """Segmentations and lines of a visit."""
    for lesion in logic.lesions(visit):
        yield from logic.lineNodes(visit, lesion.id)
        if lesion.segment is not None and lesion.segment.node is not None:
            yield lesion.segment.node
