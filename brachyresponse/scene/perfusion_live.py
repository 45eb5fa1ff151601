"""The curve at the crosshair."""

from __future__ import annotations

import numpy as np
import slicer
from numpy.typing import ArrayLike

from brachyresponse.perfusion.study import StudyCurve
from brachyresponse.perfusion.study.judge import JudgedStudy
from brachyresponse.scene.perfusion_curves import write_place
from brachyresponse.scene.perfusion_parts import require_perfusion


def show_curve_at(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy | None, position_ras: ArrayLike
) -> StudyCurve | None:
    """Return the curve of the voxel at a position with its fit, and show it in the chart of the study.

    None where there is no result of this session, or the position lies outside the series; the chart then stays.
    """
    require_perfusion(perfusion_node)
    if judged is None:
        return None
    grid = judged.study.request.series.grid
    i, j, k = (int(index) for index in np.rint(grid.to_ijk(np.asarray(position_ras, float))))
    if not all(0 <= index < size for index, size in zip((k, j, i), grid.shape_kji, strict=True)):
        return None
    curve = judged.study.fitted_curve((k, j, i))
    write_place(perfusion_node, curve)
    return curve
