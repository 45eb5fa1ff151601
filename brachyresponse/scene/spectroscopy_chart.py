"""A spectrum with its fit as a table and a chart, which are read without the module.

Chemical shift runs from right to left, as the field draws it: the range of the chart's axis is given with its higher
end first, which VTK's axes draw so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.errors import SpectroscopyError
from brachyresponse.scene.nodes import modify
from brachyresponse.scene.perfusion_plots import LEGEND_POINTS, add_series, fill_columns
from brachyresponse.scene.spectroscopy_data import read_decays
from brachyresponse.scene.spectroscopy_fields import SpectraField, spectra_text
from brachyresponse.scene.spectroscopy_parts import (
    SpectraRole,
    own_spectra_node,
    set_spectra_parts,
    spectra_parts,
)
from brachyresponse.scene.spectroscopy_voxel import Voxel
from brachyresponse.spectroscopy.fitting import SpectrumFit
from brachyresponse.spectroscopy.study import fit_voxel
from brachyresponse.spectroscopy.voxels.shares import check_voxel
from brachyresponse.types import FloatArray

PPM, PPM_UNIT = "chemical shift (ppm)", "ppm"
MEASURED, FITTED, BASELINE, RESIDUAL = "spectrum", "fit", "baseline", "residual"
SHOWN_PPM = (4.2, -1.0)
"""Left and right end of the axis: right of the spectra there is room for the legend, which lies in that corner."""
LIFT = 0.08
"""Of the height of the spectrum: so far below it the residual is drawn, and each metabolite below that."""
Colour = tuple[float, float, float]
COLOURS: dict[str, Colour] = {
    MEASURED: (0.11, 0.15, 0.20),
    FITTED: (0.80, 0.20, 0.25),
    BASELINE: (0.48, 0.53, 0.60),
    RESIDUAL: (0.34, 0.56, 0.83),
}
COMPONENT_COLOURS: tuple[Colour, ...] = (
    (0.00, 0.45, 0.70), (0.00, 0.62, 0.45), (0.84, 0.60, 0.00), (0.48, 0.31, 0.64),
    (0.80, 0.20, 0.45), (0.55, 0.35, 0.20), (0.20, 0.55, 0.60), (0.75, 0.31, 0.00),
)  # fmt: skip


DRAWN = ", as drawn"
"""Ends the name of a column whose values are moved down, so that its line covers no other."""


@dataclass(frozen=True, eq=False)
class SpectrumCurve:
    """A line of the chart: its values, and where it is drawn."""

    name: str
    values: FloatArray
    colour: Colour
    drawn: FloatArray | None = None

    @property
    def column(self) -> str:
        """The column that is drawn."""
        return self.name if self.drawn is None else self.name + DRAWN

    @property
    def columns(self) -> dict[str, FloatArray]:
        """The columns of the table by name."""
        values = {self.name: self.values}
        return values if self.drawn is None else {**values, self.column: self.drawn}


def write_spectrum(
    spectra_node: slicer.vtkMRMLScriptedModuleNode, voxel: Voxel, fit: SpectrumFit
) -> slicer.vtkMRMLPlotChartNode:
    """Write a fitted spectrum as a table and a chart, in place, and return the chart."""
    curves = list(_curves(fit))
    table = own_spectra_node(spectra_node, SpectraRole.CHART_TABLE, "vtkMRMLTableNode", "spectrum")
    columns = {name: values for curve in curves for name, values in curve.columns.items()}
    fill_columns(table, {PPM: fit.ppm, **columns}, {PPM: PPM_UNIT})
    table.SetDescription(_title(spectra_node, voxel, fit))
    series = _series(spectra_node, table, curves)
    chart = own_spectra_node(spectra_node, SpectraRole.CHART, "vtkMRMLPlotChartNode", "spectrum chart")
    with modify(chart):
        chart.SetTitle(_title(spectra_node, voxel, fit))
        chart.SetXAxisTitle(PPM)
        chart.SetYAxisTitle("signal (not calibrated)")
        chart.SetLegendFontSize(LEGEND_POINTS)
        chart.SetXAxisRangeAuto(False)
        chart.SetXAxisRange(*SHOWN_PPM)
        chart.RemoveAllPlotSeriesNodeIDs()
        for each in series:
            chart.AddAndObservePlotSeriesNodeID(each.GetID())
    return chart


def write_spectrum_of(spectra_node: slicer.vtkMRMLScriptedModuleNode, voxel: Voxel) -> slicer.vtkMRMLPlotChartNode:
    """Fit one voxel and write its spectrum, and return the chart.

    Raises
    ------
    SpectroscopyError
        There is no such voxel, no spectra, or the voxel cannot be fitted.
    """
    spectra = read_decays(spectra_node)
    check_voxel(spectra.grid, voxel)
    if not (spectra.fid[voxel[::-1]] != 0).any():
        raise SpectroscopyError(f"Voxel {voxel} of {spectra_node.GetName()!r} is empty: choose one with a spectrum.")
    return write_spectrum(spectra_node, voxel, fit_voxel(spectra, voxel))


def remove_spectrum(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Remove the chart of spectra, with its table."""
    for role in (SpectraRole.CHART, SpectraRole.CHART_SERIES, SpectraRole.CHART_TABLE):
        set_spectra_parts(spectra_node, role, [])


