"""One number for a dose that varies within a structure: the uniform BED of equal cell kill, the generalised mean."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import DoseError
from brachyresponse.types import AnyArray, FloatArray


def equivalent_uniform_bed(bed_gy: ArrayLike, volume_cc: ArrayLike, *, alpha_per_gy: float) -> float:
    """Return the BED, Gy, that given everywhere kills as many cells: ``-(1/alpha) ln mean exp(-alpha BED)``.

    The mean is over the volume; the exponent is taken from the least BED up, so that nothing underflows.

    Raises
    ------
    DoseError
        The arrays do not go together, or alpha is not positive.
    """
    bed, share = _checked(bed_gy, volume_cc)
    if not (isfinite(alpha_per_gy) and alpha_per_gy > 0):
        raise DoseError(f"The alpha is {alpha_per_gy:g} /Gy: give a positive number.")
    least = bed[share > 0].min()
    return float(least - np.log(share @ np.exp(-alpha_per_gy * (bed - least).clip(0))) / alpha_per_gy)


def generalised_eud(dose_gy: ArrayLike, volume_cc: ArrayLike, *, exponent: float) -> float:
    """Return the generalised equivalent uniform dose, Gy: ``(mean dose^a)^(1/a)``, the mean over the volume.

    Large a leans to the hottest part, negative a to the coldest, 1 is the mean dose; 0 where a < 0 and a part of the
    volume has no dose. Doses are taken relative to the largest (or, for a < 0, the smallest), so nothing overflows.

    Raises
    ------
    DoseError
        The arrays do not go together, a dose is negative, or the exponent is 0 or not finite.

    References
    ----------
    Niemierko 1999, Med. Phys. 26:1100 (abstract).
    """
    dose, share = _checked(dose_gy, volume_cc)
    if not (isfinite(exponent) and exponent != 0):
        raise DoseError(f"The exponent of gEUD is {exponent:g}: give a finite number other than 0.")
    filled = dose[share > 0]
    if filled.min() < 0:
        raise DoseError(f"The dose goes down to {filled.min():g} Gy: expected 0 or more.")
    reference = filled.max() if exponent > 0 else filled.min()
    if reference == 0:
        return 0.0
    return float(reference * (share[share > 0] @ (filled / reference) ** exponent) ** (1 / exponent))


def _checked(values: ArrayLike, volume_cc: ArrayLike) -> tuple[AnyArray, FloatArray]:
    """Return the values and the share of the volume of each."""
    value, volume = np.asarray(values, float), np.asarray(volume_cc, float)
    if value.shape != volume.shape or value.ndim != 1 or not volume.sum() > 0 or volume.min() < 0:
        raise DoseError(
            f"{value.size} doses and {volume.size} volumes: give one volume for each dose, none negative, some above 0."
        )
    return value, volume / volume.sum()
