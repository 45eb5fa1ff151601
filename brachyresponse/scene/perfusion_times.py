"""When the frames of a study's series were acquired: kept on its node with their origin, and shown as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import slicer
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.series.acquisition import ENTERED
from brachyresponse.perfusion.series.file_times import check_is_dynamic, times_of_files
from brachyresponse.perfusion.series.frame_files import FileFrames
from brachyresponse.perfusion.series.frame_times import checked_times, frame_times_from_interval, refuse_other_scans
from brachyresponse.planning import Table
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_json, set_perfusion_field
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node, perfusion_part
from brachyresponse.scene.tables import read_table, write_table
from brachyresponse.types import FloatArray

COLUMNS = ("frame", "time (s)", "origin")
TABLE_TITLE = "Frame times"


@dataclass(frozen=True, eq=False)
class KnownTimes:
    """What is known of when the frames were acquired.

    Parameters
    ----------
    count
        How many frames there are.
    time_s
        (count,) s after the first; None where they are not known.
    said
        Where they were read; or why they are not known and what to do.
    order
        Which of the stored frames belongs to each time; None where they are stored in the order of time.
    """

    count: int
    time_s: FloatArray | None
    said: str
    order: tuple[int, ...] | None = None


def times_of(frames: FileFrames, side_car: Mapping[str, Any]) -> KnownTimes:
    """Return the times of the frames, or why they are not known.

    They are told by the side-car, by the labels that DICOM import leaves, or by an index of time. Frame numbers 0, 1, 2
    are never taken for seconds, whatever unit the sequence says.

    Raises
    ------
    PerfusionError
        The frames are no dynamic series: they differ in flip angle, echo time or another thing than time.
    """
    count = len(frames.frames)
    check_is_dynamic([frames], [side_car])
    refuse_other_scans(frames.index_name)
    try:
        found = times_of_files([frames], [side_car], count)
    except PerfusionError as error:
        return KnownTimes(count, None, str(error))
    return KnownTimes(count, found.time_s, found.origin, found.order)


def write_times(perfusion_node: slicer.vtkMRMLScriptedModuleNode, known: KnownTimes) -> None:
    """Keep what is known of the times of a study's frames, and show them in their table."""
    times = None if known.time_s is None else [float(time) for time in known.time_s]
    kept = {"count": known.count, "time_s": times, "said": known.said, "order": known.order}
    set_perfusion_field(perfusion_node, PerfusionField.TIMES, kept)
    show_times(perfusion_node)


def read_times(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> KnownTimes:
    """Return what is known of the times of a study's frames.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or its attribute is damaged.
    """
    kept = perfusion_json(perfusion_node, PerfusionField.TIMES)
    if kept is None:
        return KnownTimes(0, None, "The study has no dynamic series: choose one.")
    times = None if kept["time_s"] is None else np.array(kept["time_s"], float)
    order = None if kept["order"] is None else tuple(kept["order"])
    return KnownTimes(int(kept["count"]), times, str(kept["said"]), order)


def set_times(perfusion_node: slicer.vtkMRMLScriptedModuleNode, times: ArrayLike) -> None:
    """Enter when the frames were acquired: the time between two, s, or the time of each.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, the times do not rise, or are not as many as frames.
    """
    known = read_times(perfusion_node)
    try:
        given = np.asarray(times, float)
    except (TypeError, ValueError) as error:
        raise PerfusionError(
            f"Frame times are numbers, in s, found {times!r}: give one a frame, or the step."
        ) from error
    if given.ndim == 0:
        found = frame_times_from_interval(known.count, float(given), f"{ENTERED}: every {float(given):g} s")
        write_times(perfusion_node, KnownTimes(known.count, found.time_s, found.origin, known.order))
    else:
        write_times(perfusion_node, _entered(given, known))


def show_times(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    """Write the table of a study's frame times anew and return it."""
    table_node = own_perfusion_node(perfusion_node, PerfusionRole.TIMES, "vtkMRMLTableNode", "frame times")
    return write_table(_table(read_times(perfusion_node)), table_node, editable=("time (s)",))


def take_times_edits(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Take what was typed into the table of a study's frame times, and tell whether anything was.

    While times are still missing, what was typed waits for the rest.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or what was typed cannot be; then the table is as it was.
    """
    table_node = perfusion_part(perfusion_node, PerfusionRole.TIMES)
    known = read_times(perfusion_node)
    if table_node is None or read_table(table_node).rows == _table(known).rows:
        return False
    found = read_table(table_node)
    if known.time_s is None and found.columns == COLUMNS and any(not str(row[1]).strip() for row in found.rows):
        return False
    try:
        entered = _entered(_typed(found), known)
    except PerfusionError:
        show_times(perfusion_node)
        raise
    write_times(perfusion_node, entered)
    return True


def _typed(table: Table) -> FloatArray:
    if table.columns != COLUMNS:
        raise PerfusionError("The table of frame times has lost columns; it was made anew.")
    times = []
    for frame, text, _ in table.rows:
        try:
            times.append(float(str(text).replace(",", ".")))
        except ValueError as error:
            raise PerfusionError(f"Frame {frame}: its time {text!r} is not a number; write one, in s.") from error
    return np.array(times)


def _entered(times: FloatArray, known: KnownTimes) -> KnownTimes:
    if times.shape != (known.count,):
        raise PerfusionError(f"{times.size} times for {known.count} frames: give one a frame.")
    return KnownTimes(known.count, checked_times(times, ENTERED), ENTERED, known.order)


def _table(known: KnownTimes) -> Table:
    if known.time_s is None:
        rows = tuple((number + 1, "", "not known") for number in range(known.count))
    else:
        rows = tuple((number + 1, f"{time:.6g}", known.said) for number, time in enumerate(known.time_s))
    return Table(TABLE_TITLE, COLUMNS, rows)
