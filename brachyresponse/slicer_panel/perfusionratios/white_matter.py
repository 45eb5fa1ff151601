"""White matter, the denominator of every ratio: proposed on the other side, or chosen; and segments carried over."""

from __future__ import annotations

import json

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.perfusion_carrying import RESIDUAL_IS, WARNINGS, residual_mm
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.layout import edit_segments
from brachyresponse.slicer_panel.perfusionratios.section import (
    NO_IMAGE,
    NO_LESION,
    NO_SERIES,
    NO_WHITE_MATTER,
    Section,
)
from brachyresponse.slicer_panel.segment_choice import SegmentChoice


class WhiteMatterSection(Section):
    """Normal-appearing white matter, and what is carried over from another image or visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown, failed = self.ui, self.on_shown, _("The segment cannot be used.")
        shown(ui.proposeButton, "clicked()", self.logic.proposeWhiteMatter, _("No white matter was proposed."))
        self._segment = SegmentChoice(ui.whiteMatterSegmentationSelector, ui.whiteMatterSelector)
        shown(ui.whiteMatterSelector, "currentSegmentChanged(QString)", self._on_segment, failed)
        shown(ui.editWhiteMatterButton, "clicked()", self._on_edit, _("The Segment Editor cannot be opened."))
        ui.carrySelector.connect("currentNodeChanged(vtkMRMLNode*)", lambda source: self._enable(self.panel.study))
        ui.carryButton.connect("clicked()", self.carry)

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show the white matter."""
        ui, logic = self.ui, self.logic
        chosen = logic.whiteMatter(node) if node else None
        self._segment.show(chosen)
        say(ui.whiteMatterLabel, logic.segmentNotes(chosen.node, chosen.segment_id) if chosen else "")
        say(ui.carryLabel, "\n".join(map(_residual, logic.registrations(node))) if node else "")
        self._enable(node)

    def carry(self) -> None:
        """Register and carry lesions and white matter over, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Registering"), _("The segments were not carried over.")) as report:
            self.logic.carrySegments(panel.study, self.ui.carrySelector.currentNode(), report)
        panel.show_node()

    def _enable(self, node: PerfusionNode | None) -> None:
        ui, logic = self.ui, self.logic
        none = (node is None, NO_SERIES)
        image = logic.anatomicalVolume(node) if node else None
        no_lesion = (node is not None and not logic.lesions(node), NO_LESION)
        chosen = node is not None and logic.whiteMatter(node) is not None
        allow(ui.proposeButton, first_reason(none, (image is None, NO_IMAGE), no_lesion))
        allow(ui.whiteMatterSegmentationSelector, first_reason(none))
        allow(ui.editWhiteMatterButton, first_reason(none, (not chosen, NO_WHITE_MATTER)))
        source = ui.carrySelector.currentNode()
        allow(ui.carryButton, first_reason(none, (source is None, _("Choose another study or an image first."))))

    def _on_segment(self, node: PerfusionNode, segment: str) -> None:
        self.logic.setWhiteMatter(node, *self._segment.chosen)

    def _on_edit(self, node: PerfusionNode) -> None:
        edit_segments(self.logic.whiteMatter(node).node, self.logic.anatomicalVolume(node))


def _residual(transform: slicer.vtkMRMLLinearTransformNode) -> str:
    """How well a registration fits, and what to look at."""
    residual = f"{transform.GetName()}: {residual_mm(transform):.2f} mm. {get_attribute(transform, RESIDUAL_IS)}"
    return "\n".join((residual, *json.loads(get_attribute(transform, WARNINGS, "[]"))))
