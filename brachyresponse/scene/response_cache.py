"""The last results of assessments, so that panels and files need not compute them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import slicer

if TYPE_CHECKING:
    from brachyresponse.response.study import ResponseStudy


class ResponseCache:
    """Remembers the last result of each assessment of the session; nothing of it is saved with the scene."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[slicer.vtkMRMLScriptedModuleNode, str, ResponseStudy]] = {}

    def keep(self, node: slicer.vtkMRMLScriptedModuleNode, text: str, study: ResponseStudy) -> None:
        """Remember a result, with the text by which the scene keeps it."""
        self._kept[node.GetID()] = (node, text, study)

    def find(self, node: slicer.vtkMRMLScriptedModuleNode, text: str) -> ResponseStudy | None:
        """Return the result that a text keeps, or None; an ID is used again after a scene was closed."""
        kept = self._kept.get(node.GetID() or "")
        return kept[2] if kept is not None and kept[0] is node and kept[1] == text else None

    def forget(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Forget the result of an assessment that is deleted."""
        self._kept.pop(node.GetID() or "", None)
