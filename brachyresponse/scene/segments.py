"""Segments as structures of the library, and structures as segments."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from brachyresponse.errors import GeometryError, StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.nodes import array_to_matrix, matrix_to_array, modify, require_node, world_matrix
from brachyresponse.types import AnyArray

LABELMAP, SURFACE = "Binary labelmap", "Closed surface"
REFERENCE_GEOMETRY = "Reference image geometry"


def segment_ids(segmentation_node: slicer.vtkMRMLSegmentationNode) -> tuple[str, ...]:
    """Return the IDs of the segments, in the order in which the user sees them."""
    segmentation = segmentation_node.GetSegmentation()
    return tuple(segmentation.GetNthSegmentID(n) for n in range(segmentation.GetNumberOfSegments()))


def segment_name(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> str:
    """Return the name of a segment.

    Raises
    ------
    SceneError, StructureError
        There is no such node or segment.
    """
    return str(_segment(segmentation_node, segment_id).GetName())


def segment_colour(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> tuple[float, float, float]:
    """Return the colour of a segment, 0 to 1 each.

    Raises
    ------
    SceneError, StructureError
        There is no such node or segment.
    """
    red, green, blue = _segment(segmentation_node, segment_id).GetColor()
    return red, green, blue


def read_structure(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> Structure:
    """Return a segment as a structure on its own grid in the world; linear transforms above the node are applied.

    A segment that exists as a surface only is rasterised in the segmentation's reference geometry; the node is
    not changed by it.

    Raises
    ------
    SceneError
        There is no such node.
    StructureError
        There is no such segment, it is empty, or it is a surface without reference geometry.
    GeometryError
        The node lies under a transform that is not linear, or is sheared.
    """
    segment = _segment(segmentation_node, segment_id)
    label = _label(segmentation_node, segment)
    node_to_world = world_matrix(segmentation_node)
    image, value = _labelmap(segmentation_node, segment_id)
    mask = array_of(image) == value
    if not mask.any():
        raise StructureError(f"{label} is empty: draw it in the Segment Editor, or choose another.")
    try:
        return Structure(segment.GetName(), mask, Grid(mask.shape, node_to_world @ ijk_to_node(image)))
    except GeometryError as error:
        raise GeometryError(f"{label}: {error}") from error


def write_structure(
    structure: Structure,
    segmentation_node: slicer.vtkMRMLSegmentationNode,
    name: str | None = None,
    colour: tuple[float, float, float] | None = None,
) -> str:
    """Write a structure as a segment and return its ID; voxels of which half belong to it are taken.

    A segment of that name is replaced, keeping its ID and, unless another is given, its colour.

    Raises
    ------
    SceneError
        There is no such node.
    GeometryError
        The node lies under a transform that is not linear.
    """
    require_node(segmentation_node, "vtkMRMLSegmentationNode", "segmentation")
    name = name or structure.name
    world_to_node = np.linalg.inv(world_matrix(segmentation_node))
    image = _labelmap_image(structure.mask, world_to_node @ structure.grid.ijk_to_ras)
    segmentation = segmentation_node.GetSegmentation()
    shown_in_3d = segmentation.ContainsRepresentation(SURFACE)
    with modify(segmentation_node):
        segment_id = segmentation.GetSegmentIdBySegmentName(name) or segmentation.AddEmptySegment("", name)
        segment = segmentation.GetSegment(segment_id)
        segmentation.SeparateSegmentLabelmap(segment_id)
        segment.RemoveAllRepresentations(LABELMAP)
        segment.SetLabelValue(1)
        segment.AddRepresentation(LABELMAP, image)
        if colour is not None:
            segment.SetColor(*colour)
        if shown_in_3d:
            _add_surface(segmentation, segment_id)
        segmentation_node.Modified()
    return str(segment_id)


def _segment(segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str) -> slicer.vtkSegment:
    require_node(segmentation_node, "vtkMRMLSegmentationNode", "segmentation")
    known = segment_ids(segmentation_node)
    if segment_id in known:
        return segmentation_node.GetSegmentation().GetSegment(segment_id)
    names = ", ".join(segmentation_node.GetSegmentation().GetSegment(other).GetName() for other in known)
    asked = f"no segment {segment_id!r}" if segment_id else "no segment chosen"
    raise StructureError(
        f"Segmentation {segmentation_node.GetName()!r} has {asked} (segments: {names or 'none'}): choose one of them."
    )


def _label(segmentation_node: slicer.vtkMRMLSegmentationNode, segment: slicer.vtkSegment) -> str:
    return f"Segment {segment.GetName()!r} of {segmentation_node.GetName()!r}"


def _labelmap(
    segmentation_node: slicer.vtkMRMLSegmentationNode, segment_id: str
) -> tuple[slicer.vtkOrientedImageData, int]:
    """Return the image that holds a segment, in the node's coordinates, and the segment's value in it."""
    segmentation = segmentation_node.GetSegmentation()
    segment = segmentation.GetSegment(segment_id)
    image = segment.GetRepresentation(LABELMAP)
    if image is not None:
        return image, segment.GetLabelValue()
    geometry = segmentation.GetConversionParameter(REFERENCE_GEOMETRY)
    if not geometry:
        raise StructureError(
            f"{_label(segmentation_node, segment)} is a surface without reference geometry: "
            "set the planning image as source geometry of the segmentation first."
        )
    converted = _rasterised_copy(segment, segmentation.GetSourceRepresentationName(), geometry)
    if converted is None:
        raise StructureError(
            f"{_label(segmentation_node, segment)} cannot be made a labelmap: "
            "create its binary labelmap in the Segmentations module."
        )
    return converted.GetRepresentation(LABELMAP), converted.GetLabelValue()


def _rasterised_copy(segment: slicer.vtkSegment, source: str, geometry: str) -> slicer.vtkSegment | None:
    copied = slicer.vtkSegment()
    copied.DeepCopy(segment)
    segmentation = slicer.vtkSegmentation()
    segmentation.SetSourceRepresentationName(source)
    segmentation.SetConversionParameter(REFERENCE_GEOMETRY, geometry)
    segmentation.AddSegment(copied, "copy")
    return copied if segmentation.CreateRepresentation(LABELMAP) else None


def _add_surface(segmentation: slicer.vtkSegmentation, segment_id: str) -> None:
    """Give a segment the surface that the others of its segmentation have: 3D views show nothing else."""
    logic = slicer.vtkSlicerSegmentationsModuleLogic
    surface = logic.CreateRepresentationForOneSegment(segmentation, segment_id, SURFACE)
    segmentation.GetSegment(segment_id).AddRepresentation(SURFACE, surface)


def array_of(image: slicer.vtkOrientedImageData) -> AnyArray:
    """Return the values of an image, [k, j, i]; an image without voxels gives an empty array."""
    shape = tuple(max(count, 0) for count in reversed(image.GetDimensions()))
    if 0 in shape:
        return np.zeros((1, 1, 1), np.uint8)
    values: AnyArray = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(shape)
    return values


def ijk_to_node(image: slicer.vtkOrientedImageData) -> AnyArray:
    """Return the matrix from array index to the node's coordinates; an image's extent need not begin at 0."""
    image_to_node = vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(image_to_node)
    first = np.eye(4)
    first[:3, 3] = image.GetExtent()[::2]
    result: AnyArray = matrix_to_array(image_to_node) @ first
    return result


def _labelmap_image(mask: AnyArray, ijk_to_node: AnyArray) -> slicer.vtkOrientedImageData:
    image = slicer.vtkOrientedImageData()
    image.SetDimensions(*reversed(mask.shape))
    scalars = numpy_to_vtk(mask.astype(np.uint8).ravel(), deep=True)
    scalars.SetName("ImageScalars")
    image.GetPointData().SetScalars(scalars)
    image.SetImageToWorldMatrix(array_to_matrix(ijk_to_node))
    return image
