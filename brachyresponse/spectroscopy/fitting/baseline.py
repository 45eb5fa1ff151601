"""The smooth baseline under the lines, its flexibility, and how it is taken out of the problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

RIDGE = 1e-4
"""Keeps the level and slope of the baseline, which the roughness does not hold, from growing without limit."""
HEIGHTS = np.logspace(-2, 4, 13)
"""Mean square of the baseline in units of the noise's, among which its flexibility is chosen."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """Splines with a penalty on their roughness, seen as a random curve of a known covariance.

    With a penalty, least squares over the splines' coefficients leaves a weighted problem for the lines alone: the
    weight lowers the directions (columns of ``directions``) that the baseline can take (Ruppert, Wand and Carroll,
    "Semiparametric Regression", 2003, section 4.9: penalised splines are mixed models). How smooth the baseline is
    then is a variance, and restricted maximum likelihood estimates it from the spectrum.

    Parameters
    ----------
    directions
        (2 B, r) orthonormal, real parts over imaginary parts of B bins.
    variances
        (r,) of the baseline along each, at a mean square of 1.
    """

    directions: FloatArray
    variances: FloatArray

    def share(self, height: float) -> FloatArray:
        """Return (r,) how much of each direction belongs to the baseline, 0 to 1."""
        return height * self.variances / (1 + height * self.variances)

    def whiten(self, stacked: FloatArray, height: float) -> FloatArray:
        """Return what is left of vectors (2 B, ...) once the baseline has had its share; noise stays white."""
        lowered = 1 - np.sqrt(1 - self.share(height))
        along = self.directions.T @ stacked
        return stacked - self.directions @ (lowered[:, None] * along if stacked.ndim > 1 else lowered * along)

    def curve(self, residual: FloatArray, height: float) -> FloatArray:
        """Return the baseline (2 B,) in what the lines leave."""
        return self.directions @ (self.share(height) * (self.directions.T @ residual))

    def free_parameters(self, height: float) -> float:
        """Effective number of parameters: the sum of the shares."""
        return float(self.share(height).sum())


def smooth_baseline(ppm: FloatArray, window: slice, knot_spacing_ppm: float) -> Baseline:
    """Return the baseline of the bins ``window`` of a spectrum at ``ppm`` (points,), rising.

    Cubic B-splines, made causal: a real curve and the imaginary part that belongs to it, as in any decay.
    """
    low, high = ppm[window][0], ppm[window][-1]
    count = int(np.ceil((high - low) / knot_spacing_ppm)) + 3
    knots_ppm = low + knot_spacing_ppm * (np.arange(count) - 1)
    curves = np.stack([_bell((ppm - knot) / knot_spacing_ppm) for knot in knots_ppm])
    columns = stacked(_causal(curves)[:, window].T)
    rough = np.diff(np.eye(count), n=2, axis=0)
    precision = rough.T @ rough + RIDGE * np.eye(count)
    spread = columns @ np.linalg.inv(np.linalg.cholesky(precision)).T
    directions, sizes, _ = np.linalg.svd(spread, full_matrices=False)
    return Baseline(directions, sizes**2 * len(columns) / np.sum(sizes**2))


def stacked(spectrum: AnyArray) -> FloatArray:
    """Return real parts over imaginary parts along the first axis."""
    return np.concatenate([spectrum.real, spectrum.imag])


def complex_of(values: FloatArray) -> AnyArray:
    """Undo :func:`stacked`."""
    half = len(values) // 2
    return values[:half] + 1j * values[half:]


def _bell(x: FloatArray) -> FloatArray:
    """Return the cubic B-spline on knots at the whole numbers, its middle at 0."""
    distance = np.abs(x)
    inner = 2 / 3 - distance**2 + distance**3 / 2
    outer = (2 - distance) ** 3 / 6
    return np.where(distance < 1, inner, np.where(distance < 2, outer, 0.0))


def _causal(curves: FloatArray) -> AnyArray:
    """Return the spectra (..., points) of decays that begin at time 0 and whose real parts are ``curves``."""
    points = curves.shape[-1]
    decays = np.fft.ifft(np.fft.ifftshift(curves, axes=-1), axis=-1)
    decays[..., 1 : points // 2] *= 2
    decays[..., points // 2 :] = 0
    return np.fft.fftshift(np.fft.fft(decays, axis=-1), axes=-1)