def _curves(fit: SpectrumFit) -> Iterator[SpectrumCurve]:
    """The spectrum over its fit; below them the residual, and below that each metabolite."""
    measured, baseline = np.real(fit.spectrum), np.real(fit.baseline)
    height = float(np.ptp(measured)) or 1.0
    floor = float(min(measured.min(), np.real(fit.fitted).min(), 0.0)) - LIFT * height
    yield SpectrumCurve(MEASURED, measured, COLOURS[MEASURED])
    yield SpectrumCurve(FITTED, np.real(fit.fitted), COLOURS[FITTED])
    yield SpectrumCurve(BASELINE, baseline, COLOURS[BASELINE])
    residual = np.real(fit.residual)
    yield SpectrumCurve(RESIDUAL, residual, COLOURS[RESIDUAL], _below(residual, floor))
    floor -= float(np.ptp(residual)) + LIFT * height
    for number, (name, component) in enumerate(fit.components.items()):
        values, colour = np.real(component), COMPONENT_COLOURS[number % len(COMPONENT_COLOURS)]
        yield SpectrumCurve(str(name), values, colour, _below(values, floor))
        floor -= float(np.ptp(values)) + LIFT * height


def _below(values: FloatArray, floor: float) -> FloatArray:
    """Values moved down, so that none lies above a level."""
    return np.asarray(values - values.max() + floor, float)


def _title(spectra_node: slicer.vtkMRMLScriptedModuleNode, voxel: Voxel, fit: SpectrumFit) -> str:
    series, data = spectra_text(spectra_node, SpectraField.SERIES), read_decays(spectra_node)
    where = "" if data.fid[..., 0].size == 1 else f", voxel {' '.join(map(str, voxel))}"
    return f"{series}{where}, TE {data.echo_time_ms:g} ms, SNR {fit.snr:.0f}, line width {fit.line_width_hz:.1f} Hz"


def _series(
    spectra_node: slicer.vtkMRMLScriptedModuleNode, table: slicer.vtkMRMLTableNode, curves: list[SpectrumCurve]
) -> list[slicer.vtkMRMLPlotSeriesNode]:
    """The lines of the curves, those of before where they are the same."""
    series = spectra_parts(spectra_node, SpectraRole.CHART_SERIES)
    if [each.GetYColumnName() for each in series] != [curve.column for curve in curves]:
        series = [add_series(table, curve.name, PPM, curve.column) for curve in curves]
        set_spectra_parts(spectra_node, SpectraRole.CHART_SERIES, series)
    for each, curve in zip(series, curves, strict=True):
        each.SetAndObserveTableNodeID(table.GetID())
        each.SetColor(*curve.colour)
    return series
