"""What stays in sight below the sections: the implant in one line, whether it still holds, and the dose button."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.seedverify.finding import counted
from brachyresponse.slicer_panel.seedverify.section import NO_CT, NO_PLAN, NO_SEEDS, Section


class OutcomeSection(Section):
    """The headline and the button that computes the dose."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.computeButton.connect("clicked()", self.compute)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the implant in one line."""
        ui, logic = self.ui, self.logic
        searched = node is not None and logic.seedsNode(node) is not None
        ui.headlineLabel.text = self._headline(node) if searched else _("No seeds yet.")
        reason = logic.staleReason(node) if node else ""
        ui.staleLabel.text = _("Out of date: {reason}").format(reason=reason) if reason else ""
        allow(ui.computeButton, self.cannot_compute(node))

    def compute(self) -> None:
        """Compute plan and implant, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Computing the dose"), _("The dose was not computed.")) as report:
            parameters, verification = panel.parameters, panel.verification
            self.logic.evaluate(verification, parameters.doseSpacingMm, parameters.doseMarginMm, report)
            panel.results.show_doses(verification)
            self.logic.showArrows(verification, parameters.showArrows)
        panel.show_node()

    def cannot_compute(self, node: VerificationNode | None) -> str:
        """Return why the dose cannot be computed; empty when it can."""
        logic = self.logic
        if node is None:
            return NO_CT
        has_target = logic.targetSegmentation(node) is not None and logic.segments(node).target
        return first_reason(
            (logic.implantVolumeNode(node) is None, NO_CT),
            (logic.planNode(node) is None, NO_PLAN),
            (logic.seedCounts(node)[0] == 0, NO_SEEDS),
            (logic.transformNode(node) is None, _("Register plan and implant first.")),
            (not has_target, _("Choose the target on the implant CT first.")),
        )

    def _headline(self, node: VerificationNode) -> str:
        panel, results = self.panel, self.panel.results
        stamp, places = results.stamp(), panel.watching.count()
        parts = [counted(*self.logic.seedCounts(node)), *results.headline(), *([stamp] if stamp else [])]
        if places:
            parts.append(_("{count} to watch").format(count=places))
        return " · ".join(parts)
