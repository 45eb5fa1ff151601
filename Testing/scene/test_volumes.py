"""Volumes in and out of the scene, straight, turned, and under transforms."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.errors import GeometryError
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.volumes import read_grid, read_image, view_image, write_image
from scene.building import bent_transform, linear_transform, oblique_grid, volume_of


def test_an_oblique_volume_gives_its_grid_and_values_back(scene: slicer.vtkMRMLScene) -> None:
    grid, values = oblique_grid(), np.random.default_rng(0).normal(size=(5, 6, 7)).astype(np.float32)
    array, found = read_image(volume_of(values, grid))
    assert found == grid
    np.testing.assert_array_equal(array, values)


def test_a_linear_transform_above_a_volume_is_applied(
    scene: slicer.vtkMRMLScene, turned: slicer.vtkMRMLTransformNode
) -> None:
    grid = oblique_grid()
    node = volume_of(np.zeros(grid.shape_kji), grid)
    node.SetAndObserveTransformNodeID(turned.GetID())
    applied = read_grid(node)
    node.HardenTransform()
    assert applied != grid
    assert applied == read_grid(node)


def test_a_non_linear_transform_is_refused_with_both_names(scene: slicer.vtkMRMLScene) -> None:
    grid = oblique_grid()
    node = volume_of(np.zeros(grid.shape_kji), grid)
    node.SetAndObserveTransformNodeID(bent_transform(scene).GetID())
    with pytest.raises(GeometryError, match="'CT' lies under the non-linear transform 'Bent'"):
        read_grid(node)


def test_a_sheared_volume_is_refused_by_name(scene: slicer.vtkMRMLScene) -> None:
    grid = oblique_grid()
    node = volume_of(np.zeros(grid.shape_kji), grid)
    node.SetAndObserveTransformNodeID(linear_transform(scene, np.array([[1, 0.4, 0], [0, 1, 0], [0, 0, 1]])).GetID())
    with pytest.raises(GeometryError, match=r"Volume 'CT': .*not at right angles"):
        read_grid(node)


def test_a_missing_an_empty_and_a_wrong_node_are_told_apart(scene: slicer.vtkMRMLScene) -> None:
    with pytest.raises(SceneError, match="No planning CT is chosen"):
        read_grid(None, "planning CT")
    empty = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Nothing")
    with pytest.raises(GeometryError, match="'Nothing' holds no image"):
        read_grid(empty)
    with pytest.raises(SceneError, match="'Table' is a Table, which cannot serve as planning CT"):
        read_grid(scene.AddNewNodeByClass("vtkMRMLTableNode", "Table"), "planning CT")


def test_writing_an_image_takes_the_node_out_of_its_transform(
    scene: slicer.vtkMRMLScene, turned: slicer.vtkMRMLTransformNode
) -> None:
    grid, values = oblique_grid(), np.full((5, 6, 7), 3, np.int16)
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Result")
    node.SetAndObserveTransformNodeID(turned.GetID())
    write_image(values, grid, node)
    array, found = read_image(node)
    assert found == grid
    np.testing.assert_array_equal(array, values)


def test_an_image_with_several_values_a_voxel_is_refused(scene: slicer.vtkMRMLScene) -> None:
    node = slicer.util.addVolumeFromArray(
        np.zeros((5, 6, 7, 3)), name="Colours", nodeClassName="vtkMRMLVectorVolumeNode"
    )
    with pytest.raises(GeometryError, match="'Colours' has 3 values a voxel"):
        read_image(node)


def test_a_copy_can_be_changed_and_the_volume_itself_cannot(scene: slicer.vtkMRMLScene) -> None:
    grid = oblique_grid()
    node = volume_of(np.zeros(grid.shape_kji), grid)
    array, _ = read_image(node)
    array += 1
    seen, _ = view_image(node)
    assert not seen.any()
    assert not seen.flags.writeable


def test_an_array_of_another_shape_is_not_written(scene: slicer.vtkMRMLScene) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Result")
    with pytest.raises(GeometryError, match=r"\(2, 2, 2\).*\(5, 6, 7\)"):
        write_image(np.zeros((2, 2, 2)), oblique_grid(), node)
    assert node.GetImageData() is None
