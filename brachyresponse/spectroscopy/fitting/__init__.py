"""The fit of spectra, with Cramer-Rao bounds, intervals of ratios and reasons why not."""

from brachyresponse.spectroscopy.fitting.amplitudes import Amplitudes
from brachyresponse.spectroscopy.fitting.fit import fit_spectrum
from brachyresponse.spectroscopy.fitting.grid_fit import GridFit, GridRatio, fit_grid
from brachyresponse.spectroscopy.fitting.settings import FitSettings
from brachyresponse.spectroscopy.fitting.spectrum_fit import FitQuality, MetaboliteRatio, SpectrumFit

__all__ = [
    "Amplitudes",
    "FitQuality",
    "FitSettings",
    "GridFit",
    "GridRatio",
    "MetaboliteRatio",
    "SpectrumFit",
    "fit_grid",
    "fit_spectrum",
]
