"""What spoils a dynamic series: noise, drift of the receiver, and the patient's motion; all of them known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.digital_patient.painting import rotation
from brachyresponse.geometry import Grid
from brachyresponse.types import Float32Array, FloatArray

SPLINE_ORDER = 2


@dataclass(frozen=True, eq=False)
class HeadMotion:
    """Where the head lies in each frame against the first: (T, 3) mm RAS; (T, 3) degrees about the centre.

    Turns are right-handed, about x, y and z through the grid's centre.
    """

    translations_mm: FloatArray
    rotations_deg: FloatArray

    def matrix(self, frame: int, centre_mm: FloatArray) -> FloatArray:
        """Return the motion of a frame, 4x4 RAS."""
        x, y, z = self.rotations_deg[frame]
        result = np.eye(4)
        result[:3, :3] = rotation((float(x), -float(y), float(z)))  # which turns about y the other way
        result[:3, 3] = centre_mm - result[:3, :3] @ centre_mm + self.translations_mm[frame]
        return result


def small_motion(frames: int, size_mm: float, size_deg: float, random: np.random.Generator) -> HeadMotion:
    """Return a motion that settles slowly, shifts once and trembles; its largest parts are about twice the sizes."""
    at = np.linspace(0, 1, frames)[:, None]
    settling = (1 - np.exp(-3 * at)) * random.uniform(-1, 1, 6)
    shifted_at = random.uniform(0.5, 0.8)
    shift = (at > shifted_at) * random.uniform(-1, 1, 6)
    motion = settling + shift + random.normal(0, 0.1, (frames, 6))
    motion -= motion[0]
    return HeadMotion(motion[:, :3] * size_mm, motion[:, 3:] * size_deg)


def spline_coefficients(images: Float32Array) -> Float32Array:
    """Return the coefficients of quadratic splines through images (N, k, j, i); sums of them are those of sums."""
    from scipy.ndimage import spline_filter

    return np.stack([spline_filter(image, SPLINE_ORDER, np.float32, mode="nearest") for image in images])


def moved(coefficients: Float32Array, grid: Grid, motion: FloatArray) -> Float32Array:
    """Return an image after a rigid motion of the head, 4x4 RAS, from its spline coefficients [k, j, i].

    What comes in from beyond the field of view is taken to be like its border.
    """
    from scipy.ndimage import affine_transform

    ijk = grid.ras_to_ijk @ np.linalg.inv(motion) @ grid.ijk_to_ras
    turn, shift = ijk[:3, :3][::-1, ::-1], ijk[:3, 3][::-1]
    result = affine_transform(
        coefficients, turn, shift, order=SPLINE_ORDER, mode="nearest", output=np.float32, prefilter=False
    )
    positive: Float32Array = np.maximum(result, 0)
    return positive


def with_rician_noise(signal: Float32Array, noise: float, random: np.random.Generator) -> Float32Array:
    """Return the magnitude of a signal with Gaussian noise of one standard deviation in both channels."""
    real = signal + noise * random.standard_normal(signal.shape, dtype=np.float32)
    imaginary = noise * random.standard_normal(signal.shape, dtype=np.float32)
    magnitude: Float32Array = np.hypot(real, imaginary)
    return magnitude
