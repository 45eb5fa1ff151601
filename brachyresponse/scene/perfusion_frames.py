"""The frames of a dynamic series as they lie in the scene: views of Slicer's own arrays, never copies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import slicer
import slicer.util

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS, FileFrames, nifti_interval
from brachyresponse.scene.nodes import SceneError, nodes_of_class, world_matrix
from brachyresponse.scene.perfusion_dicom import dicom_attributes
from brachyresponse.scene.volumes import read_grid, view_image
from brachyresponse.types import AnyArray

SEQUENCE, MULTI_VOLUME, VECTOR = "vtkMRMLSequenceNode", "vtkMRMLMultiVolumeNode", "vtkMRMLVectorVolumeNode"
BROWSER = "vtkMRMLSequenceBrowserNode"
FEWEST_COMPONENTS = 5
"""Of a volume with several values a voxel that says nothing of frames: fewer are a complex number or a colour."""
SAME_PLACE_MM = 1e-3


def series_node_of(node: slicer.vtkMRMLNode) -> slicer.vtkMRMLNode:
    """Return the node that holds the frames: of a volume through which a sequence is browsed, the sequence."""
    if node is not None and node.IsA("vtkMRMLVolumeNode"):
        for browser in nodes_of_class(node.GetScene(), BROWSER) if node.GetScene() else ():
            sequence = browser.GetSequenceNode(node) if browser.IsProxyNode(node.GetID()) else None
            if sequence is not None:
                return sequence
    return node


def read_frames(nodes: Sequence[slicer.vtkMRMLNode]) -> FileFrames:
    """Return the frames of a sequence, of a volume with a value a frame, or of several volumes in their order.

    Raises
    ------
    SceneError
        There is no node, or one that holds no volumes.
    PerfusionError
        Frames of unlike geometry, colours or complex numbers.
    GeometryError
        A frame without image, sheared, or under a transform that is not linear.
    """
    if not nodes:
        raise SceneError("No dynamic series is chosen: choose a sequence, a multi-volume or several volumes.")
    first = nodes[0]
    if len(nodes) > 1:
        frames, grid = _frames_of_volumes(nodes, first.GetName())
        return FileFrames(first.GetName(), frames, grid, _attributes(nodes))
    if first.IsA(SEQUENCE):
        return _sequence(first)
    if first.IsA(MULTI_VOLUME) or first.IsA(VECTOR):
        frames, grid = _frames_of_components(first)
        interval_s, origin = _interval_of_file(file_of(first))
        return FileFrames(
            first.GetName(), frames, grid, _attributes([first]), interval_s=interval_s, interval_origin=origin
        )
    if first.IsA("vtkMRMLVolumeNode"):
        raise PerfusionError(
            f"Volume {first.GetName()!r} is one frame: choose the whole series, a sequence or all its volumes."
        )
    raise SceneError(
        f"{first.GetName()!r} is a {first.GetNodeTagName()}, which holds no frames: choose a sequence, a multi-volume "
        "or several volumes."
    )


def file_of(node: slicer.vtkMRMLStorableNode) -> Path | None:
    """Return the file that a node was loaded from, or None where there is none."""
    storage = node.GetStorageNode()
    name = storage.GetFileName() if storage is not None else None
    return Path(name) if name and Path(name).is_file() else None


def _sequence(node: slicer.vtkMRMLSequenceNode) -> FileFrames:
    numbers = range(node.GetNumberOfDataNodes())
    volumes = [node.GetNthDataNode(number) for number in numbers]
    if volumes and all(map(_has_lost_its_image, volumes)):
        raise PerfusionError(
            f"Sequence {node.GetName()!r} holds no images: was its file moved? Load it, and choose it."
        )
    for volume in volumes:
        if volume is None or not volume.IsA("vtkMRMLVolumeNode"):
            raise SceneError(f"Sequence {node.GetName()!r} does not consist of volumes: choose another.")
    if len(volumes) < 2:
        raise PerfusionError(f"Sequence {node.GetName()!r} has {len(volumes)} frame: a dynamic series needs many.")
    frames, grid = _frames_of_volumes(volumes, node.GetName())
    return FileFrames(
        node.GetName(),
        frames,
        Grid(grid.shape_kji, world_matrix_of_proxy(node) @ grid.ijk_to_ras),
        _attributes_of_master(node) | _attributes([node]),
        tuple(str(node.GetNthIndexValue(number)) for number in numbers),
        str(node.GetIndexName() or ""),
        str(node.GetIndexUnit() or ""),
        *_interval_of_file(file_of(node)),
    )


def _has_lost_its_image(frame: slicer.vtkMRMLNode | None) -> bool:
    return frame is None or (frame.IsA("vtkMRMLVolumeNode") and frame.GetImageData() is None)


def _frames_of_volumes(volumes: Sequence[slicer.vtkMRMLNode], name: str) -> tuple[tuple[AnyArray, ...], Grid]:
    frames, grid = [], None
    for number, volume in enumerate(volumes, start=1):
        values, own = view_image(volume, f"frame {number}")
        grid = grid or own
        if own.shape_kji != grid.shape_kji:
            raise PerfusionError(
                f"Frame {number} of series {name!r} has shape {own.shape_kji}, expected {grid.shape_kji} as the first: "
                "all frames must have one matrix size."
            )
        if np.abs(own.ijk_to_ras - grid.ijk_to_ras).max() > SAME_PLACE_MM:
            raise PerfusionError(
                f"Frame {number} of series {name!r} lies elsewhere than the first: choose frames of one series."
            )
        frames.append(values)
    assert grid is not None
    return tuple(frames), grid


def _frames_of_components(node: slicer.vtkMRMLVolumeNode) -> tuple[tuple[AnyArray, ...], Grid]:
    grid = read_grid(node, "dynamic series")
    count = node.GetImageData().GetNumberOfScalarComponents()
    is_labelled = node.IsA(MULTI_VOLUME) or node.GetAttribute(FRAME_LABELS)
    if count < (2 if is_labelled else FEWEST_COMPONENTS):
        raise PerfusionError(
            f"Volume {node.GetName()!r} has {count} values a voxel, as complex numbers or colours have: choose the "
            "magnitude images of the whole series."
        )
    values = slicer.util.arrayFromVolume(node).view()
    values.setflags(write=False)
    return tuple(values[..., number] for number in range(count)), grid


def world_matrix_of_proxy(sequence: slicer.vtkMRMLSequenceNode) -> AnyArray:
    """Return the matrix from a sequence to the world: it lies where the volume lies through which it is browsed.

    Raises
    ------
    GeometryError
        That volume lies under a transform that is not linear.
    """
    for browser in nodes_of_class(sequence.GetScene(), BROWSER):
        proxy = browser.GetProxyNode(sequence)
        if proxy is not None and proxy.IsA("vtkMRMLTransformableNode"):
            return world_matrix(proxy)
    return np.eye(4)


def _attributes_of_master(sequence: slicer.vtkMRMLSequenceNode) -> dict[str, str]:
    """What the sequence says that another is browsed with, as the one scanned with the one registered."""
    for browser in nodes_of_class(sequence.GetScene(), BROWSER):
        master = browser.GetMasterSequenceNode()
        if browser.IsSynchronizedSequenceNode(sequence) and master is not sequence and master is not None:
            same_frames = master.GetNumberOfDataNodes() == sequence.GetNumberOfDataNodes()
            return _attributes([master]) if same_frames else {}
    return {}


def _attributes(nodes: Sequence[slicer.vtkMRMLNode]) -> dict[str, str]:
    """What the DICOM database says of a series, and before it what stands on its node."""
    node = nodes[0]
    return dicom_attributes(nodes) | {name: str(node.GetAttribute(name)) for name in node.GetAttributeNames()}


def _interval_of_file(path: Path | None) -> tuple[float | None, str]:
    """Return the time between frames that a NIfTI file tells: Slicer does not read it."""
    if path is None or not path.name.lower().endswith((".nii", ".nii.gz")):
        return None, ""
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError:
        return None, ""  # the file was changed since; what Slicer read of it stays
    return nifti_interval(reader)
