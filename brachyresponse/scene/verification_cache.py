"""The last results of verifications, so that files and comparisons need not compute them again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import slicer

from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.verification import Robustness, ScanComparison, Verification


@dataclass(frozen=True, eq=False)
class KeptVerification:
    """A result, how it was computed, the node it belongs to, and what was studied of it since."""

    node: slicer.vtkMRMLScriptedModuleNode
    extent: DoseExtent
    verification: Verification
    robustness: Robustness | None = None
    scans: ScanComparison | None = None


class VerificationCache:
    """Remembers the last result of each verification of the session; nothing of it is saved with the scene."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptVerification] = {}

    def keep(
        self, node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, verification: Verification
    ) -> KeptVerification:
        """Remember a result and return what is kept; the one before is forgotten, with what was studied of it."""
        kept = self._kept[node.GetID()] = KeptVerification(node, extent, verification)
        return kept

    def vouched(self, kept: KeptVerification, found: DetectedSeeds) -> KeptVerification:
        """Return a result that says of the same seeds who vouches for them now; nothing computed depends on that."""
        request = replace(kept.verification.request, found=found)
        verification = replace(kept.verification, request=request)
        renewed = self._kept[kept.node.GetID()] = replace(kept, verification=verification)
        return renewed

    def keep_robustness(self, kept: KeptVerification, found: Robustness) -> None:
        """Remember how robust a result is, as long as the result is remembered."""
        self._kept[kept.node.GetID()] = replace(kept, robustness=found)

    def keep_scans(self, kept: KeptVerification, scans: ScanComparison) -> None:
        """Remember a result beside that of another scan, as long as the result is remembered."""
        self._kept[kept.node.GetID()] = replace(kept, scans=scans)

    def find(self, node: slicer.vtkMRMLScriptedModuleNode) -> KeptVerification | None:
        """Return the last result of a verification, or None; an ID is used again after a scene was closed."""
        kept = self._kept.get(node.GetID() or "")
        return kept if kept is not None and kept.node is node else None

    def forget(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Forget the result of a verification that is deleted."""
        self._kept.pop(node.GetID() or "", None)
