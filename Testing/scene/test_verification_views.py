from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import SeedsError
from brachyresponse.scene.nodes import matrix_to_array
from brachyresponse.scene.verification_views import reset_views, show_place, show_rejected, show_seed
from scene.example_found import example_found


def view(scene: Any, name: str, orientation: str) -> Any:
    node = scene.AddNewNodeByClass("vtkMRMLSliceNode")
    node.SetLayoutName(name)
    node.SetOrientation(orientation)
    return node


@pytest.fixture
def views(scene: Any) -> dict[str, Any]:
    for node in list(scene.GetNodesByClass("vtkMRMLSliceNode")):
        scene.RemoveNode(node)
    named = (("Red", "Axial"), ("Yellow", "Sagittal"), ("Green", "Coronal"))
    return {name: view(scene, name, orientation) for name, orientation in named}


def slice_to_ras(node: Any) -> np.ndarray:
    return matrix_to_array(node.GetSliceToRAS())


@pytest.mark.parametrize("index", [0, 1, 2])
def test_every_view_goes_to_the_seed_and_one_lies_along_it(scene: Any, views: dict[str, Any], index: int) -> None:
    show_seed(scene, example_found(), index)
    place, axis = example_found().positions_mm[index], example_found().directions[index]
    for node in views.values():
        to_slice = np.linalg.inv(slice_to_ras(node))
        np.testing.assert_allclose((to_slice @ np.append(place, 1))[:3], 0, atol=1e-9)
    across = slice_to_ras(views["Yellow"])[:3, 0]
    assert abs(across @ axis) == pytest.approx(1.0)
    assert views["Red"].GetOrientation() == "Axial"


def test_the_turned_view_is_a_rotation_with_the_head_up(scene: Any, views: dict[str, Any]) -> None:
    show_place(scene, np.array([1.0, 2, 3]), np.array([0.0, 2.0, 0.0]))
    turn = slice_to_ras(views["Yellow"])[:3, :3]
    np.testing.assert_allclose(turn.T @ turn, np.eye(3), atol=1e-9)
    assert abs(turn[2, 1]) == pytest.approx(1.0)


def test_a_view_goes_back_to_how_it_was_turned_before_the_first_seed(scene: Any, views: dict[str, Any]) -> None:
    before = slice_to_ras(views["Yellow"])[:3, :3]
    for index in (1, 2):
        show_seed(scene, example_found(), index)
    assert views["Yellow"].GetOrientation() != "Sagittal"
    reset_views(scene)
    assert views["Yellow"].GetOrientation() == "Sagittal"
    np.testing.assert_allclose(slice_to_ras(views["Yellow"])[:3, :3], before, atol=1e-9)


def test_a_rejected_candidate_is_shown_as_a_seed_is(scene: Any, views: dict[str, Any]) -> None:
    show_rejected(scene, example_found(), 1)
    np.testing.assert_allclose(slice_to_ras(views["Red"])[:3, 3], example_found().rejected[1].position_mm, atol=1e-9)


def test_without_views_nothing_happens(scene: Any, views: dict[str, Any]) -> None:
    for node in views.values():
        scene.RemoveNode(node)
    show_seed(scene, example_found(), 0)


def test_a_seed_that_is_not_there_is_refused(scene: Any) -> None:
    with pytest.raises(SeedsError, match="There is no seed 5: there are 4"):
        show_seed(scene, example_found(), 4)
    with pytest.raises(SeedsError, match="There is no rejected candidate 0: there are 2"):
        show_rejected(scene, example_found(), -1)
