"""The ADC map from images at two or more b values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.diffusion.adc import checked_b_values, fit_adc
from brachyresponse.diffusion.units import ADC_UNIT
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, ignore_progress

AIR_SHARE = 0.05
"""Of the signal that is high without weighting: voxels below are air, and have no ADC."""
HIGH_PERCENTILE = 98.0


def adc_from_b_values(
    images: Sequence[Volume],
    b_values_s_per_mm2: Sequence[float],
    *,
    noise_floor: float | None = None,
    report: Report = ignore_progress,
) -> Volume:
    """Return the ADC map in 1e-6 mm2/s, NaN in air and where the signal does not fall; see :func:`fit_adc`.

    Parameters
    ----------
    images
        One an image at a b value, all on one grid.
    b_values_s_per_mm2
        One an image.
    noise_floor
        Signals at or below it hold noise only and are left out.

    Raises
    ------
    DiffusionError
        There are no images, they lie on different grids, or the b values do not fit.
    """
    if not images:
        raise DiffusionError("There are no diffusion images: give at least two, at different b values.")
    first = images[0]
    for image in images[1:]:
        if image.grid != first.grid:
            raise DiffusionError(
                f"Diffusion image {image.name!r} lies on {image.grid.describe()}, {first.name!r} on "
                f"{first.grid.describe()}: give images of one series."
            )
    signal = np.stack([np.asarray(image.values, np.float32) for image in images], axis=-1)
    brightest = signal[..., int(np.argmin(checked_b_values(signal, b_values_s_per_mm2)))]
    known = brightest[np.isfinite(brightest)]
    if not known.size:
        raise DiffusionError(f"Diffusion image {first.name!r} holds no number: choose another one.")
    tissue = brightest > AIR_SHARE * float(np.percentile(known, HIGH_PERCENTILE))
    fit = fit_adc(signal[tissue], b_values_s_per_mm2, noise_floor=noise_floor, report=report)
    values = np.full(first.grid.shape_kji, np.nan, np.float32)
    values[tissue] = fit.adc_um2_per_s
    return Volume("ADC", values, first.grid, ADC_UNIT)
