"""The picture of a fitted spectrum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.pictures.chart_theme import LIGHT, ChartTheme
from brachyresponse.pictures.spectrum_picture import PicturedSpectrum, spectrum_picture
from brachyresponse.report.markup import Markup

if TYPE_CHECKING:
    from brachyresponse.spectroscopy.fitting import SpectrumFit


def fit_picture(fit: SpectrumFit, *, name: str = "Spectrum", theme: ChartTheme = LIGHT) -> Markup:
    """Return a fit as an SVG element; a metabolite that may not be used is grey, with the reason beside it."""
    return spectrum_picture(pictured_fit(fit, name=name), theme=theme)


def pictured_fit(fit: SpectrumFit, *, name: str = "Spectrum") -> PicturedSpectrum:
    """Return what is drawn of a fit."""
    return PicturedSpectrum(
        name=name,
        ppm=fit.ppm,
        measured=np.real(fit.spectrum),
        fitted=np.real(fit.fitted),
        baseline=np.real(fit.baseline),
        residual=np.real(fit.residual),
        components={str(one): np.real(values) for one, values in fit.components.items()},
        notes={str(one): f"bound {percent:.0f} %" for one, percent in fit.crb_percent.items()},
        refused={str(one): reason.removeprefix(f"{one}: ") for one, reason in fit.refused.items()},
        facts=f"Signal to noise {fit.snr:.1f}, line width {fit.line_width_hz:.1f} Hz",
        warning="" if fit.quality.is_good else " ".join(fit.quality.reasons),
    )
