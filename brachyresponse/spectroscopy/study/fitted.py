"""Spectra fitted, one or a grid of them, with all that is said of each voxel."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.progress import Report
from brachyresponse.spectroscopy.fitting import FitSettings, SpectrumFit, grid_fit
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study.record import RatioEntry
from brachyresponse.spectroscopy.study.values import VoxelValues, values_of_fit
from brachyresponse.spectroscopy.vocabulary import RatioName

Voxel = tuple[int, int, int]


def fit_all(
    spectra: Spectra, settings: FitSettings | None, report: Report
) -> tuple[SpectrumFit | None, dict[Voxel, VoxelValues]]:
    """Return the fit of a single voxel, and the values of every voxel that holds a decay.

    Raises
    ------
    SpectroscopyError
        No voxel holds a decay, or none can be fitted at all.
    """
    filled = grid_fit.filled_voxels(spectra)
    if not filled.any():
        raise SpectroscopyError(f"All voxels of {spectra.name!r} are empty: export the spectra again.")
    if filled.size == 1:
        fit = fit_voxel(spectra, (0, 0, 0), settings)
        return fit, {(0, 0, 0): values_of_fit(fit)}
    places = [(int(k), int(j), int(i)) for k, j, i in np.argwhere(filled)]
    fits = grid_fit.fit_voxels(spectra, places, settings, report)
    values = {(i, j, k): _values(found) for (k, j, i), found in fits}
    if not any(each.metabolites for each in values.values()):
        first = next(iter(values.values())).reasons[0]
        raise SpectroscopyError(f"None of the {len(values)} voxels of {spectra.name!r} can be fitted. {first}")
    return None, values


def _values(found: SpectrumFit | SpectroscopyError) -> VoxelValues:
    """One of a grid; where it cannot be fitted the others still can."""
    if isinstance(found, SpectrumFit):
        return values_of_fit(found)
    reason = str(found)
    ratios = tuple(RatioEntry(name, None, None, None, (reason,)) for name in RatioName)
    return VoxelValues(False, (reason,), None, None, (), ratios)


def fit_voxel(spectra: Spectra, voxel: Voxel, settings: FitSettings | None = None) -> SpectrumFit:
    """Return the fit of one voxel, index (i, j, k)."""
    i, j, k = voxel
    return grid_fit.fit_voxel(spectra, (k, j, i), settings)
