"""Logic: how isodoses are shown."""

from __future__ import annotations

import slicer

from brachyresponse.scene.isodose_display import (
    set_isodose_opacity,
    show_dose_wash,
    show_isodose_legend,
    show_isodose_lines,
    show_isodose_surfaces,
)


class IsodoseLogic:
    """The display of isodoses, the same in each Logic that has a dose."""

    def showIsodoses(
        self,
        ownerNode: slicer.vtkMRMLScriptedModuleNode,
        *,
        lines: bool = True,
        surfaces: bool = True,
        legend: bool = True,
        wash: bool = False,
        opacity: float = 0.3,
    ) -> None:
        """Choose how the isodoses of a plan or a verification are shown.

        Lines are drawn in slices, surfaces in 3D, the wash is the dose in colours over the image.
        """
        show_isodose_lines(ownerNode, lines)
        show_isodose_surfaces(ownerNode, surfaces)
        show_isodose_legend(ownerNode, legend)
        set_isodose_opacity(ownerNode, opacity)
        show_dose_wash(ownerNode, wash)
