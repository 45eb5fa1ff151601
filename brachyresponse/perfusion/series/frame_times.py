"""When the frames of a series were acquired: from labels, an index, or the time between frames.

Slicer's DICOM import leaves the times in the labels of the frames (``MultiVolume.FrameLabels``), in ms after midnight
or after the first frame; what it calls the index of a sequence then only counts the frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.types import FloatArray

DAY_S = 86_400.0
SHORTEST_STEP_S, LONGEST_STEP_S = 0.05, 600.0
"""Between these lies the time from frame to frame of any perfusion scan; 5 ms is a repetition time."""
ASK = "enter the time between frames, or the time of each"

SECONDS_PER_UNIT: Mapping[str, float] = MappingProxyType(
    {"ms": 1e-3, "msec": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "us": 1e-6, "min": 60.0}
)
TIME_TAGS: Mapping[str, str] = MappingProxyType(
    {"AcquisitionTime": "ms", "ContentTime": "ms", "SeriesTime": "ms", "TriggerTime": "ms", "DeltaStartTime": "s"}
)
"""DICOM keywords that tell a time, with the unit in which Slicer's import writes them."""
OTHER_TAGS: Mapping[str, str] = MappingProxyType(
    {
        "FlipAngle": "flip angle (a series for T1, to be read as a flip-angle series)",
        "EchoTime": "echo time (a multi-echo scan)",
        "RepetitionTime": "repetition time (a series for T1)",
        "InversionTime": "inversion time (a series for T1)",
        "CardiacCycle": "phase of the heart",
        "NominalPercentageOfCardiacPhase": "phase of the heart",
    }
)
"""DICOM keywords by which frames differ that are no dynamic series."""


@dataclass(frozen=True, eq=False)
class FrameTimes:
    """Times of frames.

    Parameters
    ----------
    time_s
        (T,) seconds after the first frame.
    origin
        Where they were read, for people.
    order
        (T,) which of the stored frames belongs to each time; None: they are stored in the order of time.
    """

    time_s: FloatArray
    origin: str
    order: tuple[int, ...] | None = None


def frame_times_from_labels(
    labels: Sequence[str | float], tag_name: str, units: str, *, may_reorder: bool = False
) -> FrameTimes:
    """Return the times that the labels of frames tell, as Slicer's DICOM import and others write them.

    Times after midnight are a day later than they say. The import sorts such frames to the front: with
    ``may_reorder`` they are put back by ``order``, without it they are refused.

    Parameters
    ----------
    labels
        (T,) numbers, or text of numbers.
    tag_name, units
        By which DICOM keyword the frames were told apart (``AcquisitionTime``), and the unit of the labels (``ms``);
        empty where not known.

    Raises
    ------
    PerfusionError
        The labels are no times, only count the frames, have no unit, or are missing, equal or out of order.
    """
    refuse_other_scans(tag_name)
    numbers = _numbers(labels)
    unit = _unit_of_time(numbers, tag_name, units)
    time_s, order = _unwrapped(numbers * SECONDS_PER_UNIT[unit])
    if order is not None and not may_reorder:
        raise PerfusionError(
            f"The series passes midnight and its frames are stored with those after midnight first: put the first "
            f"{order[0]} at its end."
        )
    origin = f"frame labels ({tag_name or 'time'}, {unit})" + ("" if order is None else ", sorted across midnight")
    return FrameTimes(checked_times(time_s, origin), origin, order)


def frame_times_from_index(values: Sequence[str], index_name: str, unit: str) -> FrameTimes:
    """Return the times that the index of a sequence tells; numbers 0, 1, 2 are never taken for seconds.

    Raises
    ------
    PerfusionError
        The index counts the frames, has no unit of time, or its values are equal or out of order.
    """
    refuse_other_scans(index_name)
    numbers = _numbers(values)
    if _only_counts(numbers):
        raise PerfusionError(f"The index of the sequence only counts its frames, 0 to {len(values) - 1}: {ASK}.")
    if unit.strip().lower() not in SECONDS_PER_UNIT:
        raise PerfusionError(
            f"The index of the sequence, {index_name or 'without name'}, has the unit {unit!r}, expected a time such "
            f"as s: {ASK}."
        )
    origin = f"index of the sequence ({index_name or 'no name'}, {unit})"
    return FrameTimes(checked_times(numbers * SECONDS_PER_UNIT[unit.strip().lower()], origin), origin)


