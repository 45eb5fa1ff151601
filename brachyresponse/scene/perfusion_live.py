"""The curve at the crosshair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.perfusion import SeriesKind
from brachyresponse.perfusion.study import CurveRole, MapName, StudyCurve
from brachyresponse.perfusion.study.refit import MeasuredBefore, curve_fitter
from brachyresponse.perfusion.study.study import CurveFitter
from brachyresponse.scene.perfusion_curves import CROSSHAIR, read_aif_values, write_place
from brachyresponse.scene.perfusion_maps import need_map
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_request import read_request
from brachyresponse.scene.perfusion_staleness import stale_perfusion_reason
from brachyresponse.scene.perfusion_studies import read_study_series
from brachyresponse.scene.perfusion_times import read_times
from brachyresponse.scene.volumes import view_image

MEASURE_FIRST = "The signal as it was scanned: measure the study to see concentration and fit."


@dataclass(frozen=True, eq=False)
class PlaceFitter:
    """What gives the curve of any voxel of a series with its fit."""

    grid: Grid
    fitter: CurveFitter

    def curve_at(self, position_ras: ArrayLike) -> StudyCurve | None:
        """Return the curve at a position; None outside the series."""
        voxel = _voxel_at(self.grid, position_ras)
        return None if voxel is None else self.fitter(np.array([voxel]), CROSSHAIR, CurveRole.PLACE)


def fitter_of_before(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PlaceFitter | None:
    """Return what gives curves with fits for a study that was measured in an earlier session; None where it is stale.

    Raises
    ------
    BrachyResponseError
        The study cannot be read any more.
    """
    if perfusion_part(perfusion_node, PerfusionRole.RECORD) is None or stale_perfusion_reason(perfusion_node):
        return None
    request, before = read_request(perfusion_node), None
    aif = read_aif_values(perfusion_node)
    if request.kind is SeriesKind.DCE and aif is not None:
        values, grid = view_image(need_map(perfusion_node, MapName.T1), "T1 map of the last run")
        before = MeasuredBefore(aif, Volume("T1", values, grid, unit="ms"))
    return PlaceFitter(request.series.grid, curve_fitter(request, before))


def show_curve_at(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, fitter: PlaceFitter | None, position_ras: ArrayLike
) -> StudyCurve | None:
    """Return the curve of the voxel at a position with its fit, and show it in the chart of the study.

    Before the study was measured it is the signal. None where the position lies outside the series, where the times
    are not known, or where there is no fitter although the study was measured; the chart then stays.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        There is no such study, or its series cannot be read.
    """
    curve = _signal_at(perfusion_node, position_ras) if fitter is None else fitter.curve_at(position_ras)
    if curve is not None:
        write_place(perfusion_node, curve)
    return curve


def _signal_at(perfusion_node: slicer.vtkMRMLScriptedModuleNode, position_ras: ArrayLike) -> StudyCurve | None:
    was_measured = perfusion_part(perfusion_node, PerfusionRole.RECORD) is not None
    if was_measured or read_times(perfusion_node).time_s is None:
        return None
    series = read_study_series(perfusion_node)
    voxel = _voxel_at(series.grid, position_ras)
    if voxel is None:
        return None
    signal = np.array([frame[voxel] for frame in series.frames], float)
    return StudyCurve(CROSSHAIR, CurveRole.PLACE, series.time_s, signal, None, "", missing=MEASURE_FIRST)


def _voxel_at(grid: Grid, position_ras: ArrayLike) -> tuple[int, int, int] | None:
    position_mm = np.asarray(position_ras)
    if position_mm.shape != (3,) or position_mm.dtype.kind not in "iuf" or not np.isfinite(position_mm).all():
        raise PerfusionError(f"A position is three numbers in mm, found {position_ras!r}: give R, A and S.")
    i, j, k = (int(index) for index in np.rint(grid.to_ijk(position_mm.astype(float))))
    inside = all(0 <= index < size for index, size in zip((k, j, i), grid.shape_kji, strict=True))
    return (k, j, i) if inside else None
