"""Receiver coils brought together: each with a weight that brings it into phase and trusts it by its noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

NOISE_BAND = (0.30, 0.48)
"""Frequencies, in parts of the spectral width above the transmitter, that hold no line of protons in tissue."""
SAMPLES_A_COIL = 4
"""So many points of noise a coil are needed before the coils' noise is taken as related."""


@dataclass(frozen=True, eq=False)
class CoilWeights:
    """Weights of the coils in every voxel.

    Parameters
    ----------
    weights
        Complex, [k, j, i, coil]; of a voxel the decays are multiplied with them and added. The noise is then 1.
    sentence
        How they were found.
    """

    weights: AnyArray
    sentence: str


def weights_by_water(fid: AnyArray, water: AnyArray) -> CoilWeights:
    """Return weights from a water reference: its first points, phases turned back, over the noise of each coil.

    Parameters
    ----------
    fid, water
        Complex, [k, j, i, point, coil, average].

    References
    ----------
    Roemer et al. 1990, Magn Reson Med 16:192 (weights by sensitivity over noise); Hall et al. 2014, NeuroImage 86:35.
    """
    first = water[..., :5, :, :].mean(axis=(3, 5))  # the strongest points, (k, j, i, coil)
    whiten = whitening(fid)
    sensitivity = first @ whiten.T
    weights = _normalised(sensitivity.conj()) @ whiten
    return CoilWeights(weights, f"{fid.shape[4]} coils were combined by the water reference, weighted by their noise.")


def weights_by_signal(fid: AnyArray) -> CoilWeights:
    """Return weights by the spectra themselves: of the whitened decays, the pattern over coils with most signal.

    Averages may drift: the pattern does not see phase or frequency.

    References
    ----------
    Rodgers and Robson 2010, Magn Reson Med 63:881 (whitened singular value decomposition).
    """
    whiten = whitening(fid)
    early = fid[..., : max(fid.shape[3] // 4, 1), :, :]  # where there is signal
    weights = np.empty((*fid.shape[:3], fid.shape[4]), complex)
    for voxel in np.ndindex(fid.shape[:3]):
        whitened = np.einsum("ab,pbd->apd", whiten, early[voxel]).reshape(fid.shape[4], -1)
        covariance = whitened @ whitened.conj().T
        pattern = np.linalg.eigh(covariance)[1][:, -1]
        pattern = pattern * np.exp(-1j * np.angle(pattern[np.argmax(np.abs(pattern))]))  # phase of the best coil
        weights[voxel] = pattern.conj() @ whiten
    return CoilWeights(
        weights, f"{fid.shape[4]} coils were combined by the strongest common signal (whitened decomposition)."
    )


def whitening(fid: AnyArray) -> FloatArray:
    """Return the matrix (coil, coil) that makes the coils' noise independent and of size 1.

    From frequencies without lines; where these are too few for it, from each coil's own noise. The decays are seen
    through a window that is 0 at both ends: otherwise the feet of the lines would be taken for noise.
    """
    points, coils = fid.shape[3], fid.shape[4]
    band = np.fft.fftfreq(points)
    window = np.sin(np.pi * (np.arange(points) + 0.5) / points) ** 2
    is_empty = (band > NOISE_BAND[0]) & (band < NOISE_BAND[1])
    spectra = np.fft.fft(fid * window[:, None, None], axis=3)[..., is_empty, :, :]
    noise = np.moveaxis(spectra, 4, 0).reshape(coils, -1) / np.linalg.norm(window)
    covariance = noise @ noise.conj().T / max(noise.shape[1], 1)
    scale = np.sqrt(np.abs(np.diag(covariance)))
    is_alive = scale > 0
    if not is_alive.any():
        return np.eye(coils)  # simulated without noise: all coils as good
    scale = np.where(is_alive, scale, scale[is_alive].mean())  # of a dead coil any: it has no signal either
    covariance = covariance + np.diag(np.where(is_alive, 0.0, scale**2))
    if noise.shape[1] < SAMPLES_A_COIL * coils:
        return np.diag(1 / scale)
    lower = np.linalg.cholesky(covariance + 1e-9 * np.diag(scale**2))
    whiten: FloatArray = np.linalg.inv(lower)
    return whiten


def apply_weights(fid: AnyArray, weights: AnyArray) -> AnyArray:
    """Return the decays of all coils as one, [k, j, i, point, average]."""
    combined: AnyArray = np.einsum("kjipca,kjic->kjipa", fid, weights)
    return combined


def _normalised(weights: AnyArray) -> AnyArray:
    length = np.linalg.norm(weights, axis=-1, keepdims=True)
    return weights / np.where(length > 0, length, 1)