def frame_times_from_interval(count: int, interval_s: float, origin: str = "entered interval") -> FrameTimes:
    """Return evenly spaced times.

    Raises
    ------
    PerfusionError
        The interval is none of a perfusion scan.
    """
    return FrameTimes(checked_times(np.arange(count) * float(interval_s), origin), origin)


def checked_times(time_s: ArrayLike, origin: str) -> FloatArray:
    """Return times counted from the first, (T,), after a look at whether they can be.

    Raises
    ------
    PerfusionError
        They do not rise from frame to frame, or are so near to or far from each other that they are something else.
    """
    times = np.asarray(time_s, float)
    if times.ndim != 1 or times.size < 2 or not np.isfinite(times).all():
        raise PerfusionError(f"A dynamic series needs a time for each of its frames, found {times.size} ({origin}).")
    steps = np.diff(times)
    wrong = np.flatnonzero(steps <= 0)
    if wrong.size:
        first, said = int(wrong[0]) + 1, "the same time" if steps[wrong[0]] == 0 else "times that fall"
        raise PerfusionError(
            f"Frames {first} and {first + 1} have {said} ({origin}): put the frames in order, or correct the times."
        )
    step_s = float(np.median(steps))
    if not SHORTEST_STEP_S <= step_s <= LONGEST_STEP_S:
        raise PerfusionError(
            f"The frames are {step_s:g} s apart ({origin}), expected {SHORTEST_STEP_S:g} to {LONGEST_STEP_S:g} s: this "
            f"is a repetition time or another unit; {ASK}."
        )
    return np.asarray(times - times[0])


def refuse_other_scans(tag_name: str) -> None:
    """Refuse frames that differ by something else than time, told by the DICOM keyword in which they differ.

    Raises
    ------
    PerfusionError
        It is a flip angle, an echo or inversion time, a b value or a phase of the heart.
    """
    what = OTHER_TAGS.get(tag_name.strip())
    if what is None and "b-value" in tag_name.lower():
        what = "b value (a diffusion scan)"
    if what is not None:
        raise PerfusionError(
            f"The frames differ in {what}, not in time: this is no dynamic series; choose the one scanned while the "
            "contrast agent passed."
        )


def _numbers(labels: Sequence[str | float]) -> FloatArray:
    """Return the labels as numbers, (T,)."""
    numbers = np.empty(len(labels))
    for number, label in enumerate(labels):
        try:
            numbers[number] = float(label)
        except ValueError as error:
            raise PerfusionError(
                f"The label of frame {number + 1} is {str(label)!r}, expected a number: {ASK}."
            ) from error
    return numbers


def _unit_of_time(numbers: FloatArray, tag_name: str, units: str) -> str:
    """Return the unit of time that labels have."""
    unit, tag = units.strip().lower() or TIME_TAGS.get(tag_name.strip(), ""), tag_name or "no tag"
    if unit == "count" or (not unit and _only_counts(numbers)):
        raise PerfusionError(f"The frame labels only count the frames ({tag}): {ASK}.")
    if unit not in SECONDS_PER_UNIT:
        raise PerfusionError(f"The frame labels have the unit {units!r} ({tag}), expected a time such as ms: {ASK}.")
    return unit


def _only_counts(numbers: FloatArray) -> bool:
    """Whether the numbers are those of the frames, from 0 or 1."""
    return numbers.size > 0 and numbers[0] in (0, 1) and bool((np.diff(numbers) == 1).all())


def _unwrapped(time_s: FloatArray) -> tuple[FloatArray, tuple[int, ...] | None]:
    """Return the times of a scan that may pass midnight, rising, and the stored frame of each where they were sorted.

    A fall by more than half a day is midnight between two frames. A rise by more than half a day is the gap in frames
    that were sorted by the time of day: what comes before it was scanned last.
    """
    steps = np.diff(time_s)
    fallen = np.flatnonzero(steps < -DAY_S / 2)
    if fallen.size == 1:
        time_s = time_s.copy()
        time_s[fallen[0] + 1 :] += DAY_S
        return time_s, None
    risen = np.flatnonzero(steps > DAY_S / 2)
    if risen.size == 1:
        late = int(risen[0]) + 1
        order = (*range(late, time_s.size), *range(late))
        return np.concatenate([time_s[late:], time_s[:late] + DAY_S]), order
    return time_s, None
