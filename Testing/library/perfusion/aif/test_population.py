"""Population AIFs against the published curves, and what scales and shifts them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import (
    AifMethod,
    AifVerdict,
    PopulationModel,
    blood_to_plasma,
    georgiou_aif,
    parker_aif,
    population_aif,
    population_blood,
    population_facts,
    preclinical_aif,
)
from osipi import Tolerance, needs_osipi, rows

PUBLISHED = Tolerance(1e-4, 0.01)
MINUTE = 60.0


def cases(file: str) -> dict[str, np.ndarray]:
    """Time, concentration and delay (T, 3) of each case of a file."""
    curves: dict[str, list[list[float]]] = {}
    for row in rows(f"population_aif/{file}"):
        curves.setdefault(row["label"], []).append([float(row["time"]), float(row["Cb"]), float(row.get("delay", 0))])
    return {label: np.array(curve) for label, curve in curves.items()}


@needs_osipi("population_aif/ParkerAIF_ref.csv")
@pytest.mark.parametrize("file", ["ParkerAIF_ref.csv", "ParkerAIF_ref_with_delay.csv"])
def test_parker_is_the_published_formula_at_every_delay(file: str) -> None:
    for label, case in cases(file).items():
        blood = parker_aif(case[:, 0] * MINUTE, arrival_s=case[0, 2])
        np.testing.assert_allclose(blood, case[:, 1], rtol=0, atol=1e-12, err_msg=label)  # rounding of doubles only


@needs_osipi("population_aif/GeorgiouAIF_ref.csv")
def test_georgiou_keeps_well_within_the_tolerance_of_its_published_curve() -> None:
    for label, case in cases("GeorgiouAIF_ref.csv").items():
        shares = PUBLISHED.shares(georgiou_aif(case[:, 0] * MINUTE), case[:, 1])
        assert shares.max() < 0.01, label  # the curve is known to 1e-4 mmol/L


@needs_osipi("population_aif/preclinicalAIF_ref.csv")
@pytest.mark.parametrize("file", ["preclinicalAIF_ref.csv", "preclinicalAIF_ref_delay.csv"])
def test_the_preclinical_curve_is_the_published_one_at_every_delay(file: str) -> None:
    for label, case in cases(file).items():
        blood = preclinical_aif(case[:, 0], arrival_s=case[0, 2])
        np.testing.assert_allclose(blood, case[:, 1], rtol=0, atol=1e-12, err_msg=label)


def test_parker_has_the_check_values_of_the_facts() -> None:
    blood = parker_aif(np.array([0.17046, 0.25, 0.5, 1, 2, 5]) * MINUTE)
    np.testing.assert_allclose(blood, [6.0693, 2.7957, 1.2247, 0.8872, 0.7496, 0.4522], atol=5e-5)  # four decimals


def test_georgiou_prints_as_the_table_of_its_paper() -> None:
    constants = population_facts("georgiou").constants
    np.testing.assert_allclose(constants["amplitude_mmol_per_l"], [0.37, 0.33, 10.06], atol=0.005)
    np.testing.assert_allclose(constants["decay_per_min"], [0.11, 1.17, 16.02], atol=0.005)
    assert constants["alpha"] == pytest.approx(5.26, abs=0.01)
    assert constants["tau_min"] == pytest.approx(0.129, abs=0.0005)


@pytest.mark.parametrize("model", PopulationModel)
def test_nothing_is_in_the_blood_before_arrival_and_the_curve_only_moves_with_it(model: str) -> None:
    time_s = np.arange(0, 120, 0.7)
    later = population_blood(model, time_s, arrival_s=31.0)
    assert not later[time_s < 31].any()
    np.testing.assert_allclose(later, population_blood(model, time_s - 31.0), rtol=0, atol=1e-12)


def test_the_time_of_arrival_itself_belongs_to_the_curve_whatever_its_rounding() -> None:
    arrival_s = np.float64(0.1) * 3  # 0.30000000000000004
    assert parker_aif(np.array([0.3]), arrival_s=arrival_s)[0] == pytest.approx(0.0804, abs=1e-4)


@pytest.mark.parametrize("curve", [parker_aif, georgiou_aif])
def test_the_curve_goes_with_the_dose(curve: Callable[..., np.ndarray]) -> None:
    time_s = np.arange(0, 300, 5.0)
    np.testing.assert_allclose(curve(time_s, dose_mmol_per_kg=0.05), curve(time_s) / 2, rtol=1e-12)
    np.testing.assert_array_equal(curve(time_s, dose_mmol_per_kg=None), curve(time_s))


def test_times_of_any_shape_are_taken() -> None:
    time_s = np.arange(12.0).reshape(3, 4) * 10
    for curve in (parker_aif, georgiou_aif, preclinical_aif):
        np.testing.assert_array_equal(curve(time_s), curve(time_s.ravel()).reshape(3, 4))


def test_plasma_has_all_the_agent() -> None:
    np.testing.assert_allclose(blood_to_plasma(np.array([1.16]), hematocrit=0.42), [2.0], rtol=1e-12)


@pytest.mark.parametrize("hematocrit", [-0.1, 1.0, 42.0, float("nan")])
def test_a_hematocrit_in_percent_is_refused(hematocrit: float) -> None:
    with pytest.raises(PerfusionError, match=r"give the share of cells in blood, as 0\.42"):
        blood_to_plasma(np.ones(3), hematocrit=hematocrit)


def test_a_dose_that_cannot_be_is_refused() -> None:
    with pytest.raises(PerfusionError, match="dose is -1 mmol/kg"):
        parker_aif(np.arange(3.0), dose_mmol_per_kg=-1)
    with pytest.raises(PerfusionError, match=r"McGrath 2009 \(rat\) is not established"):
        preclinical_aif(np.arange(3.0), dose_mmol_per_kg=0.2)


def test_an_unknown_population_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PerfusionError, match="no population AIF 'weinmann': choose one of parker, georgiou"):
        population_blood("weinmann", np.arange(3.0))


@pytest.mark.parametrize("model", PopulationModel)
def test_a_population_reports_as_a_measured_one_and_says_what_it_is(model: str) -> None:
    aif = population_aif(model, 2.0 * np.arange(80), arrival_s=20.0)
    assert aif.method is AifMethod.POPULATION
    assert aif.verdict is AifVerdict.GOOD
    assert aif.count == 0
    assert aif.voxels.shape == (0, 3)
    assert aif.arrival_s == 20.0
    assert aif.peak == aif.values.max()
    assert "a mean of other patients" in aif.sentence


def test_a_population_may_arrive_with_the_first_frame_but_not_after_the_last() -> None:
    assert population_aif("parker", 2.0 * np.arange(80)).arrival_s == 0.0
    with pytest.raises(PerfusionError, match="arrives at 200 s, but the last frame is at 158 s"):
        population_aif("parker", 2.0 * np.arange(80), arrival_s=200.0)
