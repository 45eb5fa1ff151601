"""Finding the seeds on the implant CT, and correcting the few wrong ones."""

from __future__ import annotations

import slicer
from numpy.typing import ArrayLike

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import verification_finding, verification_seeds
from brachyresponse.scene.seedverify_logic.nodes import PointsNode, SegmentationNode, VerificationNode
from brachyresponse.scene.seedverify_logic.state_logic import StateLogic
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.scene.verification_views import reset_views, show_rejected, show_seed
from brachyresponse.seeds import corrections
from brachyresponse.seeds.detection import DetectedSeeds


class SeedsLogic(StateLogic):
    """Finding the seeds on the implant CT, and correcting the few wrong ones; seeds are counted from 0."""

    def findSeeds(
        self,
        verificationNode: VerificationNode,
        expectedCount: int | None = None,
        regionSegmentation: SegmentationNode | None = None,
        regionSegmentID: str = "",
        report: Report = ignore_progress,
    ) -> PointsNode:
        """Find the seeds on the implant CT, inside a segment where one is given, and return their node.

        The expected number is kept for the count; None is that of the plan. It changes nothing about what is found.
        The list before can be brought back by :meth:`undo`.
        """
        found = verification_finding.find_seeds(
            verificationNode, expectedCount, regionSegmentation, regionSegmentID, report
        )
        verification_finding.set_expected_count(verificationNode, expectedCount)
        return self._write(verificationNode, found)

    def foundSeeds(self, verificationNode: VerificationNode) -> DetectedSeeds:
        """Return the seeds with their confidences and origins, and the rejected candidates."""
        return verification_seeds.read_found_seeds(verificationNode)

    def seedsNode(self, verificationNode: VerificationNode) -> PointsNode | None:
        """Return the points of the found seeds, or None before any was found."""
        return verification_part(verificationNode, VerificationRole.SEEDS)

    def rejectedNode(self, verificationNode: VerificationNode) -> PointsNode | None:
        """Return the points of the rejected candidates, hidden unless shown, or None before seeds were searched for."""
        return verification_part(verificationNode, VerificationRole.REJECTED)

    def showRejected(self, verificationNode: VerificationNode, on: bool) -> None:
        """Show or hide the rejected candidates in the views."""
        node = self.rejectedNode(verificationNode)
        if node is not None:
            node.GetDisplayNode().SetVisibility(on)

    def prepareAdding(self, verificationNode: VerificationNode) -> PointsNode:
        """Return the list that seeds are clicked into; before any search an empty one is made."""
        verification_seeds.implant_image(verificationNode)  # a clicked seed snaps to its metal
        if self.seedsNode(verificationNode) is None:
            self._write(verificationNode, verification_seeds.no_seeds())
        return self.seedsNode(verificationNode)

    def addSeed(self, verificationNode: VerificationNode, positionRas: ArrayLike) -> int:
        """Add a seed at the metal nearest to a position, with its axis, and return its index."""
        ct_hu, grid = verification_seeds.implant_image(verificationNode)
        found = self._editor.read(verificationNode)
        return self._edit(verificationNode, corrections.add_seed(found, ct_hu, grid, positionRas)).count - 1

    def acceptSeed(self, verificationNode: VerificationNode, *indices: int) -> None:
        """Confirm seeds that were looked at and are right as they were found; they are no longer doubtful."""
        found = self._editor.read(verificationNode)
        for index in indices:
            found = corrections.accept_seed(found, index)
        self._edit(verificationNode, found)

    def deleteSeed(self, verificationNode: VerificationNode, *indices: int) -> None:
        """Delete seeds."""
        found = self._editor.read(verificationNode)
        for index in sorted(set(indices), reverse=True):
            found = corrections.delete_seed(found, index)
        self._edit(verificationNode, found)

    def splitSeed(self, verificationNode: VerificationNode, index: int) -> None:
        """Make two seeds of one that is two which touch."""
        ct_hu, grid = verification_seeds.implant_image(verificationNode)
        found = self._editor.read(verificationNode)
        self._edit(verificationNode, corrections.split_seed(found, ct_hu, grid, index))

    def mergeSeeds(self, verificationNode: VerificationNode, first: int, second: int) -> None:
        """Make one seed of two that are one."""
        ct_hu, grid = verification_seeds.implant_image(verificationNode)
        found = self._editor.read(verificationNode)
        self._edit(verificationNode, corrections.merge_seeds(found, ct_hu, grid, first, second))

    def moveSeed(self, verificationNode: VerificationNode, index: int, positionRas: ArrayLike) -> None:
        """Move a seed, which is then a manual one."""
        self._edit(verificationNode, corrections.move_seed(self._editor.read(verificationNode), index, positionRas))

    def bringBack(self, verificationNode: VerificationNode, rejectedIndex: int) -> int:
        """Take a rejected candidate for a seed after all, and return the seed's index."""
        found = self._editor.read(verificationNode)
        return self._edit(verificationNode, corrections.bring_back(found, rejectedIndex)).count - 1

    def followEdits(self, verificationNode: VerificationNode) -> bool:
        """Take points that were moved, clicked or deleted in views as corrections; tell whether there were any."""
        changed = self._editor.follow(verificationNode)
        if changed:
            self.updateSeedModels(verificationNode)
        return changed

    def undo(self, verificationNode: VerificationNode) -> None:
        """Take back the last correction."""
        self._editor.undo(verificationNode)
        self.updateSeedModels(verificationNode)

    def redo(self, verificationNode: VerificationNode) -> None:
        """Do again what was taken back."""
        self._editor.redo(verificationNode)
        self.updateSeedModels(verificationNode)

    def canUndo(self, verificationNode: VerificationNode) -> bool:
        """Tell whether a correction can be taken back."""
        return self._editor.can_undo(verificationNode)

    def canRedo(self, verificationNode: VerificationNode) -> bool:
        """Tell whether a correction that was taken back can be done again."""
        return self._editor.can_redo(verificationNode)

    def setExpectedCount(self, verificationNode: VerificationNode, count: int | None) -> None:
        """Set the number of seeds that were implanted; None is that of the plan."""
        verification_finding.set_expected_count(verificationNode, count)

    def seedCounts(self, verificationNode: VerificationNode) -> tuple[int, int | None, int]:
        """Return how many seeds were found, how many were expected (None: not known), how many are uncertain."""
        found = self._editor.read(verificationNode)
        expected = verification_finding.expected_count(verificationNode)
        return found.count, expected, len(verification_finding.low_confidence_seeds(found))

    def lowConfidenceSeeds(self, verificationNode: VerificationNode) -> list[int]:
        """Return the seeds to look at: found with a low confidence, the least certain first."""
        return verification_finding.low_confidence_seeds(self._editor.read(verificationNode))

    def showSeed(self, verificationNode: VerificationNode, index: int) -> None:
        """Let all slice views jump to a seed, and turn one of them to lie along it."""
        show_seed(verificationNode.GetScene(), self._editor.read(verificationNode), index)

    def showRejectedCandidate(self, verificationNode: VerificationNode, rejectedIndex: int) -> None:
        """Let all slice views jump to a rejected candidate, and turn one of them to lie along it."""
        show_rejected(verificationNode.GetScene(), self._editor.read(verificationNode), rejectedIndex)

    def resetViews(self) -> None:
        """Turn the slice views back that were turned along a seed."""
        reset_views(slicer.mrmlScene)

    def updateSeedModels(self, verificationNode: VerificationNode) -> None:
        """Draw the found seeds as cylinders, as they lie now: green, uncertain ones orange, manual ones blue."""
        verification_finding.draw_seeds(verificationNode, self._editor.read(verificationNode))

    def _edit(self, verificationNode: VerificationNode, found: DetectedSeeds) -> DetectedSeeds:
        self._write(verificationNode, found)
        return self._editor.read(verificationNode)

    def _write(self, verificationNode: VerificationNode, found: DetectedSeeds) -> PointsNode:
        self._editor.edit(verificationNode, found)
        self.updateSeedModels(verificationNode)
        return self.seedsNode(verificationNode)
