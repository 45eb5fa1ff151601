"""The forward model against closed forms, published check values and limits of one model in another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import model_curve, parker_aif
from dce_cases import PLASMA, TIME_S

UNEVEN_S = np.array([0.0, 1.0, 2.5, 7.0, 7.2, 15.0, 31.0, 60.0, 100.0, 240.0])
UNEVEN_INPUT = np.array([0.0, 0.0, 3.0, 5.0, 4.0, 2.0, 1.5, 1.0, 0.8, 0.5])


def test_published_check_values_of_a_leaky_voxel_are_reproduced() -> None:
    """Parker input with hematocrit 0.42 from t = 0, at 0.5, 1, 2 and 5 min (perfusion_facts.md, section 3)."""
    time_s = np.arange(0, 300.01, 0.06)
    plasma = parker_aif(time_s) / (1 - 0.42)
    at = np.searchsorted(time_s, [29.999, 59.999, 119.999, 299.999])
    tofts = model_curve("extended_tofts", {"ktrans_per_min": 0.1, "ve": 0.3, "vp": 0.05}, time_s, plasma)
    patlak = model_curve("patlak", {"ktrans_per_min": 0.1, "vp": 0.05}, time_s, plasma)
    np.testing.assert_allclose(tofts[at], [0.28046, 0.30392, 0.34674, 0.32728], atol=6e-6)  # as printed
    np.testing.assert_allclose(patlak[at], [0.29760, 0.35519, 0.48410, 0.76280], atol=6e-6)


def test_an_input_of_a_ramp_has_the_textbook_convolution() -> None:
    time_min = np.array([0.0, 0.3, 1.0, 4.0])
    rate, ktrans = 0.7, 0.2
    expected = ktrans * (time_min / rate - (1 - np.exp(-rate * time_min)) / rate**2)
    curve = model_curve("tofts", {"ktrans_per_min": ktrans, "ve": ktrans / rate}, 60 * time_min, time_min)
    np.testing.assert_allclose(curve, expected, rtol=1e-12)  # rounding: the input is linear, so nothing is approximated


@pytest.mark.parametrize("kep", [1e-6, 1e-3, 0.5, 20.0, 1e4])
@pytest.mark.parametrize("delay_s", [0.0, 3.3, -4.1])
def test_uneven_frames_are_convolved_exactly(kep: float, delay_s: float) -> None:
    def delayed_input(time_s: float) -> float:
        return float(np.interp(time_s - delay_s, UNEVEN_S, UNEVEN_INPUT, left=0.0))

    curve = model_curve("tofts", {"ktrans_per_min": 0.1, "ve": 0.1 / kep, "delay_s": delay_s}, UNEVEN_S, UNEVEN_INPUT)
    for time_s, value in zip(UNEVEN_S, curve, strict=True):
        knots = [knot for knot in UNEVEN_S + delay_s if 0 < knot < time_s]
        recent = [time_s - 60 * share / kep for share in (0.1, 1, 10, 50) if time_s - 60 * share / kep > 0]
        area, _ = quad(
            lambda s, end=time_s: delayed_input(s) * np.exp(-kep * (end - s) / 60),
            min(0.0, delay_s),
            time_s,
            points=sorted({*knots, *recent}) or None,
            epsabs=1e-12,
            limit=400,
        )
        assert value == pytest.approx(0.1 * area / 60, rel=1e-8, abs=1e-12)  # what quad promises


def exchange_by_integration(flow: float, exchange: float, ve: float, vp: float) -> np.ndarray:
    """The two compartments' balance, integrated step by step."""

    def balance(time_min: float, content: np.ndarray) -> list[float]:
        inflow = flow * np.interp(60 * time_min, UNEVEN_S, UNEVEN_INPUT)
        plasma, tissue = content / [vp, ve]
        return [inflow - flow * plasma - exchange * (plasma - tissue), exchange * (plasma - tissue)]

    time_min = UNEVEN_S / 60
    solved = solve_ivp(balance, (0, time_min[-1]), [0, 0], t_eval=time_min, rtol=1e-9, atol=1e-12, max_step=0.01)
    return solved.y.sum(axis=0)


