"""Times of frames: from labels as Slicer's import writes them, from an index, from an interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import frame_times_from_index, frame_times_from_interval, frame_times_from_labels

DAY_MS = 86_400_000


def test_labels_in_ms_after_midnight_become_seconds_after_the_first() -> None:
    found = frame_times_from_labels(["34200000", "34204500.5", "34209000"], "AcquisitionTime", "ms")
    np.testing.assert_allclose(found.time_s, [0, 4.5005, 9], atol=1e-9)  # rounding of 1e7 ms
    assert found.origin == "frame labels (AcquisitionTime, ms)"
    assert found.order is None


@given(
    start_s=st.floats(0, 86_399),
    steps_s=st.lists(st.floats(0.5, 60), min_size=2, max_size=40),
)
def test_any_start_in_the_day_gives_the_same_times(start_s: float, steps_s: list[float]) -> None:
    clock_s = (start_s + np.concatenate([[0], np.cumsum(steps_s)])) % 86_400
    found = frame_times_from_labels([f"{1000 * t:.6f}" for t in clock_s], "AcquisitionTime", "ms")
    np.testing.assert_allclose(np.diff(found.time_s), steps_s, atol=1e-6)  # labels are written to 1e-6 ms


def test_frames_sorted_across_midnight_are_refused_or_put_back() -> None:
    late, early = [DAY_MS - 9000, DAY_MS - 4500], [0, 4500, 9000]
    with pytest.raises(
        PerfusionError, match=r"passes midnight .* those after midnight first: put the first 3 at its end"
    ):
        frame_times_from_labels([*early, *late], "AcquisitionTime", "ms")
    found = frame_times_from_labels([*early, *late], "AcquisitionTime", "ms", may_reorder=True)
    assert found.order == (3, 4, 0, 1, 2)
    np.testing.assert_allclose(found.time_s, [0, 4.5, 9, 13.5, 18])
    assert "sorted across midnight" in found.origin


@pytest.mark.parametrize(
    ("tag", "units", "labels", "expected_s"),
    [
        ("DeltaStartTime", "sec", [0, 5.1, 10.3], [0, 5.1, 10.3]),
        ("DeltaStartTime", "", [0, 5.1, 10.3], [0, 5.1, 10.3]),
        ("TriggerTime", "", [100, 1600, 3100], [0, 1.5, 3.0]),
        ("", "min", [0, 0.1, 0.2], [0, 6, 12]),
        ("Time", "ms", [0, 1500, 3000], [0, 1.5, 3.0]),
    ],
)
def test_units_are_those_of_the_labels_or_of_the_tag(
    tag: str, units: str, labels: list[float], expected_s: list[float]
) -> None:
    np.testing.assert_allclose(frame_times_from_labels(labels, tag, units).time_s, expected_s, atol=1e-12)


@pytest.mark.parametrize(
    ("labels", "tag", "units", "message"),
    [
        ([2, 5, 12], "FlipAngle", "degrees", r"differ in flip angle .* not in time: this is no dynamic series"),
        ([2, 5, 12], "EchoTime", "ms", "differ in echo time"),
        ([0, 800], "Siemens.B-value", "sec/mm2", r"differ in b value \(a diffusion scan\)"),
        ([1, 2, 3], "TemporalPositionIdentifier", "count", "only count the frames .* enter the time between frames"),
        ([0, 1, 2], "", "", "only count the frames"),
        ([0, 7, 14], "", "", "unit '' .* expected a time such as ms"),
        ([0, 50, 100], "Dose", "%", "unit '%' .* expected a time"),
        (["0", "later"], "AcquisitionTime", "ms", "label of frame 2 is 'later', expected a number"),
        ([0, 9000, 4500], "AcquisitionTime", "ms", "Frames 2 and 3 have times that fall .* put the frames in order"),
        ([0, 4500, 4500], "AcquisitionTime", "ms", "Frames 2 and 3 have the same time"),
        ([0, 5, 10], "Time", "ms", "0.005 s apart .* this is a repetition time or another unit"),
        ([0, 4500, 9000], "DeltaStartTime", "sec", "4500 s apart"),
        ([0, float("nan"), 9000], "AcquisitionTime", "ms", "needs a time for each of its frames"),
        ([7000], "AcquisitionTime", "ms", "found 1"),
    ],
)
def test_labels_that_are_no_times_are_refused(labels: list[float], tag: str, units: str, message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        frame_times_from_labels(labels, tag, units)


def test_an_index_of_seconds_may_be_uneven() -> None:
    found = frame_times_from_index(["3", "7.5", "15"], "time", "s")
    np.testing.assert_allclose(found.time_s, [0, 4.5, 12])
    assert found.origin == "index of the sequence (time, s)"


@pytest.mark.parametrize(
    ("values", "name", "unit", "message"),
    [
        (["0", "1", "2"], "", "", "only counts its frames, 0 to 2"),
        (["0", "1", "2"], "time", "s", "only counts its frames"),
        (["0", "4.5", "9"], "frame", "", "index of the sequence, frame, has the unit ''"),
        (["2", "5", "12"], "FlipAngle", "degrees", "differ in flip angle"),
        (["a", "b"], "time", "s", "label of frame 1 is 'a'"),
    ],
)
def test_an_index_that_is_no_time_is_refused(values: list[str], name: str, unit: str, message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        frame_times_from_index(values, name, unit)


def test_an_interval_gives_even_times_and_must_be_one() -> None:
    np.testing.assert_allclose(frame_times_from_interval(4, 1.5).time_s, [0, 1.5, 3, 4.5])
    with pytest.raises(PerfusionError, match=r"0.005 s apart"):
        frame_times_from_interval(4, 0.005)
    with pytest.raises(PerfusionError, match="same time"):
        frame_times_from_interval(4, 0.0)
