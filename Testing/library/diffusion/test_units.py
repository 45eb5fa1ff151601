"""The unit of an ADC map: known ones, none, and values that tell of another one."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.diffusion import (
    ADC_UNIT,
    adc_facts,
    adc_in_um2_per_s,
    check_magnitude,
    measure_diffusion,
    unit_factor,
)
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Volume
from diffusion_phantom import RIM, WHITE_MATTER_MM, adc_values, ball, grid, request


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("1e-6 mm2/s", 1), ("10-6.mm2/s", 1), ("×10⁻⁶ mm²/s", 1), ("um2/s", 1), ("µm²/s", 1), ("10^-6 mm^2/s", 1),
        ("1e-3 mm2/s", 1e3), ("um2/ms", 1e3), ("10⁻³ mm²/s", 1e3), ("1e-5 mm2/s", 10), ("mm2/s", 1e6), ("m2/s", 1e12),
    ],
)  # fmt: skip
def test_a_unit_is_read_as_people_and_programs_write_it(unit: str, factor: float) -> None:
    assert unit_factor(unit) == factor


@pytest.mark.parametrize("unit", ["1e-3 mm2/s", "m2/s"])
def test_the_unit_of_the_map_does_not_change_the_figures(unit: str) -> None:
    scaled = adc_values() / unit_factor(unit)
    row = measure_diffusion(request(scaled, unit, white_matter=None)).row("T1")
    assert row.value() == pytest.approx(RIM, abs=5)  # the noise of 60 over some hundred voxels


def test_a_unit_that_is_given_goes_before_the_maps_own() -> None:
    volume = Volume("ADC", adc_values() / 1e3, grid(), "1")
    read = adc_in_um2_per_s(volume, "1e-3 mm2/s")
    assert read.unit == ADC_UNIT
    np.testing.assert_allclose(read.values, adc_values(), rtol=1e-12)  # one multiplication


def test_a_map_without_a_unit_is_refused_and_never_guessed() -> None:
    with pytest.raises(DiffusionError, match=r"has no unit: give it, as 1e-6 mm2/s .* it is not guessed"):
        measure_diffusion(request(unit=""))


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DiffusionError, match="unit 'ms' of the ADC map is not known: give one of 1e-6 mm2/s"):
        unit_factor("ms")


@pytest.mark.parametrize(
    ("factor", "unit", "words"),
    [
        (1e-3, "1e-6 mm2/s", "1,000 times too small"),
        (1e-6, "1e-6 mm2/s", "1,000,000 times too small"),
        (1.0, "mm2/s", "1,000,000 times too large"),
        (10.0, "um2/s", "10 times too large"),
    ],
)
def test_values_of_no_living_tissue_name_the_factor_by_which_they_are_off(factor: float, unit: str, words: str) -> None:
    with pytest.raises(DiffusionError, match=f"median ADC of white matter is .* {words}; correct the unit"):
        measure_diffusion(request(adc_values() * factor, unit))


def test_without_white_matter_the_lesion_tells_of_a_wrong_unit() -> None:
    with pytest.raises(DiffusionError, match=r"median ADC of lesion 'T1' is .* 1,000 times too small"):
        measure_diffusion(request(adc_values() / 1000, white_matter=None))


def test_white_matter_that_is_mostly_void_is_told_by_its_voxels_not_by_its_unit() -> None:
    void = adc_values().copy()
    void[ball(WHITE_MATTER_MM, 20)] = 0.0
    with pytest.raises(DiffusionError, match=r"Only 0 of \d+ voxels of the white matter hold a valid ADC"):
        measure_diffusion(request(void))


def test_an_image_that_is_no_adc_map_is_told_so() -> None:
    with pytest.raises(DiffusionError, match="it is no ADC map, or not scaled"):
        check_magnitude(np.full(30, -5.0), "white matter", is_reference=True)


def test_a_map_of_nothing_but_gaps_is_refused() -> None:
    with pytest.raises(DiffusionError, match="'ADC' holds no number"):
        measure_diffusion(request(np.full(grid().shape_kji, np.nan)))


def test_the_map_is_coded_as_dicom_has_it() -> None:
    facts = adc_facts()
    assert (facts.quantity.value, facts.quantity.scheme) == ("113041", "DCM")
    assert (facts.units.value, facts.units.scheme, facts.title) == ("10-6.mm2/s", "UCUM", "ADC (1e-6 mm2/s)")
