"""What the fit of one spectrum found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy.fitting.amplitudes import Amplitudes
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName
from brachyresponse.types import AnyArray, FloatArray


@dataclass(frozen=True)
class MetaboliteRatio:
    """A ratio with its 95 % interval, or the reasons why there is none.

    Where the denominator is below detection, ``at_least`` is what the ratio exceeds with 97.5 % confidence.
    """

    value: float | None
    low: float | None
    high: float | None
    reasons: tuple[str, ...] = ()
    at_least: float | None = None


@dataclass(frozen=True)
class FitQuality:
    """Whether the spectrum may be used, and if not why."""

    is_good: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SpectrumFit:
    """A fitted spectrum.

    Parameters
    ----------
    amplitudes
        Of the metabolites, with their covariance. The amplitude is the area of the line that a metabolite is known by,
        in units of the decay at the echo: Cho 3.21 (nine protons), Cr 3.03, NAA 2.01, Lac the doublet at 1.31 (three
        protons each), Lip13, Lip09; Ins and Glx as three protons would have. Relaxation is not corrected. Lactate is
        positive, whichever way up it stands.
    refused
        Why a metabolite is not used, by metabolite; what is not in here may be used.
    ratios
        By name.
    quality
        Of the spectrum as a whole.
    line_width_hz
        Full width at half height of creatine's line.
    snr
        Height of the tallest of Cho, Cr and NAA over the SD of the noise in the real part of the spectrum, neither
        apodised nor filled with zeros.
    shift_hz, phase_deg
        Of the spectrum as it was given, against where the transmitter frequency puts it.
    noise
        SD in the real part of the spectrum.
    misfit
        Root mean square of the residual over the noise.
    ppm, spectrum, fitted, baseline
        (B,) of the window, in phase and with the shift taken out: complex; the real part is what is looked at.
    components
        (B,) of each metabolite.
    others
        (B,) of what is fitted beside them: macromolecules, creatine's CH2, lipids under NAA.
    """

    amplitudes: Amplitudes
    refused: Mapping[Metabolite, str]
    ratios: Mapping[RatioName, MetaboliteRatio]
    quality: FitQuality
    line_width_hz: float
    snr: float
    shift_hz: float
    phase_deg: float
    noise: float
    misfit: float
    ppm: FloatArray
    spectrum: AnyArray
    fitted: AnyArray
    baseline: AnyArray
    components: Mapping[Metabolite, AnyArray]
    others: AnyArray

    @property
    def amplitude(self) -> dict[Metabolite, float]:
        """Area of each metabolite's line."""
        return dict(zip(self.amplitudes.metabolites, map(float, self.amplitudes.values), strict=True))

    @property
    def crb_percent(self) -> dict[Metabolite, float]:
        """Cramer-Rao bound of each amplitude as a share of it, at most 999."""
        return {name: self.amplitudes.crb_percent(name) for name in self.amplitudes.metabolites}

    @property
    def used(self) -> tuple[Metabolite, ...]:
        """Metabolites that may be used."""
        return tuple(name for name in self.amplitudes.metabolites if name not in self.refused)

    @property
    def residual(self) -> AnyArray:
        """(B,) what the fit leaves."""
        return self.spectrum - self.fitted

    def ratio(self, numerator: str, denominator: str) -> tuple[float, float, float]:
        """Return the quotient of two amplitudes and its 95 % interval, low and high.

        Raises
        ------
        SpectroscopyError
            An unknown metabolite or one that may not be used, or a spectrum that may not be.
        """
        if not self.quality.is_good:
            raise SpectroscopyError(f"No ratio is given. {' '.join(self.quality.reasons)}")
        over, below = self._usable(numerator), self._usable(denominator)
        return self.amplitudes.quotient([over], below)

    def _usable(self, name: str) -> Metabolite:
        if name not in self.amplitudes.metabolites:
            raise SpectroscopyError(f"{name!r} is not fitted: choose of {', '.join(self.amplitudes.metabolites)}.")
        if name in self.refused:
            raise SpectroscopyError(f"No ratio is given. {self.refused[Metabolite(name)]}")
        return Metabolite(name)
