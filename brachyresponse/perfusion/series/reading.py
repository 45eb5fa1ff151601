"""Read a dynamic series from files: 4D NRRD and NIfTI, or one 3D file a frame, with a BIDS side-car."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.series.attributes import acquisition_from_attributes, acquisition_from_bids
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries
from brachyresponse.perfusion.series.file_times import check_is_dynamic, times_of_files
from brachyresponse.perfusion.series.frame_files import FileFrames, read_frames, same_grid, series_name
from brachyresponse.perfusion.series.frame_times import frame_times_from_interval
from brachyresponse.perfusion.series.side_car import SideCar, read_side_car
from brachyresponse.progress import Report, ignore_progress

Paths = str | Path | Sequence[str | Path]


def read_series(
    path_or_paths: Paths,
    *,
    side_car: SideCar = None,
    frame_interval_s: float | None = None,
    report: Report = ignore_progress,
) -> DynamicSeries:
    """Return a dynamic series; its frames are views of what was read.

    Times are taken from the first of these that there is: ``frame_interval_s``, the side-car's ``FrameTimesStart`` or
    ``VolumeTiming``, the labels ``MultiVolume.FrameLabels``, ``AcquisitionTime`` in the side-car of each 3D file, the
    index of a sequence, ``pixdim[4]`` of NIfTI where it has a unit, ``RepetitionTime`` where BIDS means the time
    between frames. Frame numbers are never taken for seconds.

    Parameters
    ----------
    path_or_paths
        One 4D file, or one 3D file a frame in the order of time.
    side_car
        Path or content of a BIDS JSON file; None: the JSON file of the image's name, where there is one. What the
        image itself tells goes before it, but for the times.
    frame_interval_s
        Time from frame to frame, where the files do not tell it.

    Raises
    ------
    InputFileError
        A file is absent or damaged, holds complex numbers or colours, has another geometry than the first, or there
        is only one frame.
    PerfusionError
        The frames have no times, or none that can be; or are those of another kind of scan.
    """
    paths = paths_of(path_or_paths)
    files = read_files(paths, report)
    name, frames, grid = files[0].name, tuple(frame for file in files for frame in file.frames), same_grid(files)
    if len(frames) < 2:
        raise InputFileError(f"{paths[0].name!r} holds one frame: a dynamic series needs many; give all of them.")
    side_cars = [read_side_car(side_car, path) for path in (paths[:1] if side_car else paths)]
    check_is_dynamic(files, side_cars)
    if frame_interval_s is None:
        times = times_of_files(files, side_cars, len(frames))
    else:
        times = frame_times_from_interval(len(frames), frame_interval_s)
    if times.order is not None:
        frames = tuple(frames[number] for number in times.order)
    acquisition = acquisition_from_attributes(files[0].attributes).completed_by(acquisition_from_bids(side_cars[0]))
    return DynamicSeries(name, frames, grid, times.time_s, acquisition, times.origin)


def paths_of(path_or_paths: Paths, *, in_time: bool = True) -> list[Path]:
    """Return the paths of one file or several, which their names must not show to be out of order.

    Raises
    ------
    InputFileError
        There is none, or numbers in the names fall or leave one out (``in_time`` only).
    """
    single = isinstance(path_or_paths, str | Path)
    paths = [Path(path_or_paths)] if single else [Path(path) for path in path_or_paths]  # type: ignore[arg-type,union-attr]
    if not paths:
        raise InputFileError("No file of a dynamic series is given: give one 4D file, or the 3D files of its frames.")
    if in_time:
        _check_numbers(paths)
    return paths


def read_files(paths: Sequence[Path], report: Report) -> list[FileFrames]:
    """Return what one 4D file holds, or each of several 3D files.

    Raises
    ------
    InputFileError
        A file cannot be read, or one of several holds several frames.
    """
    files = []
    for number, path in enumerate(paths):
        report(number / len(paths), f"Reading {path.name}")
        files.append(read_frames(path))
    many = [file.name for file in files if len(file.frames) > 1]
    if len(files) > 1 and many:
        raise InputFileError(f"{many[0]!r} holds several frames itself: give one 4D file, or one 3D file a frame.")
    return files


def _check_numbers(paths: Sequence[Path]) -> None:
    """Refuse files whose numbers in the name fall or leave one out, where they otherwise count the frames."""
    numbers = _numbers_in_names(paths)
    for (before, after), path in zip(pairwise(numbers), paths[1:], strict=False):
        if after <= before:
            raise InputFileError(f"{path.name!r} comes after number {before}: give the frames in the order of time.")
    steps = np.diff(numbers)
    if len(numbers) > 2 and np.median(steps) == 1 and steps.max() > 1:
        gap = int(steps.argmax())
        raise InputFileError(
            f"Between {paths[gap].name!r} and {paths[gap + 1].name!r} frames are missing: give all of them."
        )


def _numbers_in_names(paths: Sequence[Path]) -> list[int]:
    """Return the number by which the names differ; nothing where they differ otherwise."""
    parts = [re.split(r"(\d+)", series_name(path)) for path in paths]
    if len({len(part) for part in parts}) > 1:
        return []
    differing = [texts for texts in zip(*parts, strict=True) if len(set(texts)) > 1]
    if len(differing) != 1 or not differing[0][0].isdigit():
        return []
    return [int(text) for text in differing[0]]
