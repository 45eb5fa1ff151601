"""Target and dose section: what is contoured on the implant CT, the dose grid, and the oedema model."""

from __future__ import annotations

from functools import partial

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.layout import edit_segments
from brachyresponse.slicer_panel.seedverify.section import NO_CT, NO_PLAN, Section
from brachyresponse.slicer_panel.selectors import show_segments
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns
from brachyresponse.verification import CARRIED_STAMP

AT_RISK = 1
USUAL_SWELLING_PERCENT, USUAL_HALF_LIFE_DAYS = 50.0, 10.0


class DoseSection(Section):
    """Which segments are target, organs and skin on the implant CT. Contouring anew is the default way."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The structure cannot be used.")
        self._organs: list[str] = []
        fit_columns(ui.organsTable, stretched=0)
        node_changed, segment_changed = "currentNodeChanged(vtkMRMLNode*)", "currentSegmentChanged(QString)"
        shown = self.on_shown
        shown(ui.contourButton, "clicked()", self._on_contour, _("The Segment Editor cannot be opened."))
        shown(ui.carryButton, "clicked()", self.logic.carryStructures, _("The structures were not carried over."))
        shown(ui.targetSegmentationSelector, node_changed, self._on_targets, failed)
        shown(ui.organSegmentationSelector, node_changed, self._on_organs, failed)
        shown(ui.targetSelector, segment_changed, partial(self._on_target, "gtv"), failed)
        shown(ui.ptvSelector, segment_changed, partial(self._on_target, "ptv"), failed)
        shown(ui.bodySelector, segment_changed, self._on_skin, failed)
        shown(ui.organsTable, "cellChanged(int,int)", self._on_ticked, failed)
        self._connect_oedema()

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the structures of the verification."""
        ui, logic = self.ui, self.logic
        chosen = logic.segments(node) if node else PlanSegments()
        targets = logic.targetSegmentation(node) if node else None
        organs = logic.organSegmentation(node) if node else None
        pair = ((ui.targetSelector, chosen.gtv), (ui.ptvSelector, chosen.ptv))
        show_segments(ui.targetSegmentationSelector, targets, pair)
        show_segments(ui.organSegmentationSelector, organs, ((ui.bodySelector, chosen.skin),))
        self._fill(organs, chosen, targets)
        say(ui.stampLabel, _stamp() if node and logic.isCarried(node) else "")
        allow(ui.contourButton, first_reason((node is None, NO_CT)))
        allow(ui.carryButton, first_reason(*self._cannot_carry(node)))
        for widget in (ui.targetSegmentationSelector, ui.organSegmentationSelector):
            widget.enabled = node is not None
        self._show_oedema(node)

    def _fill(
        self,
        organs: slicer.vtkMRMLSegmentationNode | None,
        chosen: PlanSegments,
        targets: slicer.vtkMRMLSegmentationNode | None,
    ) -> None:
        not_organs = {chosen.skin, *((chosen.gtv, chosen.ptv) if organs is targets else ())}
        self._organs = [segment for segment in segment_ids(organs) if segment not in not_organs] if organs else []
        rows = [
            [Cell(segment_name(organs, segment)), Cell(checked=segment in chosen.organs)] for segment in self._organs
        ]
        fill_table(self.ui.organsTable, rows)

    def _cannot_carry(self, node: VerificationNode | None) -> list[tuple[bool, str]]:
        planned = node is not None and self.logic.planNode(node) is not None
        registered = planned and self.logic.transformNode(node) is not None
        return [(not planned, NO_PLAN), (not registered, _("Register plan and implant first."))]

    def _on_contour(self, verification: VerificationNode) -> None:
        edit_segments(self.logic.contourTargets(verification), self.logic.implantVolumeNode(verification))

    def _on_targets(self, verification: VerificationNode, segmentation: slicer.vtkMRMLNode | None) -> None:
        self.logic.setTarget(verification, "gtv", segmentation, "")

    def _on_target(self, role: str, verification: VerificationNode, segment: str) -> None:
        self.logic.setTarget(verification, role, self.logic.targetSegmentation(verification), segment or "")

    def _on_organs(self, verification: VerificationNode, segmentation: slicer.vtkMRMLNode | None) -> None:
        self.logic.setOrgans(verification, segmentation, ())

    def _on_skin(self, verification: VerificationNode, segment: str) -> None:
        logic = self.logic
        logic.setOrgans(
            verification, logic.organSegmentation(verification), logic.segments(verification).organs, segment or ""
        )

    def _on_ticked(self, verification: VerificationNode, row: int, column: int) -> None:
        if column != AT_RISK:
            return
        logic, table = self.logic, self.ui.organsTable
        ticked = [
            segment
            for place, segment in enumerate(self._organs)
            if table.item(place, AT_RISK).checkState() == qt.Qt.Checked
        ]
        logic.setOrgans(verification, logic.organSegmentation(verification), ticked, logic.segments(verification).skin)

    def _connect_oedema(self) -> None:
        ui, failed = self.ui, _("The oedema model was not taken.")
        self.on(ui.oedemaCheckBox, "toggled(bool)", lambda on: self._on_oedema(), failed)
        for box in (ui.oedemaSwellingSpinBox, ui.oedemaHalfLifeSpinBox):
            self.on(box, "valueChanged(double)", lambda value: self._on_oedema(), failed)

    def _on_oedema(self) -> None:
        ui = self.ui
        on = ui.oedemaCheckBox.checked
        self.logic.setOedema(
            self.panel.verification,
            ui.oedemaSwellingSpinBox.value / 100 if on else None,
            ui.oedemaHalfLifeSpinBox.value,
        )

    def _show_oedema(self, node: VerificationNode | None) -> None:
        ui = self.ui
        model = self.logic.oedema(node) if node else None
        ui.oedemaSwellingSpinBox.value = 100 * model.swelling if model else USUAL_SWELLING_PERCENT
        ui.oedemaHalfLifeSpinBox.value = model.half_life_days if model else USUAL_HALF_LIFE_DAYS
        ui.oedemaCheckBox.checked = model is not None
        ui.oedemaCheckBox.enabled = node is not None
        for box in (ui.oedemaSwellingSpinBox, ui.oedemaHalfLifeSpinBox):
            box.enabled = model is not None
        say(ui.oedemaLabel, _assumption() if model is not None else "")


def _stamp() -> str:
    return str(_("The target is {stamp}: its outline is the plan's.").format(stamp=CARRIED_STAMP))


def _assumption() -> str:
    return str(
        _(
            "An assumption, not measured: the swelling halves in this time, and the dose rate goes with "
            "volume^(-2/3). Its numbers stand beside the others."
        )
    )
