"""BED and EQD2 of every voxel of a dose volume."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from brachyresponse.dose.biology.bounds import Extent, bed_at, eqd2_at
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.tissue import TissueBiology
from brachyresponse.errors import DoseError
from brachyresponse.geometry.volume import Volume
from brachyresponse.types import AnyArray, FloatArray


def bed_volume(dose: Volume, exposure: Exposure, tissue: TissueBiology, extent: Extent = Extent.MID) -> Volume:
    """Return the BED of every voxel, Gy, float32 on the dose's grid, as if all of it were of one tissue.

    Parameters
    ----------
    dose
        Of the implant by its end, Gy; the dose rate that falls is each voxel's own.
    exposure
        How it falls and when it ends.
    tissue
        Of every voxel.
    extent
        The likely BED, or the least or greatest over the ranges of the tissue's parameters.

    Raises
    ------
    DoseError
        The volume is not in Gy, or holds a value that is negative or not finite.
    """
    values = _by_slices(dose, lambda part: bed_at(extent, part, exposure, tissue))
    return Volume(f"BED, {tissue.label} ({extent})", values, dose.grid, "Gy")


def eqd2_volume(dose: Volume, exposure: Exposure, tissue: TissueBiology, extent: Extent = Extent.MID) -> Volume:
    """Return the EQD2 of every voxel, Gy, as :func:`bed_volume`.

    Raises
    ------
    DoseError
        As :func:`bed_volume`.
    """
    values = _by_slices(dose, lambda part: eqd2_at(extent, part, exposure, tissue))
    return Volume(f"EQD2, {tissue.label} ({extent})", values, dose.grid, "Gy")


def check_dose(dose: Volume) -> None:
    """Refuse a volume that cannot be a dose.

    Raises
    ------
    DoseError
        The volume is not in Gy, or holds a value that is negative or not finite.
    """
    if dose.unit not in ("", "Gy"):
        raise DoseError(f"Volume {dose.name!r} is in {dose.unit}, expected a dose in Gy.")
    lowest, highest = float(dose.values.min()), float(dose.values.max())
    if not (np.isfinite(lowest) and np.isfinite(highest) and lowest >= 0):
        raise DoseError(
            f"Dose {dose.name!r} holds values from {lowest:g} to {highest:g} Gy: expected 0 or more and no gaps."
        )


def _by_slices(dose: Volume, value: Callable[[AnyArray], FloatArray]) -> AnyArray:
    """Go slice by slice: the formula's intermediate arrays are many."""
    check_dose(dose)
    return np.stack([value(part).astype(np.float32) for part in dose.values])
