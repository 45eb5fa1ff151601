"""Deconvolution of a tissue curve by an arterial one: the residue function, scaled by the flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray, IntArray

FINER = 4
"""The residue is evaluated at so many points a frame: its peak lies between frames in general."""
BETWEEN = 2
"""The same, for its oscillation."""
INDEX_STEP_S = 1.0
"""The frame time at which the oscillation index is that of Wu 2003."""
RIPPLE = 4
"""The index may rise above the limit and fall below it again within so many frequencies."""


@dataclass(frozen=True, eq=False)
class CircularDeconvolution:
    """Block-circulant deconvolution (Wu 2003), which a delay between artery and tissue does not disturb.

    A circulant matrix is diagonal in Fourier space: its singular values are the magnitudes of the spectrum of the
    arterial curve, and its pseudo-inverse is a division.

    Parameters
    ----------
    step_s
        Of the curves.
    length
        L = 2 T: the curves are padded with zeros, so that nothing wraps round in time.
    spectrum
        (L/2 + 1,) of the arterial curve times the time step, s times its unit.
    order
        Frequencies by falling singular value.
    """

    step_s: float
    length: int
    spectrum: AnyArray
    order: IntArray

    @classmethod
    def of(cls, aif: FloatArray, step_s: float) -> CircularDeconvolution:
        """Return the deconvolution by an arterial curve (T,) of an even time step.

        The curve is smoothed as (a[k-1] + 4 a[k] + a[k+1]) / 6, which makes the sum an integral of piecewise linear
        curves (Ostergaard 1996); on a circle that is a factor of its spectrum.
        """
        length = 2 * len(aif)
        turn = 2 * np.pi * np.arange(length // 2 + 1) / length
        spectrum = np.fft.rfft(aif, length) * step_s * (4 + 2 * np.cos(turn)) / 6
        return cls(step_s, length, spectrum, np.argsort(-np.abs(spectrum), kind="stable"))

    def coefficients(self, tissue: Float32Array) -> AnyArray:
        """Return the spectra of the residues of curves (N, T), nothing cut off: (N, L/2 + 1), complex64."""
        import scipy.fft

        usable = np.where(self.spectrum == 0, np.inf, self.spectrum)
        spectra: AnyArray = scipy.fft.rfft(tissue, self.length, axis=-1)
        return spectra * (1 / usable).astype(np.complex64)

    def count_above(self, cutoff: float) -> int:
        """Return how many frequencies have a singular value of at least a share ``cutoff`` of the largest."""
        magnitudes = np.abs(self.spectrum)
        return int(np.count_nonzero(magnitudes >= cutoff * magnitudes.max()))

    def steadiest_count(self, coefficients: AnyArray, oscillation_limit: float) -> IntArray:
        """Return how many frequencies each voxel may keep, (N,), before its residue oscillates.

        The most for which the oscillation index of Wu 2003,

            OI = (1 / L) (1 / max f) sum_k |f(k) - 2 f(k-1) + f(k-2)| * (1 s / step)^2,

        is below the limit. The last factor is ours: a second difference grows with the square of its step, and with
        it one limit means the same roughness at every frame time. The sum runs round the circle and over points
        between the frames, so that the step up at the arrival counts the same at any delay.

        All voxels at once by bisection, for the index rises with the frequencies; then over its ripples, as long as
        a few more frequencies bring it below the limit again.
        """
        limit = oscillation_limit * (self.step_s / INDEX_STEP_S) ** 2
        most = len(self.order)
        kept, beyond = np.ones(len(coefficients), np.int64), np.full(len(coefficients), most + 1)
        while (beyond - kept > 1).any():
            tried = (kept + beyond) // 2
            is_steady = self._is_steady(coefficients, tried, limit)
            kept, beyond = np.where(is_steady, tried, kept), np.where(is_steady, beyond, tried)
        tried = beyond
        while ((tried := tried + 1) <= np.minimum(kept + RIPPLE, most)).any():
            is_steady = (tried <= most) & self._is_steady(coefficients, tried, limit)
            kept = np.where(is_steady, tried, kept)
        return kept

    def _is_steady(self, coefficients: AnyArray, kept: IntArray, limit: float) -> BoolArray:
        """Return whose oscillation index is below a limit, (N,)."""
        residues = self.residues(coefficients, kept, BETWEEN)
        around = np.concatenate([residues, residues[:, : 2 * BETWEEN]], axis=1)
        bending = residues - 2 * around[:, BETWEEN:-BETWEEN] + around[:, 2 * BETWEEN :]
        return np.asarray(np.abs(bending, out=bending).mean(axis=1) < limit * residues.max(axis=1))

    def residues(self, coefficients: AnyArray, kept: IntArray | int, points: int = FINER) -> Float32Array:
        """Return the residues, 1/s, at some points a frame, (N, points L), with the strongest ``kept`` frequencies.

        The second half of the circle are negative times: the tissue before the artery.
        """
        import scipy.fft

        rank = np.empty(len(self.order), np.int64)
        rank[self.order] = np.arange(len(self.order))
        chosen = np.where(rank < np.reshape(kept, (-1, 1)), coefficients, np.complex64(0))
        chosen[:, -1] /= 2  # the highest frequency of L points stands for plus and minus, which more points tell apart
        fine: Float32Array = scipy.fft.irfft(chosen, points * self.length, axis=-1, overwrite_x=True)
        fine *= np.float32(points)
        return fine


def causal_inverse(aif: FloatArray, step_s: float, cutoff: float) -> Float32Array:
    """Return the pseudo-inverse (T, T) of the convolution with an arterial curve from time 0 on (Ostergaard 1996).

    Singular values below ``cutoff`` times the largest are left out. Tissue that the bolus reaches before the artery
    cannot be described by it: the flow then depends on the delay.
    """
    from scipy.linalg import toeplitz

    padded = np.concatenate([[0.0], aif, [0.0]])
    smooth = (padded[:-2] + 4 * padded[1:-1] + padded[2:]) / 6
    left, singular, right = np.linalg.svd(step_s * toeplitz(smooth, np.zeros(len(aif))))
    inverse = np.divide(1, singular, out=np.zeros_like(singular), where=singular >= cutoff * singular[0])
    pseudo_inverse: Float32Array = ((right.T * inverse) @ left.T).astype(np.float32)
    return pseudo_inverse
