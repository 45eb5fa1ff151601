"""What is found wrong with a series: voxels, frames, times, parameters; and which kind it is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion import Acquisition, DynamicSeries, SeriesKind, check_series, proposed_kind
from brachyresponse.perfusion.series import acquisition_warnings

COUNT = 20
GRID = Grid((4, 8, 8), np.eye(4))
VESSELS = (slice(1, 3), slice(2, 4), slice(2, 4))


def images(change: float = 0.0, noise: float = 0.01) -> np.ndarray:
    """(T, k, j, i): tissue of 100 beside air of 1; the vessels' signal changes by a share and comes half back."""
    random = np.random.default_rng(0)
    values = np.full((COUNT, *GRID.shape_kji), 100.0)
    values[:, :, :, 6:] = 1
    shape = np.concatenate([np.zeros(5), [0.3, 1.0, 0.9], np.full(COUNT - 8, 0.5)])
    values[(slice(None), *VESSELS)] *= (1 + change * shape)[:, None, None, None]
    return (values * (1 + random.normal(0, noise, values.shape))).astype(np.float32)


def series_of(values: np.ndarray, acquisition: Acquisition | None = None, step_s: float = 2.0) -> DynamicSeries:
    times = step_s * np.arange(len(values))
    return DynamicSeries("dyn", list(values), GRID, times, acquisition or Acquisition())


def test_a_good_series_has_no_warnings_and_is_usable_everywhere() -> None:
    found = check_series(series_of(images()))
    assert found.warnings == ()
    assert found.usable.all()
    assert (found.counts.checked, found.counts.not_finite) == (GRID.voxel_count, 0)


def test_voxels_that_cannot_be_used_are_counted_and_left_out() -> None:
    values = images()
    values[3, 0, 0, 0] = np.nan
    values[4, 0, 0, 1] = np.inf
    values[:, 0, 0, 2] = 0
    values[7, 0, 0, 3] = -0.5
    found = check_series(series_of(values))
    assert np.flatnonzero(~found.usable).tolist() == [0, 1, 2, 3]
    counts = found.counts
    assert (counts.not_finite, counts.constant, counts.negative) == (2, 1, 1)
    assert found.warnings == (
        "2 of 256 voxels (0.78 %) hold values that are no numbers: they are left out.",
        "1 of 256 voxels (0.39 %) never change: they are left out.",
        "1 of 256 voxels (0.39 %) have negative signals: they are left out.",
    )


def test_only_the_voxels_of_a_mask_matter() -> None:
    values = images()
    values[3, 0, 0, 0] = np.nan
    mask = np.zeros(GRID.shape_kji, bool)
    mask[1:] = True
    found = check_series(series_of(values), mask)
    assert found.warnings == ()
    np.testing.assert_array_equal(found.usable, mask)


def test_a_series_without_any_usable_voxel_is_refused() -> None:
    with pytest.raises(PerfusionError, match=r"no voxel that can be used: of 256, 0 are no numbers, 256 never change"):
        check_series(series_of(np.ones((COUNT, *GRID.shape_kji))))
    with pytest.raises(PerfusionError, match=r"mask has shape \(2, 2, 2\), the frames \(4, 8, 8\): resample the mask"):
        check_series(series_of(images()), np.ones((2, 2, 2), bool))


def test_a_frame_stored_twice_or_empty_is_told() -> None:
    values = images()
    values[6], values[9] = values[5], 0
    found = check_series(series_of(values))
    assert found.warnings == (
        "Frames 6 and 7 are identical: was one stored twice?",
        "Frame 10 is empty: frames are missing.",
    )


def test_a_gap_in_even_times_is_told_and_uneven_times_are_not() -> None:
    values = images()
    even = 2.0 * np.arange(COUNT)
    gap = even + np.where(even > 20, 2.0, 0)
    assert check_series(DynamicSeries("dyn", list(values), GRID, gap)).warnings == (
        "Between frames 11 and 12 lie 4 s, 2 times the usual 2 s: frames may be missing.",
    )
    uneven = np.concatenate([2.0 * np.arange(10), 18 + 10.0 * np.arange(1, 11)])
    assert check_series(DynamicSeries("dyn", list(values), GRID, uneven)).warnings == ()


def test_few_frames_are_told() -> None:
    assert check_series(series_of(images()[:8])).warnings[0].startswith("The series has 8 frames only: 15 or more")


def test_parameters_that_do_not_fit_together_are_told() -> None:
    assert acquisition_warnings(Acquisition(tr_s=0.005, te_s=0.002, notes=("a note",))) == ("a note",)
    longer = acquisition_warnings(Acquisition(tr_s=0.005, te_s=0.03))
    assert longer == ("The echo time, 30 ms, is not shorter than the repetition time, 5 ms: check both.",)
    between_frames = acquisition_warnings(Acquisition(tr_s=3.0, te_s=0.002))
    assert (
        "repetition time is 3 s at an echo time of 2 ms: for DCE give the time between excitations"
        in (between_frames[0])
    )
    assert acquisition_warnings(Acquisition(tr_s=1.5, te_s=0.03)) == ()


def test_checking_can_be_cancelled() -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        check_series(series_of(images()), report=stop)


@pytest.mark.parametrize(
    ("te_s", "change", "kind", "sentence"),
    [
        (0.002, 0.8, SeriesKind.DCE, "DCE: the echo time is 2 ms, and the signal, where it changes most, rises by"),
        (0.03, -0.5, SeriesKind.DSC, "DSC: the echo time is 30 ms, and the signal, where it changes most, falls by"),
        (None, 0.8, SeriesKind.DCE, "DCE: the signal, where it changes most, rises by"),
        (None, -0.5, SeriesKind.DSC, "DSC: the signal, where it changes most, falls by"),
        (0.01, -0.5, SeriesKind.DSC, "DSC: the signal, where it changes most, falls by"),
        (0.002, -0.5, SeriesKind.DCE, "but the signal, where it changes most, falls by .* check the echo time"),
        (0.03, 0.0, SeriesKind.DSC, "but the signal hardly changes: check that the contrast agent passed"),
    ],
)
def test_the_kind_follows_from_echo_time_and_signal(
    te_s: float | None, change: float, kind: SeriesKind, sentence: str
) -> None:
    found, said = proposed_kind(series_of(images(change), Acquisition(te_s=te_s)))
    assert found is kind
    assert re.search(sentence, said)


def test_a_series_that_tells_nothing_is_asked_about() -> None:
    with pytest.raises(PerfusionError, match=r"whether it is DCE or DSC: its echo time is not known, .* choose"):
        proposed_kind(series_of(images()))
    with pytest.raises(PerfusionError, match=r"its echo time is 10 ms"):
        proposed_kind(series_of(images(), Acquisition(te_s=0.01)))


def test_voxels_without_numbers_and_a_spike_do_not_decide_the_kind() -> None:
    values = images(-0.5)
    values[:, 0, 0, 0] = np.nan
    values[12] *= 3
    assert proposed_kind(series_of(values))[0] is SeriesKind.DSC


def test_times_in_minutes_are_warned_of() -> None:
    found = check_series(series_of(images(), step_s=2.0 / 60))
    assert found.warnings == ("The series lasts 0.633 s only: if its times are in minutes, give them in seconds.",)
