"""The curve at the crosshair."""

from __future__ import annotations

import numpy as np
import slicer
from numpy.typing import ArrayLike

from brachyresponse.geometry import Grid
from brachyresponse.perfusion.study import CurveRole, JudgedStudy, StudyCurve
from brachyresponse.scene.perfusion_curves import CROSSHAIR, write_place
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_studies import read_study_series
from brachyresponse.scene.perfusion_times import read_times

MEASURE_FIRST = "The signal as it was scanned: measure the study to see concentration and fit."


def show_curve_at(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy | None, position_ras: ArrayLike
) -> StudyCurve | None:
    """Return the curve of the voxel at a position with its fit, and show it in the chart of the study.

    Before the study was measured it is the signal. None where the position lies outside the series, where the times
    are not known, or where the study was measured in an earlier session; the chart then stays.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        There is no such study, or its series cannot be read.
    """
    if judged is None:
        curve = _signal_at(perfusion_node, position_ras)
    else:
        voxel = _voxel_at(judged.study.request.series.grid, position_ras)
        curve = None if voxel is None else judged.study.fitted_curve(voxel)
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
    i, j, k = (int(index) for index in np.rint(grid.to_ijk(np.asarray(position_ras, float))))
    inside = all(0 <= index < size for index, size in zip((k, j, i), grid.shape_kji, strict=True))
    return (k, j, i) if inside else None
