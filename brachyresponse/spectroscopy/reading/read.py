"""Spectra of a file, ready to be fitted."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.spectroscopy.combining.combine import combine
from brachyresponse.spectroscopy.reading.nifti_mrs import read_nifti_mrs
from brachyresponse.spectroscopy.spectra import Spectra


def read_spectra(
    path: str | Path,
    water_path: str | Path | None = None,
    *,
    echo_time_ms: float | None = None,
    leave_out_damaged: bool = False,
) -> Spectra:
    """Return the spectra of a NIfTI-MRS file, coils and averages combined.

    Parameters
    ----------
    water_path
        A NIfTI-MRS file without water suppression, of the same voxels.
    echo_time_ms
        Where the file does not state it.
    leave_out_damaged
        Empty voxels of a grid whose points are no numbers, instead of refusing all.

    Raises
    ------
    InputFileError, SpectroscopyError
        A file cannot be read, or :func:`combine` refuses it.
    """
    water = None if water_path is None else read_nifti_mrs(water_path)
    return combine(read_nifti_mrs(path), water, echo_time_ms=echo_time_ms, leave_out_damaged=leave_out_damaged)
