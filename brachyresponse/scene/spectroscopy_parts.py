"""Spectra of a visit: their node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole
from brachyresponse.scene.response_parts import VISIT_PARTS, VisitPart, visit_parts

SPECTRA_CLASS, SPECTRA_KIND = OWNER_CLASS, OwnerKind.SPECTRA.value


class SpectraRole(PartRole):
    """What a node is to spectra; the value is the role of the node reference."""

    DATA = "spectraDataRef"
    """The file's content as text: decays as NIfTI-MRS in base64, or the rows of a metabolite table."""
    VOXEL = "voxelModelRef"
    GRID = "gridModelRef"
    RECORD = "recordRef"
    METABOLITES = "metaboliteTableRef"
    RATIOS = "ratioTableRef"
    LESIONS = "lesionTableRef"
    MAPS = "ratioMapRef"
    CHART_TABLE = "spectrumTableRef"
    CHART_SERIES = "spectrumSeriesRef"
    CHART = "spectrumChartRef"

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self is not SpectraRole.CHART_SERIES


SPECTRA_PARTS: PartsOf[SpectraRole] = PartsOf(OwnerKind.SPECTRA)
is_spectra, spectra_part, spectra_parts = SPECTRA_PARTS.is_one, SPECTRA_PARTS.first, SPECTRA_PARTS.every
set_spectra_part, set_spectra_parts, own_spectra_node = (
    SPECTRA_PARTS.put,
    SPECTRA_PARTS.put_every,
    SPECTRA_PARTS.made,
)


def require_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that stands for no spectra, or one that was removed from the scene.

    Raises
    ------
    SceneError
        It is.
    """
    SPECTRA_PARTS.require(spectra_node)
    if spectra_node.GetScene() is None:
        raise SceneError(f"Spectra {spectra_node.GetName()!r} were removed from the scene: choose others.")


def visit_of_spectra(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Return the visit that spectra are of.

    Raises
    ------
    SceneError
        There are no such spectra, or their visit was deleted.
    """
    require_spectra(spectra_node)
    for visit_node in VISIT_PARTS.in_scene(spectra_node.GetScene()):
        if any(spectra_node is each for each in visit_parts(visit_node, VisitPart.SPECTRA)):
            return visit_node
    raise SceneError(f"Spectra {spectra_node.GetName()!r} belong to no visit: load them for one.")
