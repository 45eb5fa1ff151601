"""Beyond one evaluation: how robust it is, what oedema would change, limits of one's own, two scans side by side."""

from __future__ import annotations

from brachyresponse.planning import VerificationLimit
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.scene import verification_limits, verification_study
from brachyresponse.scene.seedverify_logic.dose_logic import DoseLogic
from brachyresponse.scene.seedverify_logic.nodes import TableNode, VerificationNode
from brachyresponse.scene.verification_oedema import read_oedema, write_oedema
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.verification import OedemaModel, SeedUncertainty, compare_scans, robustness_of


class StudyLogic(DoseLogic):
    """Beyond one evaluation: robustness, oedema, limits of one's own, two scans side by side."""

    def verificationLimits(self, verificationNode: VerificationNode) -> tuple[VerificationLimit, ...]:
        """Return the limits of the site profile, each with its source, with those that were changed."""
        return verification_limits.read_verification_profile(verificationNode).verification

    def setVerificationLimit(
        self, verificationNode: VerificationNode, limitId: str, least: float | None = None, most: float | None = None
    ) -> None:
        """Change a limit for this verification, in its unit; its source then says that it is the clinic's own."""
        verification_limits.set_verification_limit(verificationNode, limitId, least, most)

    def resetVerificationLimits(self, verificationNode: VerificationNode) -> None:
        """Go back to the profile's own limits; so does another profile."""
        verification_limits.reset_verification_limits(verificationNode)

    def setOedema(
        self, verificationNode: VerificationNode, swelling: float | None = None, halfLifeDays: float = 10.0
    ) -> None:
        """Ask for a column corrected by an oedema model; without ``swelling`` (0.5: half as much again) it is off."""
        write_oedema(verificationNode, None if swelling is None else OedemaModel(swelling, halfLifeDays))

    def oedema(self, verificationNode: VerificationNode) -> OedemaModel | None:
        """Return the oedema model, or None while it is off."""
        return read_oedema(verificationNode)

    def estimateRobustness(
        self,
        verificationNode: VerificationNode,
        samples: int = 200,
        positionSdMm: float = 0.5,
        axisSdDeg: float = 10.0,
        randomSeed: int = 0,
        report: Report = ignore_progress,
    ) -> TableNode:
        """Return a table of intervals of the target's D90 and V100 under uncertain positions and axes.

        It goes into the report of :meth:`exportVerification` too, as long as the results hold.
        """
        uncertainty = SeedUncertainty(positionSdMm, axisSdDeg, samples=samples, random_seed=randomSeed)
        kept = self._verified(verificationNode, share_of(report, 0.0, 0.5))
        found = robustness_of(kept.verification, uncertainty=uncertainty, report=share_of(report, 0.5, 1.0))
        self._cache.keep_robustness(kept, found)
        return verification_study.write_robustness(verificationNode, found)

    def robustnessTable(self, verificationNode: VerificationNode) -> TableNode | None:
        """Return the table of intervals, or None before they were estimated."""
        return verification_part(verificationNode, VerificationRole.ROBUSTNESS)

    def compareScans(
        self,
        verificationNode: VerificationNode,
        otherVerificationNode: VerificationNode,
        report: Report = ignore_progress,
    ) -> TableNode:
        """Return a table of two verifications of one implant side by side, as of day 0 and of day 30."""
        first = self._verified(verificationNode, share_of(report, 0.0, 0.5))
        second = self._verified(otherVerificationNode, share_of(report, 0.5, 1.0))
        scans = compare_scans(first.verification, second.verification)
        self._cache.keep_scans(first, scans)
        return verification_study.write_scans(verificationNode, scans)
