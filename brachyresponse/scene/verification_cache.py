"""The last results of verifications, so that files and comparisons need not compute them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import slicer

if TYPE_CHECKING:
    from brachyresponse.scene.plan_evaluation import DoseExtent
    from brachyresponse.verification import Verification


@dataclass(frozen=True)
class KeptVerification:
    """A result, how it was computed, and the node it belongs to."""

    node: slicer.vtkMRMLScriptedModuleNode
    extent: DoseExtent
    verification: Verification


class VerificationCache:
    """Remembers the last result of each verification of the session; nothing of it is saved with the scene."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptVerification] = {}

    def keep(self, node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, verification: Verification) -> None:
        """Remember a result; the one before is forgotten."""
        self._kept[node.GetID()] = KeptVerification(node, extent, verification)

    def find(self, node: slicer.vtkMRMLScriptedModuleNode) -> KeptVerification | None:
        """Return the last result of a verification, or None; an ID is used again after a scene was closed."""
        kept = self._kept.get(node.GetID() or "")
        return kept if kept is not None and kept.node is node else None

    def forget(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Forget the result of a verification that is deleted."""
        self._kept.pop(node.GetID() or "", None)
