"""What makes the results of a perfusion study out of date, without any panel, and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util
import vtk

from brachyresponse.geometry import Structure
from brachyresponse.progress import ignore_progress as ignore
from brachyresponse.scene.contents import image_contents, segment_contents
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.perfusion_comparing import set_pre_treatment
from brachyresponse.scene.perfusion_images import set_image
from brachyresponse.scene.perfusion_measuring import measure_study
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_studies_in
from brachyresponse.scene.perfusion_staleness import stale_perfusion_reason
from brachyresponse.scene.segments import SURFACE, write_structure
from scene.perfused import Perfused, add_perfused, ball, grid


@pytest.fixture
def measured(scene: Any) -> Perfused:
    perfused = add_perfused(scene)
    measure_study(perfused.node, ignore)
    return perfused


def redraw(perfused: Perfused, name: str, mask: np.ndarray) -> None:
    """Draw a segment anew, as the Segment Editor does."""
    write_structure(Structure(name, mask, grid()), perfused.segmentation)


def move(node: Any, distance_mm: float) -> Any:
    """Put a node under a transform, and return it."""
    transform = node.GetScene().AddNewNodeByClass("vtkMRMLLinearTransformNode")
    matrix = vtk.vtkMatrix4x4()
    matrix.SetElement(0, 3, distance_mm)
    transform.SetMatrixTransformToParent(matrix)
    node.SetAndObserveTransformNodeID(transform.GetID())
    return transform


def test_a_segment_that_is_redrawn_and_one_that_is_put_back(measured: Perfused) -> None:
    smaller = ball("Lesion").copy()
    smaller[tuple(np.argwhere(smaller)[0])] = False
    redraw(measured, "Lesion", smaller)
    assert stale_perfusion_reason(measured.node) == "a segment was changed"
    redraw(measured, "Lesion", ball("Lesion"))
    assert stale_perfusion_reason(measured.node) == ""


def test_a_segment_that_is_renamed(measured: Perfused) -> None:
    measured.segmentation.GetSegmentation().GetSegment(measured.ids["Lesion"]).SetName("Tumour")
    assert stale_perfusion_reason(measured.node) == "a segment was changed"


def test_a_segment_that_is_not_used_does_not_matter(measured: Perfused) -> None:
    redraw(measured, "Something else", ball("Artery"))
    assert stale_perfusion_reason(measured.node) == ""


def test_segments_and_images_that_are_moved(measured: Perfused) -> None:
    for node, said in (
        (measured.segmentation, "a segment was changed"),
        (measured.anatomical, "an image or the dose was changed"),
    ):
        move(node, 2.0)
        assert stale_perfusion_reason(measured.node) == said
        node.SetAndObserveTransformNodeID(None)
        assert stale_perfusion_reason(measured.node) == ""


def test_a_series_that_is_moved_through_the_volume_it_is_browsed_with(scene: Any, measured: Perfused) -> None:
    browser = next(
        node
        for node in nodes_of_class(scene, "vtkMRMLSequenceBrowserNode")
        if node.GetMasterSequenceNode() is measured.series
    )
    volume = browser.GetProxyNode(measured.series)
    if volume is None:
        volume = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        browser.AddProxyNode(volume, measured.series, False)
    move(volume, 3.0)
    assert stale_perfusion_reason(measured.node) == "the series was changed"


def test_a_series_that_gets_other_values_but_not_one_that_is_renamed(measured: Perfused) -> None:
    measured.series.SetName("Renamed")
    assert stale_perfusion_reason(measured.node) == ""
    for number in range(measured.series.GetNumberOfDataNodes()):
        slicer.util.arrayFromVolume(measured.series.GetNthDataNode(number))[:] *= 1.1
    assert stale_perfusion_reason(measured.node) == "the series was changed"


def test_an_image_that_is_exchanged(measured: Perfused) -> None:
    other = slicer.util.addVolumeFromArray(np.ones((4, 5, 6)))
    set_image(measured.node, PerfusionRole.T2_STAR, other, "T2*-weighted image")
    assert stale_perfusion_reason(measured.node) == "an image or the dose was changed"


def test_a_scan_before_treatment_that_is_chosen(scene: Any, measured: Perfused) -> None:
    before = add_perfused(scene, "Before")
    measure_study(before.node, ignore)
    set_pre_treatment(measured.node, before.node)
    assert stale_perfusion_reason(measured.node) == "the scan before treatment was changed"
    before.node.SetName("Earlier")
    measure_study(measured.node, ignore)
    before.node.SetName("Before again")
    assert stale_perfusion_reason(measured.node) == ""


def test_a_saved_scene_with_awkward_geometry_is_as_it_was(scene: Any, tmp_path: Path) -> None:
    perfused = add_perfused(scene)
    transform = move(perfused.segmentation, 1 / 3)
    measure_study(perfused.node, ignore)
    perfused.segmentation.GetSegmentation().CreateRepresentation(SURFACE)
    assert stale_perfusion_reason(perfused.node) == ""
    assert transform.GetScene() is scene
    assert scene.WriteToMRB(str(tmp_path / "study.mrb"))
    scene.Clear(0)
    assert scene.ReadFromMRB(str(tmp_path / "study.mrb"), True)
    (node,) = perfusion_studies_in(scene)
    assert stale_perfusion_reason(node) == ""


def test_surfaces_and_empty_segments_have_contents_too(scene: Any) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Contours")
    node.GetSegmentation().SetSourceRepresentationName(SURFACE)
    sphere = vtk.vtkSphereSource()
    found = []
    for radius in (5.0, 5.1):
        sphere.SetRadius(radius)
        sphere.Update()
        segment = slicer.vtkSegment()
        segment.AddRepresentation(SURFACE, sphere.GetOutput())
        segment.SetName("Ball")
        node.GetSegmentation().AddSegment(segment, f"{radius}")
        found.append(segment_contents(node, f"{radius}"))
    assert found[0] != found[1]
    labels = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Drawn")
    assert segment_contents(labels, labels.GetSegmentation().AddEmptySegment("", "New")) in (
        "nothing drawn",
        "New empty",
    )


def test_a_node_without_voxels_has_contents(scene: Any) -> None:
    empty, other = (scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode") for _ in range(2))
    assert image_contents(empty) == image_contents(other)
