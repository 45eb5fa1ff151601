"""Segments in and out: own grids, transforms, shared labelmaps, surfaces, and errors that name the segment."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import slicer.util
import vtk

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry import Structure
from brachyresponse.scene.nodes import SceneError, array_to_matrix
from brachyresponse.scene.segments import read_structure, segment_colour, segment_ids, write_structure
from scene.building import bent_transform, linear_transform, oblique_grid, volume_of


@pytest.fixture
def segmentation(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLSegmentationNode:
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    node.CreateDefaultDisplayNodes()
    return node


def blob(name: str = "PTV") -> Structure:
    """A box away from the border of an oblique grid, so that its extent does not begin at 0."""
    mask = np.zeros((9, 10, 11), bool)
    mask[3:6, 4:8, 2:7] = True
    return Structure(name, mask, oblique_grid((9, 10, 11)))


def test_a_structure_comes_back_from_its_segment_as_it_was(segmentation: slicer.vtkMRMLSegmentationNode) -> None:
    segment_id = write_structure(blob(), segmentation, colour=(1.0, 0.5, 0.0))
    found = read_structure(segmentation, segment_id)
    assert found.name == "PTV"
    assert found.grid == blob().grid
    np.testing.assert_array_equal(found.occupancy, blob().mask)
    assert segment_colour(segmentation, segment_id) == (1.0, 0.5, 0.0)


def test_a_painted_segment_lies_where_slicer_shows_it(
    scene: slicer.vtkMRMLScene, segmentation: slicer.vtkMRMLSegmentationNode
) -> None:
    expected = blob()
    reference = volume_of(np.zeros(expected.grid.shape_kji, np.int16), expected.grid)
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(reference)
    segment_id = segmentation.GetSegmentation().AddEmptySegment("", "PTV")
    slicer.util.updateSegmentBinaryLabelmapFromArray(
        expected.mask.astype(np.uint8), segmentation, segment_id, reference
    )
    found = read_structure(segmentation, segment_id)
    np.testing.assert_allclose(found.centre_mm, expected.centre_mm, atol=1e-6)  # rounding of the matrix only
    assert found.volume_cc == pytest.approx(expected.volume_cc)


def test_a_cropped_labelmap_whose_extent_begins_elsewhere_lies_where_slicer_shows_it(
    segmentation: slicer.vtkMRMLSegmentationNode,
) -> None:
    expected = blob()
    image = slicer.vtkOrientedImageData()
    image.SetExtent(2, 6, 4, 7, 3, 5)
    image.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 1)
    image.GetPointData().GetScalars().Fill(1)
    image.SetImageToWorldMatrix(array_to_matrix(expected.grid.ijk_to_ras))
    segment_id = segmentation.GetSegmentation().AddEmptySegment("", "PTV")
    segmentation.GetSegmentation().GetSegment(segment_id).AddRepresentation("Binary labelmap", image)
    found = read_structure(segmentation, segment_id)
    assert found.occupancy.shape == (3, 4, 5)
    np.testing.assert_allclose(found.centre_mm, expected.centre_mm, atol=1e-6)  # rounding of the matrix only


def test_segments_that_share_a_labelmap_are_told_apart(
    scene: slicer.vtkMRMLScene, segmentation: slicer.vtkMRMLSegmentationNode
) -> None:
    grid = oblique_grid((4, 4, 4))
    reference = volume_of(np.zeros((4, 4, 4), np.int16), grid)
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(reference)
    for index, name in enumerate(("First", "Second")):
        mask = np.zeros((4, 4, 4), np.uint8)
        mask[index] = 1
        segmentation.GetSegmentation().AddEmptySegment(name, name)
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, name, reference)
    segmentation.GetSegmentation().CollapseBinaryLabelmaps()
    first, second = (read_structure(segmentation, name) for name in ("First", "Second"))
    assert first.volume_cc == pytest.approx(second.volume_cc)
    gap = grid.to_ijk(second.centre_mm) - grid.to_ijk(first.centre_mm)
    np.testing.assert_allclose(gap, [0, 0, 1], atol=1e-6)


def test_replacing_one_of_two_shared_segments_leaves_the_other(segmentation: slicer.vtkMRMLSegmentationNode) -> None:
    first = write_structure(blob("First"), segmentation)
    grid = blob().grid
    mask = np.zeros(grid.shape_kji, bool)
    mask[7, 7, 7] = True
    second = write_structure(Structure("Second", mask, grid), segmentation)
    segmentation.GetSegmentation().CollapseBinaryLabelmaps()
    assert write_structure(Structure("Second", ~mask, grid), segmentation) == second
    assert read_structure(segmentation, second).occupancy.sum() == mask.size - 1
    assert read_structure(segmentation, first).volume_cc == pytest.approx(blob().volume_cc)
    assert segment_ids(segmentation) == (first, second)


def test_a_written_segment_gets_a_surface_where_the_others_have_one(
    segmentation: slicer.vtkMRMLSegmentationNode,
) -> None:
    first = write_structure(blob("First"), segmentation)
    segmentation.CreateClosedSurfaceRepresentation()
    second = write_structure(blob("Second"), segmentation)
    write_structure(blob("First"), segmentation)
    for segment_id in (first, second):
        surface = segmentation.GetClosedSurfaceInternalRepresentation(segment_id)
        np.testing.assert_allclose(surface.GetCenter(), blob().centre_mm, atol=0.2)  # smoothed between voxels


def test_a_linear_transform_is_applied_and_a_hardened_one_agrees(
    segmentation: slicer.vtkMRMLSegmentationNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    segment_id = write_structure(blob(), segmentation)
    segmentation.SetAndObserveTransformNodeID(turned.GetID())
    applied = read_structure(segmentation, segment_id)
    segmentation.HardenTransform()
    hardened = read_structure(segmentation, segment_id)
    assert np.linalg.norm(applied.centre_mm - blob().centre_mm) > 10
    np.testing.assert_allclose(applied.centre_mm, hardened.centre_mm, atol=0.2)  # hardening resamples the labelmap
    assert applied.volume_cc == pytest.approx(blob().volume_cc)


def test_a_structure_is_written_in_the_world_under_a_transform(
    segmentation: slicer.vtkMRMLSegmentationNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    segmentation.SetAndObserveTransformNodeID(turned.GetID())
    assert read_structure(segmentation, write_structure(blob(), segmentation)).grid == blob().grid


def test_a_surface_is_rasterised_in_the_reference_geometry_without_a_change_of_the_node(
    scene: slicer.vtkMRMLScene, segmentation: slicer.vtkMRMLSegmentationNode
) -> None:
    segment_id = add_ball(segmentation)
    with pytest.raises(StructureError, match="'Ball' of 'Structures' is a surface without reference geometry"):
        read_structure(segmentation, segment_id)
    grid = oblique_grid((40, 60, 80))
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume_of(np.zeros(grid.shape_kji, np.int16), grid))
    found = read_structure(segmentation, segment_id)
    np.testing.assert_allclose(found.centre_mm, grid.centre_mm, atol=0.5)  # half a voxel
    assert found.volume_cc == pytest.approx(4 / 3 * np.pi, rel=0.05)  # voxels of 3.75 mm3 at the surface
    assert not segmentation.GetSegmentation().ContainsRepresentation("Binary labelmap")


def add_ball(segmentation: slicer.vtkMRMLSegmentationNode) -> str:
    sphere = vtk.vtkSphereSource()
    sphere.SetRadius(10.0)
    sphere.SetThetaResolution(48)
    sphere.SetPhiResolution(48)
    sphere.SetCenter(*oblique_grid((40, 60, 80)).centre_mm)
    sphere.Update()
    segmentation.GetSegmentation().SetSourceRepresentationName("Closed surface")
    return segmentation.AddSegmentFromClosedSurfaceRepresentation(sphere.GetOutput(), "Ball", [1, 0, 0])


def test_what_is_missing_or_empty_is_named(segmentation: slicer.vtkMRMLSegmentationNode) -> None:
    with pytest.raises(SceneError, match="No segmentation is chosen"):
        read_structure(None, "PTV")
    with pytest.raises(StructureError, match=r"'Structures' has no segment chosen \(segments: none\)"):
        read_structure(segmentation, "")
    write_structure(blob(), segmentation)
    with pytest.raises(StructureError, match=r"has no segment 'Bladder' \(segments: PTV\)"):
        read_structure(segmentation, "Bladder")
    empty = segmentation.GetSegmentation().AddEmptySegment("", "Skin")
    with pytest.raises(StructureError, match="'Skin' of 'Structures' is empty"):
        read_structure(segmentation, empty)


def test_bent_and_sheared_transforms_are_refused_by_name(
    scene: slicer.vtkMRMLScene, segmentation: slicer.vtkMRMLSegmentationNode
) -> None:
    segment_id = write_structure(blob(), segmentation)
    sheared = linear_transform(scene, np.array([[1, 0.3, 0], [0, 1, 0], [0, 0, 1]]))
    segmentation.SetAndObserveTransformNodeID(sheared.GetID())
    with pytest.raises(GeometryError, match=r"'PTV' of 'Structures': .*not at right angles"):
        read_structure(segmentation, segment_id)
    segmentation.SetAndObserveTransformNodeID(bent_transform(scene).GetID())
    with pytest.raises(GeometryError, match="'Structures' lies under the non-linear transform 'Bent'"):
        read_structure(segmentation, segment_id)
    with pytest.raises(GeometryError, match="non-linear"):
        write_structure(blob("New"), segmentation)
    assert segment_ids(segmentation) == (segment_id,)
