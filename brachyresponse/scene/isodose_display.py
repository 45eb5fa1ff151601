"""How the isodoses of a plan or a verification are shown: lines, surfaces, a legend, a colour wash."""

from __future__ import annotations

import slicer

from brachyresponse.scene.isodose import PRESCRIPTION_PIXELS
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.parts import DoseRole, part, parts

FAINT, WASH_OPACITY = 0.4, 0.4


def show_isodose_lines(owner: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide the isodose lines in the slice views."""
    for model in parts(owner, DoseRole.ISODOSE):
        model.GetDisplayNode().SetVisibility2D(visible)


def show_isodose_surfaces(owner: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide the isodose surfaces in the 3D views."""
    for model in parts(owner, DoseRole.ISODOSE):
        model.GetDisplayNode().SetVisibility3D(visible)


def show_isodose_legend(owner: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Show or hide the legend of the isodoses beside the views."""
    for model in parts(owner, DoseRole.ISODOSE)[:1]:
        legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(model.GetDisplayNode())
        if legend is not None:
            legend.SetVisibility(visible)


def set_isodose_opacity(owner: slicer.vtkMRMLScriptedModuleNode, opacity: float) -> None:
    """Set the opacity, 0 to 1, of the surface of the prescription; those of the other levels are fainter."""
    for model in parts(owner, DoseRole.ISODOSE):
        is_prescription = model.GetDisplayNode().GetSliceIntersectionThickness() == PRESCRIPTION_PIXELS
        model.GetDisplayNode().SetOpacity(opacity if is_prescription else opacity * FAINT)


def show_dose_wash(owner: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Lay a dose over the image in every slice view, or take it away; other overlays are left alone."""
    dose_node = part(owner, DoseRole.DOSE)
    for composite in nodes_of_class(owner.GetScene(), "vtkMRMLSliceCompositeNode"):
        if visible and dose_node is not None:
            composite.SetForegroundVolumeID(dose_node.GetID())
            composite.SetForegroundOpacity(WASH_OPACITY)
        elif dose_node is not None and composite.GetForegroundVolumeID() == dose_node.GetID():
            composite.SetForegroundVolumeID(None)
