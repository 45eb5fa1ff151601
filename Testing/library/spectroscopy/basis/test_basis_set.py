"""The table of metabolites, and their decays."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.spectroscopy import Metabolite
from brachyresponse.spectroscopy.basis import Acquisition, basis, components, expected_ratios

LONG = Acquisition(1024, 0.0005, 123.25, 144.0)
KNOWN_PPM = {"Cho": 3.21, "Cr": 3.03, "NAA": 2.01}


def spectrum_of(name: str, acquisition: Acquisition = LONG) -> np.ndarray:
    """Return the real spectrum of a component, its lines broadened by 3 Hz."""
    of_all = basis(acquisition)
    place = [each.name for each in of_all.components].index(name)
    decay = of_all.decays[place] * np.exp(-np.pi * 3 * acquisition.time_s)
    return np.fft.fftshift(np.fft.fft(decay)).real


def test_every_metabolite_is_fitted_and_every_component_has_its_source() -> None:
    assert {each.metabolite for each in components()} == {*Metabolite, None}
    assert all(each.source for each in components())
    assert len({each.name for each in components()}) == len(components())


@pytest.mark.parametrize(("name", "ppm"), KNOWN_PPM.items())
def test_the_singlets_stand_where_everybody_knows_them(name: str, ppm: float) -> None:
    highest = LONG.ppm[np.argmax(spectrum_of(name))]
    assert highest == pytest.approx(ppm, abs=0.01)  # half a bin is 0.008 ppm


def test_lactate_is_upside_down_at_144_ms_and_upright_at_288_ms() -> None:
    near = np.abs(LONG.ppm - 1.31) < 0.1
    inverted, upright = (
        spectrum_of("Lac", Acquisition(1024, 0.0005, 123.25, echo_ms))[near] for echo_ms in (144.0, 288.0)
    )
    assert inverted.min() < -3 * inverted.max()
    assert upright.max() > -3 * upright.min()


@pytest.mark.parametrize("name", ["Cr", "NAA", "Lip13 narrow", "Lip09"])
def test_the_named_line_has_the_area_1(name: str) -> None:
    place = [each.name for each in components()].index(name)
    assert basis(LONG).decays[place, 0] == pytest.approx(1, abs=1e-9)


def test_a_lipid_is_as_wide_as_the_table_says() -> None:
    place = [each.name for each in components()].index("Lip09")
    decay = basis(LONG).decays[place]
    spectrum = np.fft.fft(decay, 16 * LONG.points).real
    width_hz = np.count_nonzero(spectrum > spectrum.max() / 2) / (16 * LONG.points * LONG.dwell_time_s)
    assert width_hz == pytest.approx(0.14 * 123.25, abs=0.3)  # two samples of 0.12 Hz


def test_a_basis_is_simulated_once_and_cannot_be_changed() -> None:
    assert basis(LONG) is basis(Acquisition(1024, 0.0005, 123.25, 144.0))
    with pytest.raises(ValueError, match="read-only"):
        basis(LONG).decays[0, 0] = 0


def test_what_is_expected_of_a_component_is_so_of_others_of_its_kind() -> None:
    for each in expected_ratios():
        name, others = components()[each.column].name, [components()[n].name for n in each.to]
        assert each.column not in each.to
        assert {other[:2] for other in others} <= {name[:2]}  # NAAG to NAA, lipid to lipid, macromolecules alike
        assert each.sd > 0
