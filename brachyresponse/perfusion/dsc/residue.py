"""Deconvolution of a tissue curve by an arterial one: the residue function, scaled by the flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, Float32Array, FloatArray, IntArray

FINER = 4
"""The residue is evaluated at so many points a frame: its peak lies between frames in general."""
BETWEEN = 2
"""The same, for its oscillation."""
INDEX_STEP_S = 1.0
"""The frame time at which the oscillation index is that of Wu 2003."""
HOPELESS = 4.0
"""Times the limit: with more frequencies no residue comes back from here."""


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
        between the frames, so that the step up at the arrival counts the same at any delay. The frequencies are added
        one by one, the strongest first, to all voxels at once.
        """
        count = len(coefficients)
        residue = np.zeros((BETWEEN * self.length, count), np.float32)
        bending, term = np.zeros_like(residue), np.empty_like(residue)
        ones, kept = np.ones(len(residue), np.float32), np.ones(count, np.int64)
        limit = np.float32(oscillation_limit * len(residue) * (self.step_s / INDEX_STEP_S) ** 2)
        for number, frequency in enumerate(self.order, start=1):
            waves, bend = self._waves(int(frequency))
            parts = np.stack([coefficients[:, frequency].real, coefficients[:, frequency].imag])
            np.matmul(waves, parts, out=term)
            residue += term
            bending += np.multiply(term, bend, out=term)
            oscillation = ones @ np.abs(bending, out=term)
            allowed = limit * residue.max(axis=0)
            kept[oscillation < allowed] = number
            if ((allowed > 0) & (oscillation > HOPELESS * allowed)).all():
                break
        return kept

    def residues(self, coefficients: AnyArray, kept: IntArray | int) -> Float32Array:
        """Return the residues, 1/s, at ``FINER`` points a frame, (N, FINER L), with the strongest ``kept`` frequencies.

        The second half of the circle are negative times: the tissue before the artery.
        """
        import scipy.fft

        rank = np.empty(len(self.order), np.int64)
        rank[self.order] = np.arange(len(self.order))
        chosen = np.where(rank < np.reshape(kept, (-1, 1)), coefficients, np.complex64(0))
        fine: Float32Array = scipy.fft.irfft(chosen, FINER * self.length, axis=-1)
        return fine * np.float32(FINER)

    def _waves(self, frequency: int) -> tuple[Float32Array, np.float32]:
        """Return cosine and minus sine of a frequency, scaled as an inverse transform, and what bending does to them.

        They are (BETWEEN L, 2). The second difference of a wave over one frame is the wave times 2 cos(turn) - 2.
        """
        turn = 2 * np.pi * frequency / self.length
        twice = 1 if frequency in (0, self.length // 2) else 2
        angle = turn / BETWEEN * np.arange(BETWEEN * self.length)
        waves = np.stack([np.cos(angle), -np.sin(angle)], axis=1) * (twice / self.length)
        return waves.astype(np.float32), np.float32(2 * np.cos(turn) - 2)


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
