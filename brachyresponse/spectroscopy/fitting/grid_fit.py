"""The fit of every voxel of a grid of spectra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.spectroscopy.fitting.fit import fit_spectrum
from brachyresponse.spectroscopy.fitting.settings import FitSettings
from brachyresponse.spectroscopy.fitting.spectrum_fit import SpectrumFit
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName
from brachyresponse.types import BoolArray, FloatArray, frozen_array

Voxel = tuple[int, int, int]
"""[k, j, i] of an array."""


@dataclass(frozen=True, eq=False)
class GridRatio:
    """A ratio [k, j, i] with its 95 % interval; 0 where ``is_given`` is false, and why is in the grid's reasons."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    is_given: BoolArray


@dataclass(frozen=True, eq=False)
class GridFit:
    """Fits of a grid of voxels; all arrays are [k, j, i] and 0 where a voxel was not fitted.

    Parameters
    ----------
    grid
        The voxels in the patient.
    is_fitted
        Where there is a fit at all.
    is_good
        Where the spectrum may be used as a whole.
    amplitude, crb_percent
        By metabolite, as :class:`SpectrumFit` has them.
    is_used
        By metabolite: where the spectrum is good and the metabolite is not refused.
    ratios
        By name; given where the spectrum is good.
    line_width_hz, snr
        Of the spectrum.
    reasons
        By voxel: why it was not fitted, may not be used, or which ratio is not given.
    """

    grid: Grid
    is_fitted: BoolArray
    is_good: BoolArray
    amplitude: Mapping[Metabolite, FloatArray]
    crb_percent: Mapping[Metabolite, FloatArray]
    is_used: Mapping[Metabolite, BoolArray]
    ratios: Mapping[RatioName, GridRatio]
    line_width_hz: FloatArray
    snr: FloatArray
    reasons: Mapping[Voxel, tuple[str, ...]]


def fit_grid(
    spectra: Spectra,
    *,
    region: BoolArray | None = None,
    settings: FitSettings | None = None,
    report: Report = ignore_progress,
) -> GridFit:
    """Fit every voxel, one after the other; only figures are kept of each, no curves.

    A voxel that cannot be fitted is marked with its reason and the others are still fitted.

    Parameters
    ----------
    spectra
        Of the grid.
    region
        [k, j, i], the voxels to fit; those with a signal where None.
    settings
        Of each fit.
    report
        Told after each voxel; may cancel.

    Raises
    ------
    SpectroscopyError
        The region has another shape than the grid, or there is no voxel to fit.
    """
    wanted = filled_voxels(spectra) if region is None else np.asarray(region, bool)
    if wanted.shape != spectra.grid.shape_kji:
        raise SpectroscopyError(f"The region has the shape {wanted.shape}, the grid {spectra.grid.shape_kji}.")
    places = [(int(k), int(j), int(i)) for k, j, i in np.argwhere(wanted)]
    if not places:
        raise SpectroscopyError(f"No voxel of {spectra.name!r} is to be fitted: all are empty or outside the region.")
    filled = _Filled(spectra.grid)
    for place, found in fit_voxels(spectra, places, settings, report):
        if isinstance(found, SpectroscopyError):
            filled.reasons[place] = (str(found),)
        else:
            filled.keep(place, found)
    return filled.fit()


def filled_voxels(spectra: Spectra) -> BoolArray:
    """Return which voxels hold a decay, [k, j, i]: beyond what was excited grids are filled with zeros."""
    return np.asarray(np.any(spectra.fid != 0, axis=-1))


def fit_voxels(
    spectra: Spectra, places: Sequence[Voxel], settings: FitSettings | None, report: Report
) -> Iterator[tuple[Voxel, SpectrumFit | SpectroscopyError]]:
    """Fit voxels [k, j, i] one after the other; of one that cannot be fitted the reason, and the others still are."""
    for done, place in enumerate(places, start=1):
        try:
            found: SpectrumFit | SpectroscopyError = fit_voxel(spectra, place, settings)
        except SpectroscopyError as error:
            found = error
        yield place, found
        report(done / len(places), f"Fitting spectra: voxel {done} of {len(places)}")


def fit_voxel(spectra: Spectra, place: Voxel, settings: FitSettings | None = None) -> SpectrumFit:
    """Return the fit of one voxel [k, j, i], with its curves."""
    return fit_spectrum(
        spectra.fid[place],
        dwell_time_s=spectra.dwell_time_s,
        transmitter_mhz=spectra.transmitter_mhz,
        echo_time_ms=spectra.echo_time_ms,
        reference_ppm=spectra.reference_ppm,
        settings=settings,
    )


class _Filled:
    """The arrays of a grid while they are filled."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.reasons: dict[Voxel, tuple[str, ...]] = {}
        self.numbers: dict[str, FloatArray] = {}
        self.marks: dict[str, BoolArray] = {}

    def keep(self, place: Voxel, fit: SpectrumFit) -> None:
        """Keep the figures of one fit."""
        self._mark("fitted", place, True)
        self._mark("good", place, fit.quality.is_good)
        self._number("width", place, fit.line_width_hz)
        self._number("snr", place, fit.snr)
        reasons = list(fit.quality.reasons)
        for metabolite, amplitude in fit.amplitude.items():
            self._number(f"amplitude {metabolite}", place, amplitude)
            self._number(f"crb {metabolite}", place, fit.crb_percent[metabolite])
            self._mark(f"used {metabolite}", place, fit.quality.is_good and metabolite not in fit.refused)
        for name, ratio in fit.ratios.items():
            is_given = fit.quality.is_good and ratio.value is not None
            self._mark(f"given {name}", place, is_given)
            for part in ("value", "low", "high"):
                self._number(f"{part} {name}", place, getattr(ratio, part) if is_given else 0.0)
            reasons += [f"{name}: {each}" for each in ratio.reasons]
        if reasons:
            self.reasons[place] = tuple(reasons)

    def _number(self, name: str, place: Voxel, value: float) -> None:
        self.numbers.setdefault(name, np.zeros(self.grid.shape_kji))[place] = value

    def _mark(self, name: str, place: Voxel, value: bool) -> None:
        self.marks.setdefault(name, np.zeros(self.grid.shape_kji, bool))[place] = value

    def fit(self) -> GridFit:
        """Return the arrays as they are now."""
        return GridFit(
            grid=self.grid,
            is_fitted=self._marks("fitted"),
            is_good=self._marks("good"),
            amplitude={name: self._numbers(f"amplitude {name}") for name in Metabolite},
            crb_percent={name: self._numbers(f"crb {name}") for name in Metabolite},
            is_used={name: self._marks(f"used {name}") for name in Metabolite},
            ratios={name: self._ratio(name) for name in RatioName},
            line_width_hz=self._numbers("width"),
            snr=self._numbers("snr"),
            reasons=dict(self.reasons),
        )

    def _ratio(self, name: RatioName) -> GridRatio:
        value, low, high = (self._numbers(f"{part} {name}") for part in ("value", "low", "high"))
        return GridRatio(value, low, high, self._marks(f"given {name}"))

    def _numbers(self, name: str) -> FloatArray:
        return frozen_array(self.numbers.get(name, np.zeros(self.grid.shape_kji)), np.float64)

    def _marks(self, name: str) -> BoolArray:
        return frozen_array(self.marks.get(name, np.zeros(self.grid.shape_kji, bool)), np.bool_)
