"""Plan onto implant: registration with its preview, pairs of planned and found seeds, and the arrows between them."""

from __future__ import annotations

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import verification_matching, verification_registration
from brachyresponse.scene.seed_arrows import show_arrows
from brachyresponse.scene.seedverify_logic.nodes import TableNode, TransformNode, VerificationNode
from brachyresponse.scene.seedverify_logic.state_logic import StateLogic
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.scene.verification_preview import hide_preview, is_previewed, show_preview
from brachyresponse.verification import Pairing, Registration


class RegistrationLogic(StateLogic):
    """Plan onto implant: registration with its preview, pairs of planned and found seeds, and arrows between them."""

    def register(
        self, verificationNode: VerificationNode, method: str = "bone", report: Report = ignore_progress
    ) -> TransformNode:
        """Register the planning CT to the implant CT and return the transform from plan to implant.

        ``method`` is "bone", "soft_tissue" (round the target), "contours" (of the target) or "none" (one frame of
        reference). Plan and images stay where they are; the transform keeps residual, method and day as attributes.
        """
        registration = verification_registration.register_plan(verificationNode, method, report)
        return verification_registration.write_registration(verificationNode, registration)

    def registration(self, verificationNode: VerificationNode) -> Registration | None:
        """Return the registration with its residual, or None before there is one."""
        return verification_registration.read_registration(verificationNode)

    def transformNode(self, verificationNode: VerificationNode) -> TransformNode | None:
        """Return the transform from plan to implant, or None."""
        return verification_part(verificationNode, VerificationRole.REGISTRATION)

    def removeRegistration(self, verificationNode: VerificationNode) -> None:
        """Remove the registration and its preview."""
        hide_preview(verificationNode)
        verification_registration.remove_registration(verificationNode)

    def showRegistration(self, verificationNode: VerificationNode, on: bool) -> None:
        """Lay the planning CT, moved by the registration, over the implant CT in the slice views, or take it away.

        A copy is shown: plan and planning CT stay as they are, and nothing is left behind when it is taken away.
        """
        if on:
            show_preview(verificationNode)
        else:
            hide_preview(verificationNode)

    def isRegistrationShown(self, verificationNode: VerificationNode) -> bool:
        """Tell whether the planning CT is being shown over the implant CT."""
        return is_previewed(verificationNode)

    def matchSeeds(
        self,
        verificationNode: VerificationNode,
        maxDistanceMm: float = 10.0,
        byNeedle: bool = False,
        aligned: bool = False,
    ) -> TableNode:
        """Pair planned with found seeds, one to one, and return the table of seeds.

        Planned seeds are brought to the implant CT by the registration; a pair is never further apart than
        ``maxDistanceMm``. With ``byNeedle`` seeds of one needle stay together. With ``aligned`` the seeds are laid on
        each other first, where plan and implant lie apart: to pair them, and the limit is that of the pairs so laid;
        nothing is moved, and displacements stay those of the registration.
        """
        choice = Pairing(maxDistanceMm, byNeedle, aligned)
        return verification_matching.match_verification(verificationNode, choice)

    def showArrows(self, verificationNode: VerificationNode, on: bool) -> None:
        """Show or hide the arrows from planned to found seeds and the marks of missing and extra ones."""
        show_arrows(verificationNode, on)
