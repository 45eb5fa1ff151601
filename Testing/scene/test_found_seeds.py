from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import SeedsError
from brachyresponse.scene.found_seeds import create_found_node, create_rejected_node, read_found, write_found
from brachyresponse.scene.seed_notes import FoundNote, RejectedNote
from brachyresponse.scene.seed_points import moved_points
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.seeds import Origin
from brachyresponse.seeds.detection import DetectedSeeds
from scene.building import linear_transform, rotation
from scene.example_found import assert_same_found, example_found

FILE_MM = 1e-3  # markup files keep fewer digits than a double has


@pytest.fixture
def lists(scene: Any) -> tuple[Any, Any]:
    return create_found_node(scene, "Found"), create_rejected_node(scene, "Rejected")


def test_found_seeds_come_back_as_they_were_written(lists: tuple[Any, Any]) -> None:
    write_found(example_found(), *lists)
    assert_same_found(read_found(*lists, example_found().warnings), example_found())


def test_a_point_says_confidences_and_origin_and_is_numbered(lists: tuple[Any, Any]) -> None:
    write_found(example_found(), *lists, strength_u=0.5)
    seeds_node, rejected_node = lists
    assert seeds_node.GetNthControlPointDescription(0) == (
        "strength_u=0.500 axis=known origin=detected confidence=0.980 axis_confidence=0.900"
    )
    assert [seeds_node.GetNthControlPointLabel(n) for n in range(4)] == ["1", "2", "3", "4"]
    assert rejected_node.GetNthControlPointDescription(0) == "reason=brighter confidence=0.210 axis_confidence=0.900"
    assert rejected_node.GetNthControlPointLabel(0) == "1 brighter"


def test_rejected_candidates_are_hidden_and_locked(lists: tuple[Any, Any]) -> None:
    assert not lists[1].GetDisplayNode().GetVisibility()
    assert lists[1].GetLocked()


def test_with_a_strength_the_list_is_one_of_seeds_whose_unsure_axes_are_unknown(lists: tuple[Any, Any]) -> None:
    write_found(example_found(), *lists, strength_u=0.5)
    seeds = read_seeds(lists[0])
    assert seeds.air_kerma_strength_u.tolist() == [0.5] * 4
    assert seeds.axis_known.tolist() == [True, False, True, True]


def test_without_a_strength_the_list_says_so_where_strengths_are_needed(lists: tuple[Any, Any]) -> None:
    write_found(example_found(), *lists)
    with pytest.raises(SeedsError, match="its air-kerma strength is not set"):
        read_seeds(lists[0])


def test_a_shorter_list_leaves_no_points_behind(lists: tuple[Any, Any]) -> None:
    write_found(example_found(), *lists)
    write_found(DetectedSeeds.of([]), *lists)
    assert lists[0].GetNumberOfControlPoints() == lists[1].GetNumberOfControlPoints() == 0
    assert read_found(*lists).count == 0


def test_seeds_under_a_transform_are_where_the_transform_puts_them(lists: tuple[Any, Any], turned: Any) -> None:
    write_found(example_found(), *lists)
    for node in lists:
        node.SetAndObserveTransformNodeID(turned.GetID())
    turn, shift = rotation(30.0, [1, 2, 3]), np.array([12.0, -30.0, 45.0])
    found = read_found(*lists)
    np.testing.assert_allclose(found.positions_mm, example_found().positions_mm @ turn.T + shift, atol=1e-9)
    np.testing.assert_allclose(found.directions, example_found().directions @ turn.T, atol=1e-9)
    write_found(found, *lists)
    assert_same_found(read_found(*lists), found)


def test_a_hardened_transform_turns_axes_along_and_makes_no_seed_manual(
    lists: tuple[Any, Any], turned: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write_found(example_found(), *lists)
    for node in lists:
        node.SetAndObserveTransformNodeID(turned.GetID())
        node.HardenTransform()
    found, turn = read_found(*lists), rotation(30.0, [1, 2, 3])
    np.testing.assert_allclose(found.directions, example_found().directions @ turn.T, atol=1e-6)
    assert found.origins == example_found().origins
    assert moved_points(lists[0]) == {}
    assert "The seeds of 'Found' had been turned by 30.0 degrees" in caplog.text
    assert "The axes of these rejected candidates are those from before" in caplog.text  # two are too few to tell


def test_a_hardened_shift_moves_no_seed_by_hand(lists: tuple[Any, Any], scene: Any) -> None:
    write_found(example_found(), *lists)
    lists[0].SetAndObserveTransformNodeID(linear_transform(scene, np.eye(3), [5, 0, 0]).GetID())
    lists[0].HardenTransform()
    assert moved_points(lists[0]) == {}


@pytest.mark.parametrize("moved", [(2,), (0, 3)])
def test_points_that_were_dragged_are_told_from_those_that_were_not(
    lists: tuple[Any, Any], moved: tuple[int, ...]
) -> None:
    write_found(example_found(), *lists)
    for index in moved:
        lists[0].SetNthControlPointPosition(index, *(example_found().positions_mm[index] + [0.5, 0.1 * index, 0]))
    found = moved_points(lists[0])
    assert tuple(found) == moved
    for index, from_mm in found.items():
        np.testing.assert_allclose(from_mm, example_found().positions_mm[index], atol=1e-9)


def test_both_lists_come_back_from_a_saved_scene(lists: tuple[Any, Any], scene: Any, tmp_path: Any) -> None:
    write_found(example_found(), *lists)
    path = tmp_path / "scene.mrb"
    assert scene.WriteToMRB(str(path))
    scene.Clear(0)
    scene.ReadFromMRB(str(path), True)
    found, rejected = scene.GetFirstNodeByName("Found"), scene.GetFirstNodeByName("Rejected")
    assert_same_found(read_found(found, rejected), example_found(), atol=FILE_MM)
    assert not rejected.GetDisplayNode().GetVisibility()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("origin=detected axis_confidence=1", "its confidence is not set"),
        ("confidence=1.2 axis_confidence=1", "its confidence is 1.2, expected 0 to 1"),
        ("confidence=0.5 axis_confidence=x", "cannot be read"),
        ("confidence=0.5 axis_confidence=1 origin=guessed", "cannot be read"),
        ("a seed", "is not made of pairs"),
    ],
)
def test_a_description_that_cannot_be_read_is_named(lists: tuple[Any, Any], text: str, wrong: str) -> None:
    write_found(example_found(), *lists)
    lists[0].SetNthControlPointDescription(2, text)
    with pytest.raises(SeedsError, match=f"Control point 3 .* of 'Found'.*{wrong}"):
        read_found(*lists)


def test_a_note_passes_over_further_pairs() -> None:
    text = "needle=0 strength_u=0.5 axis=known origin=manual confidence=0.25 axis_confidence=0.5 seen=twice"
    assert FoundNote.parse(text) == FoundNote(0.25, 0.5, Origin.MANUAL, 0.5)


def test_a_rejected_note_needs_its_reason() -> None:
    with pytest.raises(SeedsError, match="gives no reason"):
        RejectedNote.parse("confidence=0.5 axis_confidence=1")
