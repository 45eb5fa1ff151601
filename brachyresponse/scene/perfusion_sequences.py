"""Dynamic series of the library as sequence nodes, which Slicer can browse and save, and which can be read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import slicer
import slicer.util

from brachyresponse.geometry import Grid
from brachyresponse.perfusion import DynamicSeries
from brachyresponse.perfusion.series import FlipAngleSeries, read_series
from brachyresponse.perfusion.series.file_times import FRAME_COUNT, TAG_NAME, TAG_UNITS
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS
from brachyresponse.progress import Report, share_of
from brachyresponse.scene.nodes import add_node, array_to_matrix, batch
from brachyresponse.scene.perfusion_acquisition import describe_series
from brachyresponse.scene.perfusion_t1 import FLIP_ANGLE, TR_ATTRIBUTE
from brachyresponse.types import AnyArray

TIME_TAG, TIME_UNIT = "AcquisitionTime", "ms"
DIGITS = 3
"""Of times in ms."""


def add_sequence(scene: slicer.vtkMRMLScene, series: DynamicSeries, name: str = "") -> slicer.vtkMRMLSequenceNode:
    """Add a series as a sequence with a browser, with its times and how it was acquired, and return the sequence.

    The times stand in the frame labels too, as DICOM import writes them: a step of 1 s makes an index of 0, 1, 2, which
    nobody takes for seconds.
    """
    with batch(scene):
        node = add_node(scene, "vtkMRMLSequenceNode", name or series.name)
        fill_sequence(node, series)
        browser = add_node(scene, "vtkMRMLSequenceBrowserNode", f"{node.GetName()} browser")
        browser.SetAndObserveMasterSequenceNodeID(node.GetID())
        browser.SetSelectedItemNumber(0)
    return node


def add_flip_angles(scene: slicer.vtkMRMLScene, images: FlipAngleSeries, name: str) -> slicer.vtkMRMLSequenceNode:
    """Add images of several flip angles as a sequence, labelled as DICOM import labels them, and return it."""
    with batch(scene):
        node = add_node(scene, "vtkMRMLSequenceNode", name)
        angles = [f"{angle:g}" for angle in images.flip_angle_deg]
        _fill(node, images.frames, images.grid, angles)
        node.SetIndexName(FLIP_ANGLE)
        node.SetIndexUnit("degrees")
        _label(node, angles, (FLIP_ANGLE, "degrees"))
        node.SetAttribute(TR_ATTRIBUTE, f"{1000 * images.tr_s:.10g}")
    return node


def fill_sequence(node: slicer.vtkMRMLSequenceNode, series: DynamicSeries) -> None:
    """Give a sequence the frames of a series."""
    _fill(node, series.frames, series.grid, [f"{time_s:.6g}" for time_s in series.time_s])
    node.SetIndexName("time")
    node.SetIndexUnit("s")
    _label(node, [f"{round(1000 * float(time_s), DIGITS):.10g}" for time_s in series.time_s], (TIME_TAG, TIME_UNIT))
    describe_series(node, series.acquisition)


def load_series(
    scene: slicer.vtkMRMLScene,
    path_or_paths: str | Path | Sequence[str | Path],
    side_car: str | Path | None,
    report: Report,
) -> slicer.vtkMRMLSequenceNode:
    """Read a 4D NRRD or NIfTI file, or one 3D file a frame, with its BIDS file, as a sequence.

    Raises
    ------
    InputFileError, PerfusionError
        The files cannot be read as a dynamic series.
    Cancelled
        By the report; then nothing is added.
    """
    series = read_series(path_or_paths, side_car=side_car, report=share_of(report, 0.0, 0.9))
    return add_sequence(scene, series)


def _fill(node: slicer.vtkMRMLSequenceNode, frames: Sequence[AnyArray], grid: Grid, index: Sequence[str]) -> None:
    node.RemoveAllDataNodes()
    node.SetIndexType(node.NumericIndex)
    matrix = array_to_matrix(grid.ijk_to_ras)
    for frame, value in zip(frames, index, strict=True):
        volume = slicer.vtkMRMLScalarVolumeNode()
        volume.SetIJKToRASMatrix(matrix)
        slicer.util.updateVolumeFromArray(volume, np.asarray(frame))
        node.SetDataNodeAtValue(volume, value)


def _label(node: slicer.vtkMRMLSequenceNode, labels: Sequence[str], tag: tuple[str, str]) -> None:
    name, units = tag
    for attribute, value in (
        (FRAME_LABELS, ",".join(labels)),
        (FRAME_COUNT, str(len(labels))),
        (TAG_NAME, name),
        (TAG_UNITS, units),
    ):
        node.SetAttribute(attribute, value)
