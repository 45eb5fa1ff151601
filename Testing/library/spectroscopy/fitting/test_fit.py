"""The fit of one spectrum, beside the truth of simulated ones."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy import FitSettings, Metabolite, RatioName, SpectrumFit, fit_spectrum
from simulated_spectra import ACQUISITION, POINTS, disturbed, fitted, line

FEW = range(3)


@pytest.fixture(scope="module")
def a_tumour() -> SpectrumFit:
    return fitted(disturbed("tumour", seed=1, snr=40))


@pytest.mark.parametrize("echo_time_ms", [144, 30])
@pytest.mark.parametrize("tissue", ["white matter", "tumour"])
def test_ratios_at_a_signal_to_noise_of_20_are_within_ten_percent(tissue: str, echo_time_ms: float) -> None:
    errors, held = [], []
    for seed in FEW:
        simulated = disturbed(tissue, seed=seed, echo_time_ms=echo_time_ms, snr=20)
        value, low, high = fitted(simulated).ratio("Cho", "Cr")
        errors.append(abs(value / simulated.ratio("Cho", "Cr") - 1))
        held.append(low <= simulated.ratio("Cho", "Cr") <= high)
    assert np.median(errors) < 0.1  # the median; the worst of hundreds is on the page of validation
    assert sum(held) >= 2  # of 3


def test_lines_made_by_the_formula_alone_are_found() -> None:
    fid = line(3.21, 3.0) + line(3.03, 2.0) + line(2.01, 4.0)
    noise = np.random.default_rng(0).standard_normal((2, POINTS)) * 0.02
    fit = fit_spectrum(fid + noise[0] + 1j * noise[1], **ACQUISITION, echo_time_ms=144)
    assert fit.ratio("Cho", "NAA")[0] == pytest.approx(0.75, rel=0.06)  # NAAG is expected there, and is not
    assert fit.ratio("Cho", "Cr")[0] == pytest.approx(1.5, rel=0.06)  # other T2 are expected
    assert fit.line_width_hz == pytest.approx(5, abs=0.9)  # creatine is expected 0.9 Hz wider than NAA, and is not


@pytest.mark.parametrize("echo_time_ms", [30, 144, 288])
def test_lactate_is_positive_whichever_way_up_it_stands(echo_time_ms: float) -> None:
    simulated = disturbed("tumour", seed=3, echo_time_ms=echo_time_ms, snr=60, line_width_hz=4)
    found, error = fitted(simulated).amplitudes.total(Metabolite.LAC)
    assert found == pytest.approx(simulated.amplitudes["Lac"], abs=3 * error)  # lipid lies under it
    assert found > 2 * error


def test_lipid_and_lactate_are_found_in_necrosis() -> None:
    for echo_time_ms in (30, 144):
        simulated = disturbed("necrosis", seed=2, echo_time_ms=echo_time_ms, snr=40)
        truth = sum(simulated.amplitudes[name] for name in ("Lac", "Lip13", "Lip09")) / simulated.amplitudes["Cr"]
        ratio = fitted(simulated).ratios[RatioName.LIP_LAC_CR]
        assert ratio.value == pytest.approx(truth, rel=0.2)  # creatine alone has a bound of 8 %


def test_shift_phase_width_and_noise_are_those_of_the_simulation() -> None:
    simulated = disturbed("white matter", seed=4, snr=40, line_width_hz=6, drift_hz=0, delay_s=0)
    fit = fitted(simulated)
    under = simulated.conditions
    assert fit.shift_hz == pytest.approx(under.shift_hz, abs=1)  # the field is not symmetrical
    assert np.cos(np.deg2rad(fit.phase_deg - under.phase_deg)) > np.cos(np.deg2rad(15))
    assert fit.line_width_hz == pytest.approx(6, abs=1)
    assert fit.noise == pytest.approx(simulated.noise, rel=0.2)  # medians of a few hundred values
    assert fit.snr == pytest.approx(40, rel=0.25)  # NAA's line is not one, and the field drifts


@pytest.mark.parametrize("phase_deg", [0, 90, -170])
def test_a_phase_changes_no_amplitude(phase_deg: float) -> None:
    simulated = disturbed("tumour", seed=5, snr=30, phase_deg=0)
    turned = fit_spectrum(simulated.fid * np.exp(1j * np.deg2rad(phase_deg)), **ACQUISITION, echo_time_ms=144).amplitude
    for name, amplitude in fitted(simulated).amplitude.items():
        assert turned[name] == pytest.approx(amplitude, rel=0.02, abs=0.02)  # where the steps end


@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_amplitudes_grow_with_the_decay_and_ratios_do_not(scale: float) -> None:
    simulated = disturbed("tumour", seed=5, snr=30)
    plain, scaled = fitted(simulated), fit_spectrum(simulated.fid * scale, **ACQUISITION, echo_time_ms=144)
    assert scaled.amplitude["Cho"] == pytest.approx(scale * plain.amplitude["Cho"], rel=1e-3)
    assert scaled.ratio("Cho", "Cr") == pytest.approx(plain.ratio("Cho", "Cr"), rel=1e-3)


def test_zeros_behind_the_decay_change_nothing() -> None:
    simulated = disturbed("tumour", seed=6, snr=30)
    filled = np.concatenate([simulated.fid, np.zeros(1024)])
    padded = fit_spectrum(filled, **ACQUISITION, echo_time_ms=144)
    assert padded.amplitude == fitted(simulated).amplitude


def test_a_spectrum_without_noise_is_fitted() -> None:
    simulated = disturbed("white matter", seed=7, snr=1e9, water=0)
    value, low, high = fitted(simulated).ratio("Cho", "Cr")
    assert value == pytest.approx(simulated.ratio("Cho", "Cr"), rel=0.1)  # T2 and field differ from those of the basis
    assert low < value < high


def test_curves_add_up_and_the_residual_is_noise(a_tumour: SpectrumFit) -> None:
    parts = sum(a_tumour.components.values()) + a_tumour.others + a_tumour.baseline
    np.testing.assert_allclose(parts, a_tumour.fitted, atol=1e-9 * np.abs(a_tumour.fitted).max())
    np.testing.assert_allclose(a_tumour.fitted + a_tumour.residual, a_tumour.spectrum)
    assert np.std(a_tumour.residual.real) == pytest.approx(a_tumour.noise, rel=0.25)
    assert a_tumour.ppm[np.argmax(a_tumour.components[Metabolite.CHO].real)] == pytest.approx(3.21, abs=0.02)


def test_ratios_are_quotients_of_amplitudes_within_their_interval(a_tumour: SpectrumFit) -> None:
    value, low, high = a_tumour.ratio("Cho", "NAA")
    assert value == pytest.approx(a_tumour.amplitude["Cho"] / a_tumour.amplitude["NAA"])
    assert low < value < high
    ratio = a_tumour.ratios[RatioName.CHO_NAA]
    assert (ratio.value, ratio.low, ratio.high) == (value, low, high)


def test_naa_that_is_not_there_is_below_detection_and_gives_a_lower_limit() -> None:
    from brachyresponse.digital_patient.spectroscopy import simulate_spectrum, tissue_amplitudes

    amplitudes = {**tissue_amplitudes("tumour", 144), Metabolite.NAA: 0.0}
    fit = fitted(simulate_spectrum(amplitudes, snr=30, random_seed=2, macromolecules=0))
    ratio = fit.ratios[RatioName.CHO_NAA]
    assert ratio.value is None
    assert any(reason.startswith("NAA: below detection") for reason in ratio.reasons)
    assert ratio.at_least is not None
    assert ratio.at_least > 5  # NAA is less than a fifth of choline for sure
    with pytest.raises(SpectroscopyError, match=r"No ratio is given. NAA: below detection"):
        fit.ratio("Cho", "NAA")
    assert Metabolite.NAA not in fit.used
    assert fit.ratios[RatioName.CHO_CR].value is not None


def test_a_metabolite_that_is_not_fitted_is_named_with_those_that_are(a_tumour: SpectrumFit) -> None:
    with pytest.raises(SpectroscopyError, match="'Tau' is not fitted: choose of Cho, Cr, NAA"):
        a_tumour.ratio("Tau", "Cr")


def test_a_bound_above_20_percent_refuses_a_metabolite_in_a_sentence() -> None:
    fit = fitted(disturbed("tumour", seed=8, snr=8))
    for name, reason in fit.refused.items():
        assert fit.crb_percent[name] > 20
        assert reason.startswith(f"{name}: ")
    assert fit.refused
    assert all(fit.crb_percent[name] <= 20 for name in fit.used)
    assert all(0 < percent <= 999 for percent in fit.crb_percent.values())


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"snr": 3}, r"The tallest line is \d\.\d times the noise, below 5\."),
        ({"line_width_hz": 16, "snr": 40}, r"The lines are 0\.1\d ppm wide, above 0\.1 ppm\."),
    ],
)
def test_a_bad_spectrum_gives_no_ratio_and_says_why(conditions: dict[str, float], reason: str) -> None:
    fit = fitted(disturbed("white matter", seed=0, **conditions))
    assert not fit.quality.is_good
    with pytest.raises(SpectroscopyError, match=reason):
        fit.ratio("Cho", "NAA")
    assert all(ratio.value is None and ratio.reasons for ratio in fit.ratios.values())


def test_settings_are_kept_to() -> None:
    fit = fitted(disturbed("tumour", seed=1, snr=40), settings=FitSettings(window_ppm=(1.8, 3.4)))
    assert fit.ppm.min() > 1.7
    assert fit.ppm.max() < 3.5
