"""The fit of one spectrum: linear combination of the basis over a smooth baseline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from brachyresponse.spectroscopy.basis import Acquisition, Component, basis
from brachyresponse.spectroscopy.fitting.amplitudes import Amplitudes
from brachyresponse.spectroscopy.fitting.baseline import complex_of, stacked
from brachyresponse.spectroscopy.fitting.checks import (
    check_acquisition,
    check_explained,
    check_fid,
    check_water,
    guess_of,
)
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.spectroscopy.fitting.parameters import GAUSS, LORENTZ, PHASE, SHIFT
from brachyresponse.spectroscopy.fitting.quality import quality_of, ratio_of, refused_metabolites
from brachyresponse.spectroscopy.fitting.settings import FitSettings
from brachyresponse.spectroscopy.fitting.solver import Problem, Solution, best_height, expectations, solve
from brachyresponse.spectroscopy.fitting.spectrum_fit import FitQuality, SpectrumFit
from brachyresponse.spectroscopy.fitting.uncertainty import amplitude_covariance
from brachyresponse.spectroscopy.preparation.decay import noise_of
from brachyresponse.spectroscopy.preparation.water import remove_water
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName
from brachyresponse.types import AnyArray

FIRST_HEIGHT = 3.0
"""Of the baseline, before its own is found."""
SMALLEST_NOISE = 1e-4
"""Of the highest bin: a spectrum with less is taken to have so much, as no line shape is known better."""
TALLEST = (Metabolite.CHO, Metabolite.CR, Metabolite.NAA)
"""The SNR is that of the tallest of these."""
ROUGH_GAIN = 1.0
"""Of the sum of squares, at which the first fit ends."""


def fit_spectrum(
    fid: AnyArray,
    *,
    dwell_time_s: float,
    transmitter_mhz: float,
    echo_time_ms: float,
    reference_ppm: float = 4.65,
    settings: FitSettings | None = None,
) -> SpectrumFit:
    """Fit the water-suppressed decay of one voxel, a spin echo (PRESS or semi-LASER).

    Residual water is removed, the known lines give a first shift and phase, and then a linear combination of the
    basis over a smooth baseline is fitted to the complex spectrum: amplitudes not negative, one shift and one Voigt
    shape for all lines with a little freedom for each, phases of order zero and one.

    Parameters
    ----------
    fid
        (points,) complex; a line above ``reference_ppm`` has a positive frequency.
    dwell_time_s, transmitter_mhz, echo_time_ms
        Of the acquisition.
    reference_ppm
        Chemical shift at the transmitter frequency.
    settings
        Defaults where None.

    Raises
    ------
    SpectroscopyError
        A decay that is not complex, too short or not finite; water that is not suppressed; a conjugated spectrum; no
        known line where the transmitter frequency puts it; a time or frequency that cannot be.
    """
    settings = settings or FitSettings()
    check_acquisition(dwell_time_s, transmitter_mhz, echo_time_ms)
    decay = check_fid(fid, dwell_time_s)[: int(settings.longest_s / dwell_time_s)]
    model = model_of(Acquisition(len(decay), dwell_time_s, transmitter_mhz, echo_time_ms, reference_ppm), settings)
    return fit_prepared(model, decay)


@lru_cache(maxsize=8)
def model_of(acquisition: Acquisition, settings: FitSettings) -> SpectrumModel:
    """Return what all spectra of an acquisition share."""
    return SpectrumModel(basis(acquisition), settings)


def fit_prepared(model: SpectrumModel, decay: AnyArray) -> SpectrumFit:
    """Fit one decay that has the model's acquisition."""
    acquisition = model.basis.acquisition
    if model.settings.removes_water:
        still = remove_water(
            decay, acquisition.dwell_time_s, acquisition.transmitter_mhz, reference_ppm=acquisition.reference_ppm
        )
        check_water(model, decay, still)
        decay = still
    spectrum = model.spectrum(decay)
    noise = max(noise_of(decay), SMALLEST_NOISE * float(np.abs(spectrum).max()))
    guess = guess_of(model, decay, noise)
    start = model.parameters.mean.copy()
    start[PHASE], start[SHIFT] = guess.phase_rad, guess.shift_hz
    first = Problem(model, spectrum, noise, FIRST_HEIGHT, np.zeros((0, len(model.basis.components))))
    rough = solve(first, start, ROUGH_GAIN)
    problem = Problem(model, spectrum, noise, best_height(first, rough), expectations(model, rough))
    fit = _described(problem, solve(problem, rough.values))
    check_explained(fit, model.settings.shift_limit_ppm)
    return fit


