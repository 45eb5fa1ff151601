"""BED of a decaying source: worked examples, the differential equations integrated, limits, and what never happens."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose.biology import (
    bed_gy,
    bed_until_gy,
    effective_time_days,
    eqd2_gy,
    is_ineffective,
)
from brachyresponse.errors import DoseError
from brachyresponse.sources import integrated_hours

I125, PD103 = 59.4, 16.991
LATE = {"alpha_beta_gy": 3.0, "repair_half_time_h": 1.5}
PROSTATE = {"alpha_beta_gy": 3.0, "repair_half_time_h": 0.27, "alpha_per_gy": 0.15, "doubling_time_days": 42.0}
TUMOUR = {"alpha_beta_gy": 10.0, "repair_half_time_h": 1.5, "alpha_per_gy": 0.3}

# Total dose, half-life and biology; printed: initial rate Gy/h, effective time, BED without regrowth, BED, EQD2.
PERMANENT = {
    "A": (145, I125, PROSTATE, (0.0705, 234.21, 136.89, 111.12, 66.67)),
    "B": (125, PD103, PROSTATE, (0.2125, 94.04, 125.75, 115.40, 69.24)),
    "C": (120, I125, TUMOUR | {"doubling_time_days": 5}, (0.0583, 95.01, 81.75, 37.85, 31.54)),
    "D": (120, I125, TUMOUR | {"doubling_time_days": 15}, (0.0583, 189.15, 108.30, 79.16, 65.97)),
    "E": (120, I125, TUMOUR | {"doubling_time_days": 42}, (0.0583, 277.39, 116.80, 101.54, 84.61)),
    "F": (140, 59.4, PROSTATE, (0.0681, 231.20, 131.80, 106.37, 63.82)),
    "G": (140, 59.6, PROSTATE, (0.0678, 231.69, 131.77, 106.28, 63.77)),
    "H": (50, I125, LATE, (0.02431, None, 50.876, 50.88, 30.53)),
    "I": (50, I125, LATE | {"alpha_beta_gy": 2}, (0.02431, None, 51.314, 51.31, 25.66)),
}
REGROWTH = ("alpha_per_gy", "doubling_time_days")


def initial_rate(dose_gy: float, half_life_days: float, duration_days: float = inf) -> float:
    """Return the initial dose rate, cGy/h, that gives a dose."""
    return 100 * dose_gy / integrated_hours(half_life_days, 0, duration_days)


def integrated_bed(rate_cgy_per_h: float, half_life_days: float, end_days: float, biology: dict[str, float]) -> float:
    """BED without regrowth from the differential equations: dose, unrepaired damage and damage that met damage."""
    from scipy.integrate import solve_ivp

    decay, repair = log(2) / (half_life_days * 24), log(2) / biology["repair_half_time_h"]

    def slopes(hours: float, state: list[float]) -> list[float]:
        rate = rate_cgy_per_h / 100 * np.exp(-decay * hours)
        return [rate, rate - repair * state[1], rate * state[1]]

    solved = solve_ivp(slopes, (0, end_days * 24), [0, 0, 0], method="LSODA", rtol=1e-10, atol=1e-12)
    return float(solved.y[0, -1] + 2 * solved.y[2, -1] / biology["alpha_beta_gy"])


@pytest.mark.parametrize("case", PERMANENT)
def test_worked_examples_of_permanent_implants_are_met_as_printed(case: str) -> None:
    dose_gy, half_life_days, biology, (rate_gy_h, effective_days, without_regrowth, bed, eqd2) = PERMANENT[case]
    rate = initial_rate(dose_gy, half_life_days)
    kept = {key: value for key, value in biology.items() if key not in REGROWTH}
    regrowth = {key: biology[key] for key in REGROWTH if key in biology}

    found = bed_gy(rate, half_life_days=half_life_days, **biology)

    end_days = inf
    if effective_days is not None:
        end_days = float(effective_time_days(rate, half_life_days=half_life_days, **regrowth))
        assert end_days == pytest.approx(effective_days, rel=1e-4)
    before = bed_until_gy(rate, end_days, half_life_days=half_life_days, **kept)
    assert rate / 100 == pytest.approx(rate_gy_h, abs=5.1e-5)  # printed to four places
    assert before == pytest.approx(without_regrowth, rel=1e-4)
    assert found == pytest.approx(bed, rel=1.3e-4)  # 37.85 is printed to 1.3e-4
    assert eqd2_gy(found, biology["alpha_beta_gy"]) == pytest.approx(eqd2, rel=1.6e-4)  # 31.54 to 1.6e-4


@pytest.mark.parametrize(
    ("dose_gy", "rate_gy_h", "bed_10", "bed_3", "bed_2"),
    [(60.0, 0.523, 73.0, 103.2, 124.8), (109.9, 0.958, 153.3, 254.8, 327.2), (275.2, 2.40, 548, 1185, 1639)],
    ids=["1 cm", "0.5 cm", "surface"],
)
def test_worked_examples_of_the_balloon_are_met_as_printed(
    dose_gy: float, rate_gy_h: float, bed_10: float, bed_3: float, bed_2: float
) -> None:
    rate = initial_rate(dose_gy, I125, 118.05 / 24)
    found = [
        bed_gy(rate, half_life_days=I125, duration_days=118.05 / 24, alpha_beta_gy=ratio, repair_half_time_h=1.5)
        for ratio in (10, 3, 2)
    ]
    assert rate / 100 == pytest.approx(rate_gy_h, rel=1.3e-3)  # three digits are printed
    assert found == pytest.approx([bed_10, bed_3, bed_2], rel=1.2e-3)  # of a dose that is printed to four digits


@pytest.mark.parametrize(
    ("dose_gy", "half_life_days", "end_days", "biology"),
    [
        *((dose, half_life, 8 * half_life, biology) for dose, half_life, biology, _ in PERMANENT.values()),
        *((dose, I125, 118.05 / 24, LATE | {"alpha_beta_gy": r}) for dose in (60, 275.2) for r in (10, 3, 2)),
        (30, 0.1, 0.3, {"alpha_beta_gy": 3.0, "repair_half_time_h": 2.4}),  # repair as fast as decay
        (30, 0.1, 0.3, {"alpha_beta_gy": 3.0, "repair_half_time_h": 9.0}),  # slower than decay
    ],
)
def test_closed_form_agrees_with_the_differential_equations(
    dose_gy: float, half_life_days: float, end_days: float, biology: dict[str, float]
) -> None:
    rate = initial_rate(dose_gy, half_life_days, end_days)
    kept = {key: value for key, value in biology.items() if key not in REGROWTH}
    found = bed_until_gy(rate, end_days, half_life_days=half_life_days, **kept)
    assert found == pytest.approx(integrated_bed(rate, half_life_days, end_days, biology), rel=1e-7)


def test_a_permanent_implant_without_regrowth_has_the_bed_of_the_infinite_formula() -> None:
    rate = np.array([0.0, 1.0, 7.05, 300.0])
    decay, repair = log(2) / (I125 * 24), log(2) / 1.5
    dose_gy = rate / 100 / decay
    np.testing.assert_allclose(
        bed_gy(rate, half_life_days=I125, **LATE),
        dose_gy * (1 + rate / 100 / (3.0 * (repair + decay))),
        rtol=1e-12,
    )


def test_repair_as_fast_as_decay_is_the_limit_of_its_neighbours() -> None:
    rate, half_life_days = 50.0, 0.5
    beds = [
        bed_gy(rate, half_life_days=half_life_days, alpha_beta_gy=3, repair_half_time_h=12 * factor, duration_days=2)
        for factor in (1 - 1e-6, 1 - 1e-13, 1, 1 + 1e-13, 1 + 1e-6)
    ]
    np.testing.assert_allclose(beds, beds[2], rtol=1e-6)  # a millionth in the parameter
    np.testing.assert_allclose(beds[1:4], beds[2], rtol=1e-12)


def test_a_very_short_implant_is_one_acute_fraction() -> None:
    dose_gy, duration_days = 10.0, 1e-6
    rate = initial_rate(dose_gy, I125, duration_days)
    found = bed_gy(rate, half_life_days=I125, duration_days=duration_days, **LATE)
    assert found == pytest.approx(dose_gy * (1 + dose_gy / 3), rel=1e-5)  # a tenth of a second of repair


def test_series_and_closed_form_meet_where_one_takes_over() -> None:
    per_h = log(2) / 1.5 + log(2) / (I125 * 24)
    below, above = (1e-3 * factor / per_h / 24 for factor in (1 - 1e-9, 1 + 1e-9))
    ends = bed_until_gy(1e6, np.array([below, above]), half_life_days=I125, **LATE)
    assert ends[1] == pytest.approx(ends[0], rel=1e-8)


def test_removed_at_once_or_without_a_source_there_is_no_bed() -> None:
    assert bed_gy(50.0, half_life_days=I125, duration_days=0, **PROSTATE) == 0
    assert bed_gy(0.0, half_life_days=I125, **PROSTATE) == 0


def test_below_regrowth_the_implant_is_ineffective_and_bed_is_zero_not_negative() -> None:
    limit = 100 * log(2) / (0.15 * 42 * 24)
    rates = limit * np.array([0.0, 0.5, 1.0, 1.0001, 2.0])
    regrowth = {"alpha_per_gy": 0.15, "doubling_time_days": 42.0}
    np.testing.assert_array_equal(is_ineffective(rates, **regrowth), [True, True, True, False, False])
    np.testing.assert_array_equal(effective_time_days(rates, half_life_days=I125, **regrowth)[:3], 0)
    beds = bed_gy(rates, half_life_days=I125, **PROSTATE)
    np.testing.assert_array_equal(beds[:3], 0)
    assert beds[4] > beds[3] > 0


def test_before_regrowth_begins_nothing_is_lost() -> None:
    slow = {"half_life_days": I125, **PROSTATE}
    no_loss = bed_until_gy(1.0, 20, half_life_days=I125, alpha_beta_gy=3, repair_half_time_h=0.27)
    assert bed_gy(0.2, kick_off_days=20, **slow) == pytest.approx(0.2 * no_loss, rel=1e-2)  # a low rate: hardly any q
    assert bed_gy(7.0, kick_off_days=20, duration_days=15, **slow) == bed_gy(
        7.0, half_life_days=I125, duration_days=15, alpha_beta_gy=3, repair_half_time_h=0.27
    )


def test_what_is_given_after_the_effective_time_adds_nothing() -> None:
    beds = [bed_gy(7.05, half_life_days=I125, duration_days=days, **PROSTATE) for days in (234.3, 1000, inf)]
    np.testing.assert_allclose(beds, beds[0], rtol=1e-9)


def test_each_voxel_has_its_own_bed_in_the_shape_given() -> None:
    rates = np.array([[[1.0, 5.0], [7.05, 20.0]]])
    beds = bed_gy(rates, half_life_days=I125, **PROSTATE)
    assert beds.shape == rates.shape
    assert beds[0, 1, 0] == bed_gy(7.05, half_life_days=I125, **PROSTATE)
    assert bed_gy(np.zeros(0), half_life_days=I125, **PROSTATE).shape == (0,)


POSITIVE = st.floats(0.05, 40.0)


@settings(max_examples=30, deadline=None)
@given(
    rate=st.floats(0, 300),
    alpha_beta=POSITIVE,
    repair=POSITIVE,
    alpha=st.floats(0.02, 0.6),
    doubling=st.floats(1, 400),
    kick_off=st.floats(0, 60),
    duration=st.one_of(st.just(inf), st.floats(0, 400)),
    more=st.floats(1, 3),
)
def test_bed_is_monotone_in_every_parameter_and_never_negative(
    rate: float,
    alpha_beta: float,
    repair: float,
    alpha: float,
    doubling: float,
    kick_off: float,
    duration: float,
    more: float,
) -> None:
    kinetics = {"half_life_days": I125, "duration_days": duration}
    tissue = {
        "alpha_beta_gy": alpha_beta,
        "repair_half_time_h": repair,
        "alpha_per_gy": alpha,
        "doubling_time_days": doubling,
        "kick_off_days": kick_off,
    }
    bed = bed_gy(rate, **kinetics, **tissue)
    slack = 1e-9 * bed + 1e-12
    assert bed >= 0
    assert bed_gy(rate * more, **kinetics, **tissue) >= bed - slack
    assert bed_gy(rate, **kinetics, **tissue | {"alpha_beta_gy": alpha_beta * more}) <= bed + slack
    for name in ("repair_half_time_h", "alpha_per_gy", "doubling_time_days", "kick_off_days"):
        assert bed_gy(rate, **kinetics, **tissue | {name: tissue[name] * more}) >= bed - slack


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"alpha_beta_gy": 0}, "The alpha/beta is 0 Gy: give a positive number"),
        ({"repair_half_time_h": -1}, "The repair half-time is -1 h"),
        ({"half_life_days": 0}, "The half-life is 0 days"),
        ({"half_life_days": inf}, "The half-life is inf days"),
        ({"duration_days": -1}, "The duration is -1 days: give zero or more"),
        ({"doubling_time_days": 0}, "The doubling time is 0 days"),
        ({"alpha_per_gy": float("nan")}, "The alpha is nan /Gy"),
        ({"kick_off_days": -3}, "The kick-off of regrowth is -3 days: give zero or more"),
        ({"alpha_per_gy": None}, "Only one of alpha and doubling time is given"),
        ({"initial_dose_rate_cgy_per_h": [1.0, -2.0]}, "A dose rate is -2 cGy/h: expected 0 or more"),
        ({"initial_dose_rate_cgy_per_h": [1.0, float("nan")]}, "A dose rate is nan cGy/h"),
    ],
)
def test_numbers_out_of_range_are_named(wrong: dict[str, object], message: str) -> None:
    given_values: dict[str, object] = {"initial_dose_rate_cgy_per_h": 7.0, "half_life_days": I125, **PROSTATE}
    with pytest.raises(DoseError, match=message):
        bed_gy(**given_values | wrong)  # type: ignore[arg-type]
    with pytest.raises(DoseError, match="alpha/beta is 0 Gy"):
        eqd2_gy(10.0, 0)
