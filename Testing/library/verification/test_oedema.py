"""The oedema model: the table of dose factors, its limits, and the column it makes."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import VerificationError
from brachyresponse.verification import OedemaModel

I125_HALF_LIFE_DAYS = 59.40

# swelling, half-life in days, n, factor of the total dose: computed independently, three digits.
FACTORS = [
    (0.3, 10, 2.0, 0.975), (0.5, 4, 2.0, 0.983), (0.5, 10, 2.0, 0.960), (0.5, 25, 2.0, 0.920), (1.0, 10, 2.0, 0.931),
    (0.3, 10, 2.2, 0.972), (0.5, 4, 2.2, 0.981), (0.5, 10, 2.2, 0.957), (0.5, 25, 2.2, 0.912), (1.0, 10, 2.2, 0.925),
]  # fmt: skip


@pytest.mark.parametrize(("swelling", "half_life_days", "exponent", "factor"), FACTORS)
def test_the_total_dose_falls_by_the_tabulated_factor(
    swelling: float, half_life_days: float, exponent: float, factor: float
) -> None:
    model = OedemaModel(swelling, half_life_days, exponent)
    assert model.lifetime_factor(I125_HALF_LIFE_DAYS) == pytest.approx(factor, abs=6e-4)  # the table's last digit


@pytest.mark.parametrize(("swelling", "factor"), [(0.3, 0.840), (0.5, 0.763), (1.0, 0.630)])
def test_a_scan_of_the_first_day_understates_the_dose_as_tabulated(swelling: float, factor: float) -> None:
    assert OedemaModel(swelling).apparent_factor(0) == pytest.approx(factor, abs=6e-4)


def test_the_factor_is_the_integral_over_the_decaying_dose_rate() -> None:
    model = OedemaModel(0.8, 12.0, 2.2)
    days = np.linspace(0, 40 * I125_HALF_LIFE_DAYS, 2_000_001)
    decay = np.log(2) / I125_HALF_LIFE_DAYS
    volume = 1 + 0.8 * np.exp(-np.log(2) * days / 12.0)
    integral = np.trapezoid(decay * np.exp(-decay * days) * volume ** (-2.2 / 3), days)
    assert model.lifetime_factor(I125_HALF_LIFE_DAYS) == pytest.approx(integral, rel=1e-5)  # steps of 0.001 days


def test_no_swelling_changes_nothing() -> None:
    model = OedemaModel(0.0)
    assert model.lifetime_factor(I125_HALF_LIFE_DAYS) == pytest.approx(1.0, abs=1e-12)
    assert model.correction(I125_HALF_LIFE_DAYS, 7) == pytest.approx(1.0, abs=1e-12)


def test_the_correction_of_a_late_scan_is_the_reduction_alone() -> None:
    model = OedemaModel(0.5)
    late = model.correction(I125_HALF_LIFE_DAYS, 365)
    assert late == pytest.approx(model.lifetime_factor(I125_HALF_LIFE_DAYS), rel=1e-9)
    assert model.correction(I125_HALF_LIFE_DAYS, 0) > 1 > late


def test_the_assumption_is_said_with_its_factor_and_source() -> None:
    sentence = OedemaModel(0.5).sentence(I125_HALF_LIFE_DAYS, 0)
    assert "an assumption, not measured in this patient" in sentence
    assert "factor 1.258" in sentence
    assert "Waterman" in sentence


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((-0.1,), "swelling is -0.1 of the volume: give a share from 0 to 5"),
        ((float("nan"),), "swelling is nan"),
        ((50.0,), "swelling is 50"),
        ((0.5, 0.0), "half-life is 0.0 days: give a positive number"),
        ((0.5, 10.0, 7.0), "exponent is 7: give 2, or about 2.2"),
    ],
)
def test_a_model_that_cannot_be_is_refused(fields: tuple[float, ...], message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        OedemaModel(*fields)
