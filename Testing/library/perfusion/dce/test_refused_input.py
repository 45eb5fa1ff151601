"""What a fit refuses, with a sentence; both sides of each limit are in these and the other tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.perfusion import compare_models, fit_dce, model_curve
from dce_cases import PLASMA, TIME_S

CURVE = model_curve("patlak", {"ktrans_per_min": 0.02, "vp": 0.03}, TIME_S, PLASMA)
BACKWARDS = np.where(np.arange(80) == 7, TIME_S[5], TIME_S)


@pytest.mark.parametrize(
    ("curve", "time_s", "plasma", "message"),
    [
        (CURVE, TIME_S[:-1], PLASMA, "79 frame times, but the AIF has 80 values"),
        (CURVE[:-1], TIME_S, PLASMA, "tissue curves have 79 frames, the AIF has 80"),
        (CURVE, BACKWARDS, PLASMA, "frame times do not rise"),
        (CURVE, np.where(TIME_S > 290, np.nan, TIME_S), PLASMA, "frame times do not rise"),
        (CURVE, TIME_S, np.zeros(80), "AIF never rises above zero: it shows no bolus"),
        (CURVE, TIME_S, np.where(TIME_S < 10, np.nan, PLASMA), "AIF holds 3 values that are not numbers"),
        (CURVE[:5], TIME_S[:5], np.arange(5.0), "5 frames are too few for the 3 parameters"),
    ],
)
def test_curves_times_and_inputs_that_do_not_belong_together(
    curve: np.ndarray, time_s: np.ndarray, plasma: np.ndarray, message: str
) -> None:
    with pytest.raises(PerfusionError, match=message):
        fit_dce(curve, time_s, plasma)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "kety"}, "There is no DCE model 'kety': choose one of tofts"),
        ({"bounds": {"fp_ml_per_100ml_per_min": (0, 1)}}, "there is no 'fp_ml_per_100ml_per_min' to be bounded"),
        ({"bounds": {"ve": (0.5, 0.2)}}, "The bounds of ve are 0.5 to 0.2"),
        ({"bounds": {"vp": (-0.1, 0.2)}}, "The bounds of vp are -0.1 to 0.2"),
        ({"delay_bounds_s": (-2, 2)}, "there is no 'delay_s' to be bounded"),
    ],
)
def test_models_and_bounds_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        fit_dce(CURVE, TIME_S, PLASMA, **options)


def test_what_a_fit_does_not_have_is_named() -> None:
    fit = fit_dce(CURVE, TIME_S, PLASMA, model="patlak", standard_errors=False)
    with pytest.raises(PerfusionError, match="made without standard errors"):
        fit.standard_error("vp")
    with pytest.raises(PerfusionError, match="Model patlak has no parameter 've': it has ktrans_per_min, vp"):
        fit.at_bound("ve")


def test_a_fit_can_be_cancelled() -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fit_dce(CURVE, TIME_S, PLASMA, report=cancel)


def test_fits_of_other_voxels_are_not_compared() -> None:
    one, two = fit_dce(CURVE, TIME_S, PLASMA), fit_dce(np.stack([CURVE, CURVE]), TIME_S, PLASMA)
    with pytest.raises(PerfusionError, match="of other voxels or frames"):
        compare_models([one, two])
    with pytest.raises(PerfusionError, match="There is 1 fit to be compared"):
        compare_models([one])


def test_a_delay_longer_than_the_series_is_no_trouble() -> None:
    time_s = np.linspace(0, 5, 40)
    plasma = np.interp(time_s, [0, 1, 1.5, 5], [0, 0, 5, 1])
    fit = fit_dce(0.1 * plasma, time_s, plasma, fit_delay=True)
    assert fit.vp == pytest.approx(0.1, abs=1e-4)
