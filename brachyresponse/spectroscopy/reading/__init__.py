"""Spectra and metabolite tables from files, and back."""

from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable, TableValue, read_metabolite_table
from brachyresponse.spectroscopy.reading.nifti_mrs import read_nifti_mrs
from brachyresponse.spectroscopy.reading.read import read_spectra
from brachyresponse.spectroscopy.reading.writing import write_nifti_mrs

__all__ = [
    "MetaboliteTable",
    "TableValue",
    "read_metabolite_table",
    "read_nifti_mrs",
    "read_spectra",
    "write_nifti_mrs",
]
