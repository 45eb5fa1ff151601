"""Seeds in and out of a fiducial node: exact, through edits by hand, and under transforms applied and hardened."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brachyresponse.errors import GeometryError, SeedsError
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.seeds import (
    adopt_clicked_seeds,
    create_seeds_node,
    mend_seeds,
    read_origins,
    read_seeds,
    write_seeds,
)
from brachyresponse.seeds import Origin, Seeds
from brachyresponse.types import FloatArray
from scene.building import bent_transform, linear_transform, rotation

SHEAR = np.array([[1, 0.3, 0], [0, 1, 0], [0, 0, 1]])


def some_seeds(count: int = 12, random_seed: int = 0) -> Seeds:
    """Seeds turned any way, of different strengths, some free and some of unknown axis."""
    random = np.random.default_rng(random_seed)
    return Seeds(
        random.uniform(-40, 40, (count, 3)),
        random.normal(size=(count, 3)),
        random.uniform(0.2, 1.2, count),
        random.random(count) > 0.2,
        random.integers(0, 5, count),
    )


@pytest.fixture
def node(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLMarkupsFiducialNode:
    return create_seeds_node(scene)


def matrix_of(transform: slicer.vtkMRMLTransformNode) -> tuple[FloatArray, FloatArray]:
    matrix = slicer.util.arrayFromTransformMatrix(transform)
    return matrix[:3, :3], matrix[:3, 3]


def moved_by(seeds: Seeds, transform: slicer.vtkMRMLTransformNode) -> Seeds:
    turn, shift = matrix_of(transform)
    return Seeds(
        seeds.positions_mm @ turn.T + shift,
        seeds.directions @ turn.T,
        seeds.air_kerma_strength_u,
        seeds.axis_known,
        seeds.needle,
    )


def assert_same_seeds(found: Seeds, expected: Seeds) -> None:
    np.testing.assert_allclose(found.positions_mm, expected.positions_mm, atol=1e-9)  # rounding of a product
    np.testing.assert_allclose(found.directions, expected.directions, atol=1e-6)  # of a fitted rotation
    np.testing.assert_array_equal(found.air_kerma_strength_u, expected.air_kerma_strength_u)
    np.testing.assert_array_equal(found.axis_known, expected.axis_known)
    np.testing.assert_array_equal(found.needle, expected.needle)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(count=st.integers(0, 20), random_seed=st.integers(0, 1000))
def test_what_is_written_is_read_back_exactly(
    node: slicer.vtkMRMLMarkupsFiducialNode, count: int, random_seed: int
) -> None:
    seeds = some_seeds(count, random_seed)
    write_seeds(seeds, node)
    assert read_seeds(node) == seeds


def test_a_control_point_tells_a_person_what_it_is(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    write_seeds(Seeds([[1, 2, 3]], [[0, 0, 1]], 0.5, axis_known=True, needle=3), node, origin=Origin.PLANNED)
    assert node.GetNthControlPointLabel(0) == "1"
    assert node.GetNthControlPointDescription(0) == "needle=3 strength_u=0.500 axis=known origin=planned"


def test_deleting_swapping_and_inserting_points_keeps_each_seed_what_it_is(
    node: slicer.vtkMRMLMarkupsFiducialNode,
) -> None:
    seeds = some_seeds(5)
    write_seeds(seeds, node)
    node.RemoveNthControlPoint(1)
    node.SwapControlPoints(0, 2)
    assert read_seeds(node) == seeds.select([3, 2, 0, 4])
    node.InsertControlPoint(1, [7.0, 8.0, 9.0])
    assert adopt_clicked_seeds(node, 0.6) == 1
    found = read_seeds(node)
    assert found.select([0, 2, 3, 4]) == seeds.select([3, 2, 0, 4])
    assert found.select(1).positions_mm.tolist() == [[7, 8, 9]]
    assert (found.air_kerma_strength_u[1], found.axis_known[1], found.needle[1]) == (0.6, False, 0)


def test_a_clicked_point_has_no_strength_and_no_axis_until_it_is_adopted(
    node: slicer.vtkMRMLMarkupsFiducialNode,
) -> None:
    node.AddControlPointWorld([1.0, 2.0, 3.0])
    with pytest.raises(SeedsError, match=r"Control point 1 \(.*\) of 'Seeds': its air-kerma strength is not set"):
        read_seeds(node)
    with pytest.raises(SeedsError, match="A new seed of 'Seeds': its air-kerma strength is 0 U"):
        adopt_clicked_seeds(node, 0.0)
    adopt_clicked_seeds(node, 0.5)
    assert not read_seeds(node).axis_known[0]
    assert read_origins(node) == (Origin.MANUAL,)


def test_a_point_that_is_still_being_placed_is_no_seed(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    seeds = some_seeds(3)
    write_seeds(seeds, node)
    node.AddControlPoint(0.0, 0.0, 0.0)
    node.SetNthControlPointPosition(3, 5.0, 5.0, 5.0, node.PositionPreview)
    assert read_seeds(node) == seeds
    more = seeds.joined(some_seeds(2, random_seed=1))
    for written in (more, seeds.without(0), Seeds.none(), more):
        write_seeds(written, node)
        assert read_seeds(node) == written
        assert node.GetNumberOfControlPoints() == written.count + 1


def test_origins_stay_with_seeds_that_stay(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    seeds = some_seeds(3)
    write_seeds(seeds, node, origin=[Origin.PLANNED, Origin.DETECTED, Origin.MANUAL])
    write_seeds(seeds.moved(0, [1, 1, 1]), node)
    assert read_origins(node) == (Origin.PLANNED, Origin.DETECTED, Origin.MANUAL)
    write_seeds(seeds.select([1, 2]), node)
    assert read_origins(node) == (Origin.DETECTED, Origin.MANUAL)
    with pytest.raises(SeedsError, match="3 seeds but 1 origins"):
        write_seeds(seeds, node, origin=[Origin.PLANNED])


@pytest.mark.parametrize(
    ("description", "complaint"),
    [
        ("needle=3 strength_u=0.5 axis=known origin", "not made of pairs"),
        ("needle=three strength_u=0.5", "cannot be read"),
        ("needle=-1 strength_u=0.5", "needle number is -1"),
        ("needle=1 axis=known", "strength is not set"),
        ("needle=1 strength_u=0", "strength is 0 U"),
        ("needle=1 strength_u=nan", "strength is nan U"),
        ("needle=1 strength_u=0.5 axis=perhaps", "cannot be read"),
    ],
)
def test_a_corrupt_description_names_the_node_and_the_control_point(
    node: slicer.vtkMRMLMarkupsFiducialNode, description: str, complaint: str
) -> None:
    write_seeds(some_seeds(3), node)
    node.SetNthControlPointDescription(1, description)
    with pytest.raises(SeedsError, match=rf"Control point 2 \(2\) of 'Seeds': .*{complaint}"):
        read_seeds(node)


def test_a_position_that_is_not_finite_names_the_node(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    write_seeds(some_seeds(3), node)
    node.SetNthControlPointPosition(2, np.nan, 0.0, 0.0)
    with pytest.raises(SeedsError, match="'Seeds': Seed 3"):
        read_seeds(node)


def test_seeds_written_under_a_transform_read_back_in_the_world(
    node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    node.SetAndObserveTransformNodeID(turned.GetID())
    write_seeds(some_seeds(), node)
    assert_same_seeds(read_seeds(node), some_seeds())
    world_axis = np.array(node.GetNthControlPointNormalWorld(0))
    np.testing.assert_allclose(world_axis, some_seeds().directions[0], atol=1e-9)  # rounding of a product


def test_a_transform_turns_positions_and_axes(
    node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    write_seeds(some_seeds(), node)
    node.SetAndObserveTransformNodeID(turned.GetID())
    assert_same_seeds(read_seeds(node), moved_by(some_seeds(), turned))
    assert mend_seeds(node) == ""


def test_axes_that_a_hardened_transform_left_behind_are_turned_along_and_it_is_said(
    node: slicer.vtkMRMLMarkupsFiducialNode,
    turned: slicer.vtkMRMLTransformNode,
    caplog: pytest.LogCaptureFixture,
) -> None:
    write_seeds(some_seeds(), node)
    node.SetAndObserveTransformNodeID(turned.GetID())
    node.HardenTransform()
    expected = moved_by(some_seeds(), turned)
    unturned = np.array(node.GetNthControlPointNormalWorld(0))
    assert np.abs(unturned - expected.directions[0]).max() > 0.1  # the trap is there
    assert_same_seeds(read_seeds(node), expected)
    assert "turned by 30.0 degrees without their axes" in caplog.text
    assert "turned by 30.0 degrees without their axes" in mend_seeds(node)
    assert mend_seeds(node) == ""
    np.testing.assert_allclose(node.GetNthControlPointNormalWorld(0), expected.directions[0], atol=1e-6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    count=st.integers(3, 12),
    angle_deg=st.floats(0.5, 180.0),
    axis=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.1),
    shift_mm=st.tuples(*[st.floats(-200, 200)] * 3),
)
def test_any_turn_that_was_hardened_is_found_again(
    node: slicer.vtkMRMLMarkupsFiducialNode,
    count: int,
    angle_deg: float,
    axis: tuple[float, float, float],
    shift_mm: tuple[float, float, float],
) -> None:
    write_seeds(some_seeds(count), node)
    transform = linear_transform(node.GetScene(), rotation(angle_deg, axis), shift_mm)
    node.SetAndObserveTransformNodeID(transform.GetID())
    expected = read_seeds(node)
    node.HardenTransform()
    assert_same_seeds(read_seeds(node), expected)


def test_hardening_is_recognised_though_some_seeds_were_dragged_added_and_deleted_as_well(
    node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    seeds = some_seeds(10)
    write_seeds(seeds, node)
    node.SetNthControlPointPosition(4, 1.0, 2.0, 3.0)
    node.SetAndObserveTransformNodeID(turned.GetID())
    node.HardenTransform()
    node.RemoveNthControlPoint(7)
    node.InsertControlPoint(0, [0.0, 0.0, 0.0])
    adopt_clicked_seeds(node, 0.5)
    expected = moved_by(seeds.moved(4, [1, 2, 3]).without(7), turned)
    assert_same_seeds(read_seeds(node).without(0), expected)


def test_one_needle_of_seeds_along_it_is_mended_as_well(
    node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    axis = np.array([1.0, 2.0, -0.5]) / np.linalg.norm([1.0, 2.0, -0.5])
    seeds = Seeds(np.outer([0, 10, 20, 35], axis), np.tile(axis, (4, 1)), 0.5)
    write_seeds(seeds, node)
    node.SetAndObserveTransformNodeID(turned.GetID())
    node.HardenTransform()
    assert_same_seeds(read_seeds(node), moved_by(seeds, turned))


def test_seeds_that_lost_their_table_are_read_as_they_stand(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    write_seeds(some_seeds(), node)
    scene.RemoveNode(scene.GetFirstNodeByName("Seeds as written"))
    node.SetAndObserveTransformNodeID(turned.GetID())
    assert_same_seeds(read_seeds(node), moved_by(some_seeds(), turned))
    assert mend_seeds(node) == ""


def test_a_line_of_seeds_that_point_elsewhere_cannot_be_mended(
    node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    write_seeds(Seeds(np.outer([0, 10, 20], [1, 0, 0]), np.tile([0, 0, 1], (3, 1)), 0.5), node)
    node.SetAndObserveTransformNodeID(turned.GetID())
    node.HardenTransform()
    with pytest.raises(SeedsError, match=r"'Seeds': .*seeds on one line do not tell"):
        read_seeds(node)


def test_dragging_and_shifting_turn_no_axis(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode
) -> None:
    seeds = some_seeds(6)
    write_seeds(seeds, node)
    for index in range(3):
        node.SetNthControlPointPosition(index, 3.0 * index, 50.0, -4.0)
    np.testing.assert_array_equal(read_seeds(node).directions, seeds.directions)
    write_seeds(seeds, node)
    node.SetAndObserveTransformNodeID(linear_transform(scene, np.eye(3), [5, 6, 7]).GetID())
    node.HardenTransform()
    np.testing.assert_array_equal(read_seeds(node).directions, seeds.directions)


def test_a_hardened_shear_is_refused(scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    write_seeds(some_seeds(), node)
    node.SetAndObserveTransformNodeID(linear_transform(scene, SHEAR).GetID())
    with pytest.raises(
        GeometryError, match="'Seeds' lies under the transform 'Turned', which scales, shears or mirrors"
    ):
        read_seeds(node)
    node.HardenTransform()
    with pytest.raises(SeedsError, match="'Seeds': its seeds were scaled or sheared by a hardened transform"):
        read_seeds(node)


@pytest.mark.parametrize("offsets_mm", [[0], [0, 10]], ids=["one needle", "two needles"])
@pytest.mark.parametrize("matrix", [SHEAR, 1.02 * np.eye(3)], ids=["sheared", "scaled"])
def test_a_hardened_shear_of_few_needles_is_refused_too(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode, matrix: FloatArray, offsets_mm: list[int]
) -> None:
    axis = np.array([1.0, 2.0, -0.5]) / np.linalg.norm([1.0, 2.0, -0.5])
    positions = [[0, 0, offset] + depth * axis for offset in offsets_mm for depth in (0, 10, 20, 35)]
    write_seeds(Seeds(np.array(positions), np.tile(axis, (len(positions), 1)), 0.5), node)
    node.SetAndObserveTransformNodeID(linear_transform(scene, matrix).GetID())
    node.HardenTransform()
    with pytest.raises(SeedsError, match="'Seeds': its seeds were scaled or sheared by a hardened transform"):
        read_seeds(node)


@pytest.mark.parametrize("matrix", [SHEAR, 1.1 * np.eye(3), np.diag([-1.0, 1, 1])])
def test_only_transforms_that_turn_and_move_are_taken(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode, matrix: FloatArray
) -> None:
    node.SetAndObserveTransformNodeID(linear_transform(scene, matrix @ rotation(30, [0, 1, 0])).GetID())
    with pytest.raises(GeometryError, match="scales, shears or mirrors"):
        write_seeds(some_seeds(), node)
    assert node.GetNumberOfControlPoints() == 0


def test_a_bent_transform_and_a_missing_node_are_refused(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode
) -> None:
    node.SetAndObserveTransformNodeID(bent_transform(scene).GetID())
    with pytest.raises(GeometryError, match="'Seeds' lies under the non-linear transform 'Bent'"):
        read_seeds(node)
    with pytest.raises(SceneError, match="No list of seeds is chosen"):
        read_seeds(None)


def test_a_cloned_node_does_not_write_into_the_memory_of_its_original(
    scene: slicer.vtkMRMLScene, node: slicer.vtkMRMLMarkupsFiducialNode, turned: slicer.vtkMRMLTransformNode
) -> None:
    seeds = some_seeds()
    write_seeds(seeds, node)
    clone = scene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", "Clone")
    clone.Copy(node)
    write_seeds(seeds.select([0, 1]), clone)
    node.SetAndObserveTransformNodeID(turned.GetID())
    node.HardenTransform()
    assert_same_seeds(read_seeds(node), moved_by(seeds, turned))


def test_writing_tells_observers_once(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    write_seeds(some_seeds(), node)
    events: list[str] = []
    node.AddObserver("ModifiedEvent", lambda caller, event: events.append(event))
    write_seeds(some_seeds(random_seed=1), node)
    assert events == ["ModifiedEvent"]
