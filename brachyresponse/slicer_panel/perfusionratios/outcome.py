"""What stays in sight below the sections: the study in one line, whether it holds, Compute."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.perfusion import SeriesKind
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.perfusionratios.section import NO_SERIES, Section
from brachyresponse.slicer_panel.perfusionratios.t1 import has_t1
from brachyresponse.slicer_panel.shortcuts import Shortcuts


class OutcomeSection(Section):
    """The headline and the button that computes everything."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        ui.computeButton.connect("clicked()", self.compute)
        self._shortcuts = Shortcuts(self.panel.window, {"Ctrl+Return": ui.computeButton})

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show the study in one line."""
        ui, logic = self.ui, self.logic
        ui.headlineLabel.text = self._headline(node) if node and logic.maps(node) else _("Nothing computed yet.")
        reason = logic.staleReason(node) if node else ""
        say(ui.staleLabel, _("Out of date: {reason}").format(reason=reason) if reason else "")
        allow(ui.computeButton, self.cannot_compute(node))

    def compute(self) -> None:
        """Compute maps, curves and ratios, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Computing the maps"), _("The maps were not computed.")) as report:
            self.logic.compute(panel.study, report)
            panel.artery.forget()
        panel.show_node()

    def cannot_compute(self, node: PerfusionNode | None) -> str:
        """Return why nothing can be computed; empty when it can. Maps alone need no lesion."""
        if node is None:
            return NO_SERIES
        kind = self.panel.kind_of(node)
        return first_reason(
            (not self.logic.seriesNodes(node), NO_SERIES),
            (bool(self.logic.missingTimes(node)), self.logic.missingTimes(node)),
            (not kind, _("Choose the kind of the series first.")),
            (kind == SeriesKind.DCE and not has_t1(node), _("Give T1 before contrast agent first.")),
        )

    def _headline(self, node: PerfusionNode) -> str:
        found = self.logic.interpretations(node).values()
        return " · ".join(f"{each.lesion}: {each.headline}" for each in found) or str(_("Maps were computed."))
