"""Spectra and metabolite tables from files, and back."""

from brachyresponse.spectroscopy.reading.nifti_mrs import read_nifti_mrs
from brachyresponse.spectroscopy.reading.read import read_spectra
from brachyresponse.spectroscopy.reading.writing import write_nifti_mrs

__all__ = ["read_nifti_mrs", "read_spectra", "write_nifti_mrs"]
