"""Spectroscopy in files: a study, or a single voxel's spectra or metabolite table that is measured on reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from brachyresponse.spectroscopy.study.record import SpectroscopyRecord
from brachyresponse.spectroscopy.study.record_file import read_spectroscopy_record

TABLE, SPECTRA = ".csv", (".nii", ".nii.gz")


def read_spectroscopy(path: Path, lesion: str, visit: date, patient_id: str = "") -> SpectroscopyRecord:
    """Return the study of a file, or of the folder of one.

    Spectra (NIfTI-MRS) and metabolite tables (CSV) of a single voxel are taken to be of the lesion that names them, of
    the day of its visit; where a voxel lies in a lesion is told by a study of its own (``spectroscopy.json``).

    Raises
    ------
    InputFileError
        The file cannot be read.
    SpectroscopyError
        The spectra cannot be fitted, or they are of several voxels, of which nobody says which lesion they are of.
    """
    name = path.name.lower()
    if name.endswith(TABLE) or name.endswith(SPECTRA):
        return _measured(path, lesion, visit, patient_id)
    return read_spectroscopy_record(path)


def _measured(path: Path, lesion: str, visit: date, patient_id: str) -> SpectroscopyRecord:
    from brachyresponse.spectroscopy.reading import read_metabolite_table, read_spectra
    from brachyresponse.spectroscopy.study import SpectroscopyRequest, measure_spectroscopy

    spectra = read_metabolite_table(path) if path.name.lower().endswith(TABLE) else read_spectra(path)
    request = SpectroscopyRequest(spectra, assigned_lesion=lesion, patient_id=patient_id, scan_date=visit)
    return measure_spectroscopy(request).record
