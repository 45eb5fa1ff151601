"""When the frames of files were acquired, from what the files and their side-cars tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS, FileFrames
from brachyresponse.perfusion.series.frame_times import (
    ASK,
    SHORTEST_STEP_S,
    FrameTimes,
    checked_times,
    frame_times_from_index,
    frame_times_from_interval,
    frame_times_from_labels,
    refuse_other_scans,
)
from brachyresponse.perfusion.series.side_car import numbers_of

TAG_NAME = "MultiVolume.FrameIdentifyingDICOMTagName"
TAG_UNITS = "MultiVolume.FrameIdentifyingDICOMTagUnits"
FRAME_COUNT = "MultiVolume.NumberOfFrames"
TIME_LISTS = ("FrameTimesStart", "VolumeTiming")

SideCars = Sequence[Mapping[str, Any]]
"""What the side-cars say: one for all files, or one a file."""


def times_of_files(files: Sequence[FileFrames], side_cars: SideCars, count: int) -> FrameTimes:
    """Return the times of the frames, ``count`` in all, from the first source that tells them.

    Raises
    ------
    PerfusionError
        None tells them, or one tells them wrongly or of another number of frames.
    """
    for key in TIME_LISTS:
        if (listed := numbers_of(side_cars[0], key)) is not None:
            check_count(len(listed), count, f"BIDS {key}")
            return FrameTimes(checked_times(listed, f"BIDS {key}"), f"BIDS {key}")
    if files[0].attributes.get(FRAME_LABELS):
        return _times_of_labels(files[0].attributes, count)
    if len(files) > 1 and (clock_s := _times_of_day(side_cars, len(files))):
        return frame_times_from_labels(clock_s, "AcquisitionTime", "s")
    return _times_of_axis(files[0], side_cars[0], count)


def check_is_dynamic(files: Sequence[FileFrames], side_cars: SideCars) -> None:
    """Refuse frames that differ in flip angle, echo time or the like, even where a time between them is given.

    Raises
    ------
    PerfusionError
        They do.
    """
    refuse_other_scans(files[0].attributes.get(TAG_NAME, ""))
    for key in ("FlipAngle", "EchoTime"):
        if len(_different_values(side_cars, key)) > 1:
            refuse_other_scans(key)


def _different_values(side_cars: SideCars, key: str) -> tuple[float, ...]:
    """Return the different numbers that side-cars give for a key, as a list in one or as one each, in their order."""
    given = [value for said in side_cars for value in _as_list(said.get(key))]
    return tuple(dict.fromkeys(value for value in given if isinstance(value, int | float)))


def check_count(told: int, count: int, what: str) -> None:
    """Refuse a list that has not one entry a frame.

    Raises
    ------
    PerfusionError
        It has not.
    """
    if told != count:
        raise PerfusionError(
            f"The series has {count} frames, but {what} tells of {told}: frames are missing, or it belongs to another "
            "series."
        )


def _as_list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _times_of_labels(attributes: Mapping[str, str], count: int) -> FrameTimes:
    """Return the times that Slicer's DICOM import left."""
    labels = [label.strip() for label in attributes[FRAME_LABELS].split(",")]
    check_count(len(labels), count, FRAME_LABELS)
    if (written := attributes.get(FRAME_COUNT, "")).isdigit():
        check_count(int(written), count, FRAME_COUNT)
    return frame_times_from_labels(
        labels, attributes.get(TAG_NAME, ""), attributes.get(TAG_UNITS, ""), may_reorder=True
    )


def _times_of_day(side_cars: SideCars, count: int) -> list[float]:
    """Return the time of day of each file, s; nothing where one is not told."""
    texts = [str(said.get("AcquisitionTime", "")) for said in side_cars]
    matches = [match for text in texts if (match := re.fullmatch(r"(\d{1,2}):(\d{2}):(\d{2}(?:\.\d*)?)", text))]
    clock_s = [3600 * int(match[1]) + 60 * int(match[2]) + float(match[3]) for match in matches]
    return clock_s if len(clock_s) == count else []


def _times_of_axis(file: FileFrames, side_car: Mapping[str, Any], count: int) -> FrameTimes:
    """Return the times that the axis of frames tells, or what BIDS calls repetition time where it is between frames."""
    if file.index_values:
        check_count(len(file.index_values), count, "the index of the sequence")
        return frame_times_from_index(file.index_values, file.index_name, file.index_unit)
    repetition_s = side_car.get("RepetitionTime")
    is_step = isinstance(repetition_s, int | float) and repetition_s >= SHORTEST_STEP_S
    if file.interval_s is not None and not (is_step and file.interval_s < SHORTEST_STEP_S):
        return frame_times_from_interval(count, file.interval_s, file.interval_origin)
    if is_step:
        return frame_times_from_interval(count, float(side_car["RepetitionTime"]), "BIDS RepetitionTime")
    reason = f" ({file.interval_origin})" if file.interval_origin else ""
    raise PerfusionError(f"Series {file.name!r} does not tell when its frames were acquired{reason}: {ASK}.")