@pytest.mark.parametrize(("flow", "exchange"), [(0.05, 0.01), (0.6, 0.2), (0.3, 0.0)])
def test_the_exchange_model_solves_its_differential_equations(flow: float, exchange: float) -> None:
    parameters = {"fp_ml_per_100ml_per_min": 100 * flow, "ps_per_min": exchange, "ve": 0.2, "vp": 0.06}
    curve = model_curve("2cxm", parameters, UNEVEN_S, UNEVEN_INPUT)
    np.testing.assert_allclose(curve, exchange_by_integration(flow, exchange, 0.2, 0.06), rtol=1e-6, atol=1e-9)


@settings(max_examples=25)
@given(st.floats(5, 150), st.floats(0, 2), st.floats(0.005, 0.3))
def test_exchange_with_an_endless_interstitium_is_uptake(flow: float, exchange: float, vp: float) -> None:
    shared = {"fp_ml_per_100ml_per_min": flow, "ps_per_min": exchange, "vp": vp}
    endless = model_curve("2cxm", {**shared, "ve": 1e7}, TIME_S, PLASMA)
    np.testing.assert_allclose(endless, model_curve("2cum", shared, TIME_S, PLASMA), rtol=1e-5)


def test_uptake_with_unlimited_flow_is_patlak_and_exchange_is_extended_tofts() -> None:
    fast = {"fp_ml_per_100ml_per_min": 1e7, "ps_per_min": 0.1, "vp": 0.05}
    patlak = model_curve("patlak", {"ktrans_per_min": 0.1, "vp": 0.05}, TIME_S, PLASMA)
    tofts = model_curve("extended_tofts", {"ktrans_per_min": 0.1, "ve": 0.3, "vp": 0.05}, TIME_S, PLASMA)
    np.testing.assert_allclose(model_curve("2cum", fast, TIME_S, PLASMA), patlak, rtol=1e-4)
    np.testing.assert_allclose(model_curve("2cxm", {**fast, "ve": 0.3}, TIME_S, PLASMA), tofts, rtol=1e-4)


def test_a_whole_number_of_frames_of_delay_shifts_the_curve() -> None:
    parameters = {"ktrans_per_min": 0.1, "ve": 0.3, "vp": 0.05}
    curve = model_curve("extended_tofts", parameters, TIME_S, PLASMA)
    late = model_curve("extended_tofts", {**parameters, "delay_s": 3 * 3.75}, TIME_S, PLASMA)
    np.testing.assert_allclose(late[3:], curve[:-3], atol=1e-12)
    np.testing.assert_array_equal(late[:3], 0)


def test_no_uptake_leaves_the_plasma_curve() -> None:
    nothing = model_curve("extended_tofts", {"ktrans_per_min": 0, "ve": 0, "vp": 0.1}, TIME_S, PLASMA)
    np.testing.assert_allclose(nothing, 0.1 * PLASMA, atol=1e-15)


def test_parameters_broadcast_and_time_is_the_last_axis() -> None:
    parameters = {"ktrans_per_min": np.full((2, 1), 0.1), "ve": 0.3, "vp": np.array([0.01, 0.02, 0.03])}
    assert model_curve("extended_tofts", parameters, TIME_S, PLASMA).shape == (2, 3, 80)


@pytest.mark.parametrize(
    ("model", "parameters", "message"),
    [
        ("tofs", {}, "no DCE model 'tofs': choose one of tofts, extended_tofts, patlak, 2cum, 2cxm"),
        ("patlak", {"ktrans_per_min": 0.1}, "missing: vp, unknown: none"),
        ("patlak", {"ktrans_per_min": 0.1, "vp": 0.1, "ve": 0.2}, "missing: none, unknown: ve"),
    ],
)
def test_models_and_parameters_that_do_not_exist_are_refused(
    model: str, parameters: dict[str, float], message: str
) -> None:
    with pytest.raises(PerfusionError, match=message):
        model_curve(model, parameters, TIME_S, PLASMA)