def _described(problem: Problem, at: Solution) -> SpectrumFit:
    model, components = problem.model, problem.model.basis.components
    seen = model.turned(problem.spectrum, at.values)
    lines = model.lines(at.values) * at.amplitudes[:, None]
    baseline = complex_of(model.baseline.curve(stacked(seen - lines.sum(axis=0)), problem.height))
    misfit = float(np.sqrt(np.mean(at.residual[: 2 * len(seen)] ** 2)))
    covariance = amplitude_covariance(model, at, max(misfit, 1.0))
    amplitudes = Amplitudes.of_components(components, at.amplitudes, covariance)
    refused = refused_metabolites(amplitudes)
    curves = {name: _sum_of(name, components, lines) for name in (*amplitudes.metabolites, None)}
    width_hz = voigt_width(at.values[LORENTZ] + creatine_width(model), at.values[GAUSS])
    snr = float(max(np.abs(curves[name]).max() for name in TALLEST) / problem.noise)
    quality = _quality(model, at, width_hz, snr, misfit)
    return SpectrumFit(
        amplitudes=amplitudes,
        refused=refused,
        ratios={name: ratio_of(name, amplitudes, refused, quality) for name in RatioName},
        quality=quality,
        line_width_hz=width_hz,
        snr=snr,
        shift_hz=float(at.values[SHIFT]),
        phase_deg=float(np.rad2deg(np.angle(np.exp(1j * at.values[PHASE])))),
        noise=problem.noise,
        misfit=misfit,
        ppm=model.ppm - at.values[SHIFT] / model.basis.acquisition.transmitter_mhz,
        spectrum=seen,
        fitted=lines.sum(axis=0) + baseline,
        baseline=baseline,
        components={name: curve for name, curve in curves.items() if name is not None},
        others=curves[None],
    )


def _quality(model: SpectrumModel, at: Solution, width_hz: float, snr: float, misfit: float) -> FitQuality:
    return quality_of(
        line_width_ppm=width_hz / model.basis.acquisition.transmitter_mhz,
        snr=snr,
        misfit=misfit,
        share_of_shift_limit=abs(float(at.values[SHIFT])) / model.parameters.high[SHIFT],
        cho_to_naa_ppm=_own_shift_ppm(model, at, Metabolite.CHO) - _own_shift_ppm(model, at, Metabolite.NAA),
    )


def _own_shift_ppm(model: SpectrumModel, at: Solution, metabolite: Metabolite) -> float:
    """Return by how much a metabolite's line lies beside its place, beside what all lines do; 0 if it is not there."""
    own = model.parameters
    place, column = next(
        (place, int(column))
        for place, column in enumerate(own.movers)
        if model.basis.components[column].metabolite is metabolite
    )
    shift_hz = at.values[own.own_shifts()][place]
    return float(shift_hz / model.basis.acquisition.transmitter_mhz) if at.amplitudes[column] > 0 else 0.0


def _sum_of(metabolite: Metabolite | None, components: Sequence[Component], lines: AnyArray) -> AnyArray:
    """Return the lines (B,) of a metabolite; of None those that are no metabolite's."""
    return np.asarray(sum(line for each, line in zip(components, lines, strict=True) if each.metabolite is metabolite))


def creatine_width(model: SpectrumModel) -> float:
    """Return the width, Hz, that creatine's line has by its T2 alone."""
    creatine = next(each for each in model.basis.components if each.metabolite is Metabolite.CR)
    return 1000 / (np.pi * creatine.t2_ms)


def voigt_width(lorentz_hz: float, gauss_hz: float) -> float:
    """Return the full width at half height of a Voigt line (Olivero and Longbothum 1977), within 0.02 %."""
    return float(0.5346 * lorentz_hz + np.sqrt(0.2166 * lorentz_hz**2 + gauss_hz**2))
