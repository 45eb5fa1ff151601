"""Fitting spectra, and writing what was found into the scene: record, tables, maps, chart."""

from __future__ import annotations

import slicer

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene.nodes import SceneError, batch
from brachyresponse.scene.spectroscopy_chart import remove_spectrum, write_spectrum, write_spectrum_of
from brachyresponse.scene.spectroscopy_data import read_data, shown_voxel
from brachyresponse.scene.spectroscopy_maps import write_ratio_maps
from brachyresponse.scene.spectroscopy_parts import SpectraRole, own_spectra_node
from brachyresponse.scene.spectroscopy_records import write_record
from brachyresponse.scene.spectroscopy_request import read_spectroscopy_request
from brachyresponse.scene.spectroscopy_staleness import mark_spectra_current, say_spectra_staleness
from brachyresponse.scene.spectroscopy_voxel import Voxel, show_voxel
from brachyresponse.scene.tables import write_table
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study import (
    SpectroscopyRecord,
    SpectroscopyStudy,
    lesion_table,
    measure_spectroscopy,
    metabolite_table,
    voxel_table,
)

TABLE = "vtkMRMLTableNode"


def fit_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode, report: Report = ignore_progress) -> SpectroscopyStudy:
    """Fit spectra, or take the amplitudes of a table, hold them against the lesions of the visit, and write all.

    Everything is read first and written last, so that an error leaves the scene as it was.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read, or the spectrum cannot be fitted at all.
    Cancelled
        The report asks for it.
    """
    study = measure_spectroscopy(read_spectroscopy_request(spectra_node), report)
    if spectra_node.GetScene() is None:
        raise SceneError("The spectra were removed while they were fitted: nothing was written.")
    with batch(spectra_node.GetScene()):
        write_record(spectra_node, study.record)
        for role, what, table in (
            (SpectraRole.METABOLITES, "metabolites", metabolite_table(study.record)),
            (SpectraRole.RATIOS, "ratios", voxel_table(study.record)),
            (SpectraRole.LESIONS, "lesion ratios", lesion_table(study.record)),
        ):
            write_table(table, own_spectra_node(spectra_node, role, TABLE, what))
        write_ratio_maps(spectra_node, study.maps)
        _write_chart(spectra_node, study)
    mark_spectra_current(spectra_node)
    say_spectra_staleness(spectra_node)
    return study


def show_spectrum(
    spectra_node: slicer.vtkMRMLScriptedModuleNode, voxel: Voxel | None = None
) -> slicer.vtkMRMLPlotChartNode:
    """Write the spectrum of a voxel with its fit, draw the voxel, and return the chart.

    Raises
    ------
    SpectroscopyError
        There is no such voxel, no spectra, or it cannot be fitted.
    """
    chosen = shown_voxel(spectra_node) if voxel is None else voxel
    with batch(spectra_node.GetScene()):
        chart = write_spectrum_of(spectra_node, chosen)
        show_voxel(spectra_node, chosen)
    return chart


def most_telling_voxel(record: SpectroscopyRecord) -> Voxel:
    """Return the voxel that holds most of a lesion, of the good ones where there are any, else of those with a fit."""
    good = [each for each in record.voxels if each.is_good]
    fitted = [each for each in record.voxels if each.snr is not None]
    candidates = good or fitted or record.voxels
    return max(candidates, key=lambda each: max((one.share or 0.0 for one in each.shares), default=0.0)).voxel


def _write_chart(spectra_node: slicer.vtkMRMLScriptedModuleNode, study: SpectroscopyStudy) -> None:
    if not isinstance(read_data(spectra_node), Spectra):
        remove_spectrum(spectra_node)
        return
    voxel = most_telling_voxel(study.record)
    if study.fit is not None:
        write_spectrum(spectra_node, voxel, study.fit)
    elif any(each.is_good for each in study.record.voxels):
        write_spectrum_of(spectra_node, voxel)
    else:
        remove_spectrum(spectra_node)
    show_voxel(spectra_node, voxel)
