"""The last results of studies, so that curves at the crosshair and files need not compute them again."""

from __future__ import annotations

import slicer

from brachyresponse.perfusion.study.judge import JudgedStudy
from brachyresponse.scene.perfusion_live import PlaceFitter


class PerfusionCache:
    """Remembers the last result of each study of the session; nothing of it is saved with the scene."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[slicer.vtkMRMLScriptedModuleNode, JudgedStudy]] = {}
        self._fitters: dict[str, tuple[slicer.vtkMRMLScriptedModuleNode, PlaceFitter]] = {}

    def keep(self, node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy) -> None:
        """Remember a result; the one before is forgotten."""
        self._kept[node.GetID()] = (node, judged)
        self.keep_fitter(node, PlaceFitter(judged.study.request.series.grid, judged.study.fitter))

    def keep_fitter(self, node: slicer.vtkMRMLScriptedModuleNode, fitter: PlaceFitter) -> None:
        """Remember what gives the curves of places of a study."""
        self._fitters[node.GetID()] = (node, fitter)

    def find_fitter(self, node: slicer.vtkMRMLScriptedModuleNode) -> PlaceFitter | None:
        """Return what gives the curves of places of a study, or None."""
        kept = self._fitters.get(node.GetID() or "")
        return kept[1] if kept is not None and kept[0] is node else None

    def find(self, node: slicer.vtkMRMLScriptedModuleNode) -> JudgedStudy | None:
        """Return the last result of a study, or None; an ID is used again after a scene was closed."""
        kept = self._kept.get(node.GetID() or "")
        return kept[1] if kept is not None and kept[0] is node else None

    def forget(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Forget the result of a study that is deleted."""
        for kept in (self._kept, self._fitters):
            kept.pop(node.GetID() or "", None)
