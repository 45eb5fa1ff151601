"""The midsagittal plane, found from the symmetry of the head in an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Volume
from brachyresponse.lesions.symmetry import SymmetryImage
from brachyresponse.types import FloatArray, frozen_array

LEAST_SYMMETRY = 0.3
"""Correlation between the head and its mirror image below which no plane is believed."""


@dataclass(frozen=True, eq=False)
class SagittalPlane:
    """The plane between the two halves of the head.

    Parameters
    ----------
    point_mm
        (3,) RAS: the point of the plane nearest to the middle of the head.
    normal
        (3,) of length 1, to the patient's right.
    confidence
        Correlation of the head with its mirror image, up to 1.
    """

    point_mm: FloatArray
    normal: FloatArray
    confidence: float = 1.0

    def __post_init__(self) -> None:
        normal = np.asarray(self.normal, float)
        length = float(np.linalg.norm(normal))
        if normal.shape != (3,) or not np.isfinite(length) or length == 0:
            raise ImageError(f"A plane's normal has three numbers, not all 0, found {self.normal}: give a direction.")
        object.__setattr__(self, "normal", frozen_array(normal / length, np.float64))
        object.__setattr__(self, "point_mm", frozen_array(self.point_mm, np.float64))

    def distance_mm(self, points_mm: ArrayLike) -> FloatArray:
        """Return the signed distance of points (..., 3) from the plane, positive on the right, (...,)."""
        result: FloatArray = (np.asarray(points_mm, float) - self.point_mm) @ self.normal
        return result

    def mirror(self, points_mm: ArrayLike) -> FloatArray:
        """Return points (..., 3) mirrored to the other side."""
        points = np.asarray(points_mm, float)
        result: FloatArray = points - 2 * self.distance_mm(points)[..., None] * self.normal
        return result


def midsagittal_plane(image: Volume) -> SagittalPlane:
    """Find the midsagittal plane of a head, turned up to 30 degrees, on a grid of any orientation.

    The head is compared with its mirror image on voxels of 4 mm, evened out over 20 mm, first for a lattice of planes,
    then finer. A lesion on one side weighs little: differences count up to a limit only.

    Parameters
    ----------
    image
        Head MRI of any contrast.

    Raises
    ------
    ImageError
        The image shows too little of a head, or nothing symmetric.
    """
    symmetry = SymmetryImage.of(image)
    angles_deg, offset_mm = symmetry.best_plane()
    normal = symmetry.normal(angles_deg)
    confidence = symmetry.correlation(angles_deg, offset_mm)
    if confidence < LEAST_SYMMETRY:
        raise ImageError(
            f"{image.name!r} has no plane of symmetry (best correlation {confidence:.2f}, at least "
            f"{LEAST_SYMMETRY:g} expected): place the white matter by hand."
        )
    return SagittalPlane(symmetry.centre_mm + offset_mm * normal, normal, confidence)
