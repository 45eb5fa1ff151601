"""Limits of the results: what the site asks of an implant, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import qt

from brachyresponse.planning import VerificationLimit, load_profile
from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.slicer_panel.limits import LimitsSection
from brachyresponse.slicer_panel.table_rows import table_rows

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.seedverify.panel import SeedVerifyPanel


class VerificationLimitsSection(LimitsSection):
    """The limits of verification of the site; a typed limit holds for this verification."""

    panel: SeedVerifyPanel

    def limits_table(self) -> qt.QTableWidget:
        """Return the table of limits."""
        return self.ui.limitsTable

    def limits(self, node: VerificationNode) -> Sequence[VerificationLimit]:
        """Return the limits of the verification."""
        limits: Sequence[VerificationLimit] = self.logic.verificationLimits(node)
        return limits

    def findings(self, node: VerificationNode) -> list[dict[str, str]]:
        """Return what the last evaluation found."""
        return table_rows(verification_part(node, VerificationRole.FINDINGS))

    def change(self, limit_id: str, least: float | None, most: float | None) -> None:
        """Change a limit for this verification."""
        self.logic.setVerificationLimit(self.panel.verification, limit_id, least, most)

    def reset(self, limit_id: str) -> None:
        """Go back to the profile's limit."""
        profile = load_profile(self.logic.profile(self.panel.verification))
        own = next(limit for limit in profile.verification if limit.id == limit_id)
        self.change(limit_id, own.least, own.most)
