"""Liquid in a sphere: closed forms, the reference's tables, and input that cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose import bed_gy, liquid_sphere_dose_rate
from brachyresponse.errors import DoseError
from brachyresponse.sources import LiquidSource, integrated_hours, load_liquid
from library.dose.gliasite_tables import dose_rates_per_mci, relative_doses
from reference import needs_reference

IOTREX = load_liquid()
ENDS_CM = np.array([0.1, 10.0])
UNATTENUATED = replace(IOTREX, radial_radius_cm=ENDS_CM, radial_dose=np.ones(2))
EXACT = 1e-3  # what the specification asks of the closed forms; the integral is good to a millionth
TABLE = 5e-3
needs_tables = needs_reference("gliasite.md")


def rate_per_concentration(radius_cm: float, from_centre_cm: float, liquid: LiquidSource) -> float:
    """Dose rate for C k = 1: concentration times kernel constant."""
    activity_mbq = 4 / 3 * np.pi * radius_cm**3 / liquid.rate_at_1_cm
    return float(
        liquid_sphere_dose_rate(10 * radius_cm, 10 * (from_centre_cm - radius_cm), activity_mbq, liquid=liquid)
    )


@pytest.mark.parametrize(
    ("radius_cm", "from_centre_cm", "expected"),
    [(1.0, 1.5, 2.069687), (2.0, 3.0, 4.139373), (1.5, 1.5, 9.424778), (1.5, 0.0, 18.849556)],
)
def test_without_attenuation_the_closed_form_is_met(radius_cm: float, from_centre_cm: float, expected: float) -> None:
    assert rate_per_concentration(radius_cm, from_centre_cm, UNATTENUATED) == pytest.approx(expected, rel=EXACT)


@settings(max_examples=20)
@given(radius_cm=st.floats(0.5, 3.0), share=st.floats(0.01, 4.0))
def test_without_attenuation_the_closed_form_is_met_inside_and_outside(radius_cm: float, share: float) -> None:
    s = radius_cm * (share if abs(share - 1) > 1e-4 else 1.001)
    expected = 2 * np.pi * (radius_cm + (radius_cm**2 - s**2) / (2 * s) * np.log((radius_cm + s) / abs(radius_cm - s)))
    assert rate_per_concentration(radius_cm, s, UNATTENUATED) == pytest.approx(expected, rel=1e-5)


def test_the_surface_has_half_of_the_centre_without_attenuation() -> None:
    surface, centre = (rate_per_concentration(1.5, s, UNATTENUATED) for s in (1.5, 0.0))
    assert surface / centre == pytest.approx(0.5, rel=1e-6)


def test_far_away_a_sphere_is_a_point() -> None:
    expected = 4 / 3 * np.pi * 1.0 / 50.0**2
    assert rate_per_concentration(1.0, 50.0, UNATTENUATED) == pytest.approx(expected, rel=EXACT)


def test_with_attenuation_the_centre_is_met() -> None:
    mu = 0.3
    attenuated = replace(IOTREX, radial_radius_cm=ENDS_CM, radial_dose=np.exp(-mu * ENDS_CM))
    expected = 4 * np.pi * (1 - np.exp(-mu * 1.5)) / mu
    assert rate_per_concentration(1.5, 0.0, attenuated) == pytest.approx(expected, rel=EXACT)


@needs_tables
def test_the_tables_of_the_reference_are_met_for_all_balloons() -> None:
    distances_cm, table = dose_rates_per_mci()
    assert len(table) == 6
    for radius_cm, expected in table.items():
        rates = liquid_sphere_dose_rate(10 * radius_cm, 10 * np.array(distances_cm), 37.0)
        np.testing.assert_allclose(rates, expected, rtol=TABLE)


@needs_tables
def test_doses_relative_to_the_prescription_are_met() -> None:
    for radius_cm, expected in relative_doses().items():
        surface, half, one, more, two = liquid_sphere_dose_rate(10 * radius_cm, [0, 5, 10, 15, 20], 37.0)
        per_concentration = surface * 4 / 3 * np.pi * radius_cm**3
        found = [surface / one, half / one, more / one, two / one, surface / half, per_concentration]
        np.testing.assert_allclose(found, expected, rtol=TABLE)


def test_the_fallback_differs_by_at_most_1_percent_up_to_2_cm() -> None:
    distances = np.linspace(0, 20, 9)
    for radius in (10, 15, 20):
        fallback = liquid_sphere_dose_rate(radius, distances, 37.0, liquid=load_liquid("iotrex_6702_fallback"))
        # the page asks for 2 % up to 4 cm; up to 2 cm, the clinical range, 1 % is held
        np.testing.assert_allclose(fallback, liquid_sphere_dose_rate(radius, distances, 37.0), rtol=1.1e-2)


@pytest.mark.parametrize(
    ("distance_mm", "dose_gy", "rate_gy_per_h", "bed"),
    [
        (10, 60.0, 0.523, (73.0, 103.2, 124.8)),
        (5, 109.9, 0.958, (153.3, 254.8, 327.2)),
        (0, 275.2, 2.40, (548, 1185, 1639)),
    ],
)
def test_dose_rate_dose_and_bed_of_60_gy_at_1_cm_from_a_3_cm_balloon(
    distance_mm: float, dose_gy: float, rate_gy_per_h: float, bed: tuple[float, float, float]
) -> None:
    at_1_cm = liquid_sphere_dose_rate(15, 10, 1.0)
    rate = liquid_sphere_dose_rate(15, distance_mm, 52.3 / at_1_cm)  # cGy/h
    days = 118.05 / 24
    assert rate / 100 == pytest.approx(rate_gy_per_h, rel=2e-3)  # as printed, three digits
    assert rate / 100 * integrated_hours(59.4, 0, days) == pytest.approx(dose_gy, rel=1e-3)
    for alpha_beta_gy, expected in zip((10, 3, 2), bed, strict=True):
        found = bed_gy(
            rate, half_life_days=59.4, alpha_beta_gy=alpha_beta_gy, repair_half_time_h=1.5, duration_days=days
        )
        assert float(found) == pytest.approx(expected, rel=2e-3)  # the dose above enters with its square


@settings(max_examples=20)
@given(factor=st.floats(0.1, 100))
def test_the_dose_rate_is_proportional_to_the_activity(factor: float) -> None:
    one, more = (liquid_sphere_dose_rate(15, 7.0, activity) for activity in (37.0, 37.0 * factor))
    assert more == pytest.approx(one * factor, rel=1e-12)


@settings(max_examples=20)
@given(radius_mm=st.floats(5, 25))
def test_the_dose_rate_falls_from_the_centre_outwards(radius_mm: float) -> None:
    rates = liquid_sphere_dose_rate(radius_mm, np.linspace(-radius_mm, 60, 200), 37.0)
    assert (np.diff(rates) < 0).all()


def test_the_shape_of_the_distances_is_kept() -> None:
    assert liquid_sphere_dose_rate(15, np.zeros((2, 3)), 37.0).shape == (2, 3)
    assert np.ndim(liquid_sphere_dose_rate(15, 1.0, 37.0)) == 0


@pytest.mark.parametrize(
    ("radius_mm", "distance_mm", "activity_mbq", "sentence"),
    [
        (0, 1, 37, "radius of the liquid is 0 mm: give a positive number"),
        (15, 1, 0, "contained activity is 0 MBq: give a positive number"),
        (15, -16, 37, "below -15 mm, which is the centre"),
        (15, np.nan, 37, "not finite or below -15 mm"),
    ],
)
def test_what_cannot_be_is_refused(radius_mm: float, distance_mm: float, activity_mbq: float, sentence: str) -> None:
    with pytest.raises(DoseError, match=sentence):
        liquid_sphere_dose_rate(radius_mm, distance_mm, activity_mbq)
