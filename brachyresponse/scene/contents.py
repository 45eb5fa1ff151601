"""What segments and images hold, in a few letters: a change of them is noticed by these, also in another session."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.errors import GeometryError
from brachyresponse.scene.nodes import matrix_to_array, world_matrix
from brachyresponse.scene.perfusion_frames import world_matrix_of_proxy
from brachyresponse.scene.segments import LABELMAP, array_of, ijk_to_node, segment_name
from brachyresponse.scene.stale import input_signature
from brachyresponse.types import AnyArray, FloatArray, IntArray

STEP_MM, OFFSET = 0.01, 0.314
"""Places count in such steps; the offset keeps them off round figures, which files write with a last digit or less."""
SAMPLES = 4096
"""Of the values of a series or an image: it is not edited voxel by voxel, but exchanged."""
MOST_REMEMBERED = 64

_remembered: dict[tuple[object, ...], str] = {}


def segment_contents(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> str:
    """Return a text that is another one when a segment is renamed, moved or redrawn, and the same after loading."""
    return f"{segment_name(segmentation_node, segment_id)} {drawn_contents(segmentation_node, segment_id)}"


def drawn_contents(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> str:
    """Return a text that is another one when a segment is moved or redrawn, and the same after loading."""
    segmentation = segmentation_node.GetSegmentation()
    segment, source = segmentation.GetSegment(segment_id), segmentation.GetSourceRepresentationName()
    drawn = segment.GetRepresentation(source)
    if drawn is None:
        return "nothing drawn"
    try:
        node_to_world = world_matrix(segmentation_node)
    except GeometryError as error:
        return str(error)  # such a segment cannot be measured: what was, was measured before
    # VTK gives no modification time twice, so that it stands for the object as well.
    key = (drawn.GetMTime(), segment.GetLabelValue(), node_to_world.tobytes())
    if key not in _remembered:
        while len(_remembered) >= MOST_REMEMBERED:
            del _remembered[next(iter(_remembered))]
        if source == LABELMAP:
            _remembered[key] = _of_labelmap(drawn, segment.GetLabelValue(), node_to_world)
        else:
            _remembered[key] = _of_surface(drawn, node_to_world)
    return _remembered[key]


def image_contents(node: slicer.vtkMRMLNode) -> str:
    """Return a text that is another one when a volume or a sequence of volumes is moved or gets other values.

    Of the values some are looked at, all over the image.
    """
    volumes = list(_volumes_of(node))
    parts: list[object] = [len(volumes)]
    for volume in volumes:
        image = volume.GetImageData()
        scalars = None if image is None else image.GetPointData().GetScalars()
        if scalars is not None:
            values = vtk_to_numpy(scalars).reshape(-1)
            step = max(values.size * len(volumes) // SAMPLES, 1)
            parts += [image.GetDimensions(), values[::step].astype(float), _corners(volume, node)]
    return input_signature(*parts)


def _volumes_of(node: slicer.vtkMRMLNode) -> Iterator[slicer.vtkMRMLVolumeNode]:
    frames = [node]
    if node.IsA("vtkMRMLSequenceNode"):
        frames = [node.GetNthDataNode(number) for number in range(node.GetNumberOfDataNodes())]
    yield from (frame for frame in frames if frame is not None and frame.IsA("vtkMRMLVolumeNode"))


def _corners(volume: slicer.vtkMRMLVolumeNode, node: slicer.vtkMRMLNode) -> object:
    """Where the first voxel of a volume, or of a frame of ``node``, lies, and the last one along each axis.

    A sentence where it is warped.
    """
    own = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(own)
    try:
        to_world = world_matrix(node) if node is volume else world_matrix_of_proxy(node)
    except GeometryError as error:
        return str(error)
    return _box(to_world @ matrix_to_array(own), np.zeros(3, int), np.array(volume.GetImageData().GetDimensions()) - 1)


def _of_labelmap(image: slicer.vtkOrientedImageData, value: int, node_to_world: FloatArray) -> str:
    mask = array_of(image) == value
    if not mask.any():
        return "empty"
    drawn = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    first, last = (np.array([indices[end] for indices in drawn]) for end in (0, -1))
    inside = mask[tuple(slice(low, high + 1) for low, high in zip(first, last, strict=True))]
    return input_signature(np.packbits(inside), _box(node_to_world @ ijk_to_node(image), first[::-1], last[::-1]))


def _of_surface(surface: vtk.vtkPolyData, node_to_world: FloatArray) -> str:
    points = surface.GetPoints()
    places = np.empty((0, 3)) if points is None else vtk_to_numpy(points.GetData())
    return input_signature(in_steps(places @ node_to_world[:3, :3].T + node_to_world[:3, 3]))


def _box(matrix: FloatArray, first_ijk: IntArray, last_ijk: IntArray) -> IntArray:
    """Return the first corner of a box of voxels, and the last along each axis, (4, 3) steps."""
    corners = first_ijk + np.vstack([np.zeros((1, 3), int), np.diag(last_ijk - first_ijk)])
    return in_steps(corners @ matrix[:3, :3].T + matrix[:3, 3])


def in_steps(places_mm: AnyArray) -> IntArray:
    """Return places as whole numbers of steps, which are the same after loading."""
    return np.floor(np.asarray(places_mm, float) / STEP_MM + OFFSET).astype(np.int64)
