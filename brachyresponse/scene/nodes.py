"""What every adapter needs of a node: its name in messages, its place in the world, edits that arrive as one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import slicer
import vtk

from brachyresponse.errors import BrachyResponseError, GeometryError
from brachyresponse.types import AnyArray, FloatArray

ATTRIBUTE_PREFIX = "BrachyResponse."
RIGID_TOLERANCE = 1e-3


class SceneError(BrachyResponseError):
    """A node of the scene that is missing, of another kind, or not in a state to be used."""


def attribute_name(name: str) -> str:
    """Return the full name of one of our node attributes, such as ``BrachyResponse.Prescription``."""
    return ATTRIBUTE_PREFIX + name


def get_attribute(node: slicer.vtkMRMLNode, name: str, default: str = "") -> str:
    """Return one of our attributes of a node, or ``default`` where it was never set."""
    value = node.GetAttribute(attribute_name(name))
    return default if value is None else str(value)


def set_attribute(node: slicer.vtkMRMLNode, name: str, value: str | None) -> None:
    """Set one of our attributes of a node; None takes it away."""
    node.SetAttribute(attribute_name(name), value)


def require_node(node: slicer.vtkMRMLNode | None, class_name: str, what: str) -> None:
    """Refuse a node that is missing or of another kind.

    Parameters
    ----------
    class_name
        The MRML class that is needed; subclasses are as good.
    what
        What the node is for, in the user's words: ``"planning CT"``.

    Raises
    ------
    SceneError
        There is no node, or it is not of that class.
    """
    if node is None:
        raise SceneError(f"No {what} is chosen: choose one.")
    if not node.IsA(class_name):
        raise SceneError(
            f"{node.GetName()!r} is a {node.GetNodeTagName()}, which cannot serve as {what}: choose another node."
        )


def world_matrix(node: slicer.vtkMRMLTransformableNode) -> FloatArray:
    """Return the 4x4 matrix from a node's own coordinates to RAS: the identity, or its linear parent transforms.

    Raises
    ------
    GeometryError
        A transform above the node is not linear.
    """
    transform_node = node.GetParentTransformNode()
    if transform_node is None:
        return np.eye(4)
    if not transform_node.IsTransformToWorldLinear():
        raise GeometryError(
            f"{node.GetName()!r} lies under the non-linear transform {transform_node.GetName()!r}: "
            "harden it in the Transforms module, or take the node out of it."
        )
    matrix = vtk.vtkMatrix4x4()
    transform_node.GetMatrixTransformToWorld(matrix)
    return matrix_to_array(matrix)


def rigid_world_matrix(node: slicer.vtkMRMLTransformableNode) -> FloatArray:
    """Return the 4x4 matrix from a node's own coordinates to RAS, for seeds and needles, which keep their size.

    Raises
    ------
    GeometryError
        A transform above the node is not linear, or does more than turn and move.
    """
    matrix = world_matrix(node)
    if not is_rigid(matrix):
        raise GeometryError(
            f"{node.GetName()!r} lies under the transform {node.GetParentTransformNode().GetName()!r}, "
            "which scales, shears or mirrors: take the node out of it; seeds and needles can only be turned and moved."
        )
    return matrix


def is_rigid(matrix: AnyArray) -> bool:
    """Tell whether a 4x4 matrix turns and moves only: no scaling, shear or mirroring."""
    turn = matrix[:3, :3]
    return bool(np.abs(turn.T @ turn - np.eye(3)).max() < RIGID_TOLERANCE and np.linalg.det(turn) > 0)


def matrix_to_array(matrix: vtk.vtkMatrix4x4) -> FloatArray:
    """Return a VTK matrix as an array, (4, 4)."""
    return np.array(matrix.GetData(), float).reshape(4, 4)


def array_to_matrix(array: AnyArray) -> vtk.vtkMatrix4x4:
    """Return an array (4, 4) as a VTK matrix."""
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy(np.asarray(array, float).ravel().tolist())
    return matrix


def add_node(scene: slicer.vtkMRMLScene, class_name: str, name: str) -> slicer.vtkMRMLNode:
    """Add a node under a name that no other node has, and return it."""
    return scene.AddNewNodeByClass(class_name, scene.GetUniqueNameByString(name))


def nodes_of_class(scene: slicer.vtkMRMLScene, class_name: str) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a class, in the order of the scene."""
    return [scene.GetNthNodeByClass(n, class_name) for n in range(scene.GetNumberOfNodesByClass(class_name))]


def referenced_nodes(node: slicer.vtkMRMLNode, role: str) -> list[slicer.vtkMRMLNode]:
    """Return the nodes that a node refers to in a role; references to deleted nodes are passed over."""
    found = [node.GetNthNodeReference(role, n) for n in range(node.GetNumberOfNodeReferences(role))]
    return [other for other in found if other is not None]


def set_referenced_nodes(node: slicer.vtkMRMLNode, role: str, others: list[slicer.vtkMRMLNode]) -> None:
    """Make a node refer to others in a role, in that order, and to no more."""
    node.RemoveNodeReferenceIDs(role)
    for other in others:
        node.AddNodeReferenceID(role, other.GetID())


@contextmanager
def batch(scene: slicer.vtkMRMLScene) -> Iterator[None]:
    """Let several additions and removals reach the views and panels as one."""
    scene.StartState(scene.BatchProcessState)
    try:
        yield
    finally:
        scene.EndState(scene.BatchProcessState)


@contextmanager
def modify(node: slicer.vtkMRMLNode) -> Iterator[None]:
    """Let several changes of a node reach its observers as one."""
    was_modifying = node.StartModify()
    try:
        yield
    finally:
        node.EndModify(was_modifying)
