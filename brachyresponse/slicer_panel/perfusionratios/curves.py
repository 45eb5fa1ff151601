"""The chart of artery, lesions and white matter with their fits, and the curve at any place under the mouse."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError
from brachyresponse.perfusion.study import StudyCurve
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.perfusionratios.crosshair import CrosshairFollower
from brachyresponse.slicer_panel.perfusionratios.section import Section
from brachyresponse.types import FloatArray

EARLIER_SESSION: str = _("Out of date since an earlier session: compute again to see the curves of places.")


class CurvesSection(Section):
    """Shows the chart, and follows the crosshair while that is ticked and the module is open."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self.crosshair = CrosshairFollower(self._on_moved, busy=lambda: self.panel.runner.active)
        self.on_shown(ui.chartButton, "clicked()", self.logic.showChart, _("Cannot show the chart."))

    def refresh(self, node: PerfusionNode | None) -> None:
        """Follow the crosshair where there is something to follow."""
        parameters = self.panel.parameters
        wanted = parameters is not None and parameters.followCrosshair
        self.crosshair.follow(bool(wanted and node is not None))
        if not self.crosshair.following:
            say(self.ui.curveLabel, "")

    def _on_moved(self, position_mm: FloatArray) -> None:
        panel = self.panel
        if panel.study is None:
            return
        try:  # not as an action of the panel: the mouse is not to become an hourglass with every move
            curve = self.logic.curveAt(panel.study, position_mm.tolist())
        except BrachyResponseError as error:
            say(self.ui.curveLabel, str(error))
        else:
            say(self.ui.curveLabel, _sentence(curve) if curve else self._why_none(panel.study))

    def _why_none(self, node: PerfusionNode) -> str:
        of_earlier_session = self.logic.maps(node) and self.logic.result(node) is None
        return str(EARLIER_SESSION) if of_earlier_session and self.logic.staleReason(node) else ""


def _sentence(curve: StudyCurve) -> str:
    """What the fit found, or why there is none."""
    return " · ".join(f"{name} {value}" for name, value in curve.facts) or curve.missing
