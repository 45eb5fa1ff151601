"""Spectra of the scene in files, the same that the library writes, with the decays beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Volume
from brachyresponse.scene.plan_exports import writable_folder
from brachyresponse.scene.spectroscopy_data import read_data
from brachyresponse.scene.spectroscopy_maps import ratio_map_nodes
from brachyresponse.scene.spectroscopy_records import need_record
from brachyresponse.scene.spectroscopy_staleness import stale_spectra_reason
from brachyresponse.scene.volumes import read_image
from brachyresponse.spectroscopy.reading import write_nifti_mrs
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study import ratio_facts
from brachyresponse.spectroscopy.study.files import write_record_files

DECAYS = "spectra.nii.gz"


def export_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode, folder: str | Path) -> list[Path]:
    """Write what was measured into a folder and return the files.

    ``spectroscopy.json``, tables as CSV, maps of a grid as NRRD, and the combined decays as ``spectra.nii.gz``.

    Raises
    ------
    SpectroscopyError
        The spectra were not fitted, or something was changed since.
    InputFileError
        A file cannot be written.
    """
    record, reason = need_record(spectra_node), stale_spectra_reason(spectra_node)
    if reason:
        raise SpectroscopyError(f"What was measured is out of date ({reason}): fit again, then write the files.")
    nodes = ratio_map_nodes(spectra_node)
    images = {name: read_image(node, "ratio map") for name, node in nodes.items()}
    maps = {
        name: Volume(ratio_facts()[name].label, np.asarray(values), grid, "1")
        for name, (values, grid) in images.items()
    }
    files = write_record_files(record, maps, writable_folder(folder))
    data = read_data(spectra_node)
    return [*files, write_nifti_mrs(data, Path(folder) / DECAYS)] if isinstance(data, Spectra) else [*files]
