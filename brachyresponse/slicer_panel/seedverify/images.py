"""Images section: the CT after the implant, its date, and the plan it is held against."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import available_profiles, load_profile
from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.plan_parts import KIND_ATTRIBUTE, PLAN_CLASS, PLAN_KIND
from brachyresponse.scene.seedverify_logic.nodes import PlanNode, VerificationNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.layout import show_volume
from brachyresponse.slicer_panel.seedverify.section import NO_CT, NO_PLAN, Section
from brachyresponse.slicer_panel.selectors import show_node


class ImagesSection(Section):
    """Which CT, which plan. A verification begins when the first implant CT is chosen."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, changed = self.ui, "currentNodeChanged(vtkMRMLNode*)"
        ui.planSelector.addAttribute(PLAN_CLASS, attribute_name(KIND_ATTRIBUTE), PLAN_KIND)
        for name in available_profiles():
            ui.profileSelector.addItem(load_profile(name).label, name)
        self.on(ui.implantVolumeSelector, changed, self._on_image, _("The image cannot be used."))
        shown = self.on_shown
        shown(ui.scanDateEdit, "editingFinished()", self._on_scan_date, _("The date was not taken."))
        shown(ui.implantDateEdit, "editingFinished()", self._on_implant_date, _("The date was not taken."))
        shown(ui.planSelector, changed, self._on_plan, _("The plan cannot be used."))
        shown(ui.planCheckBox, "toggled(bool)", self.logic.showPlan, _("The plan cannot be shown."))
        shown(ui.planVolumeSelector, changed, self.logic.setPlanVolume, _("The image cannot be used."))
        shown(ui.profileSelector, "activated(int)", self._on_profile, _("The limits were not taken."))
        ui.sampleButton.connect("clicked()", self._on_sample)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show images and plan of the verification."""
        ui, logic = self.ui, self.logic
        show_node(ui.implantVolumeSelector, logic.implantVolumeNode(node) if node else None)
        show_node(ui.planSelector, logic.planNode(node) if node else None)
        show_node(ui.planVolumeSelector, logic.planVolumeNode(node) if node else None)
        ui.profileSelector.setCurrentIndex(ui.profileSelector.findData(logic.profile(node)) if node else -1)
        ui.planCheckBox.checked = node is not None and logic.isPlanShown(node)
        allow(ui.planCheckBox, NO_PLAN if node is None or logic.planNode(node) is None else "")
        self._show_days(node)
        for widget in self._of_a_verification():
            allow(widget, "" if node else NO_CT)

    def _show_days(self, node: VerificationNode | None) -> None:
        ui, logic = self.ui, self.logic
        scanned, implanted = (logic.scanDate(node), logic.implantDate(node)) if node else (None, None)
        planned = logic.plannedImplantDate(node) if node else None
        ui.scanDateEdit.text = scanned.isoformat() if scanned else ""
        ui.implantDateEdit.text = implanted.isoformat() if implanted else ""
        ui.implantDateEdit.placeholderText = _("{day}, as planned").format(day=planned) if planned else "YYYY-MM-DD"
        say(ui.datesLabel, logic.deliverySentence(node) if node else "")

    def _of_a_verification(self) -> tuple[qt.QWidget, ...]:
        ui = self.ui
        return ui.scanDateEdit, ui.implantDateEdit, ui.planSelector, ui.planVolumeSelector, ui.profileSelector

    def _on_image(self, volume: slicer.vtkMRMLNode | None) -> None:
        if self.panel.verification is not None:
            self.logic.setImplantVolume(self.panel.verification, volume)
        elif volume is not None:
            self.panel.parameters.verification = self.logic.createVerification(volume)
        if volume is not None:
            show_volume(volume)

    def _on_plan(self, verification: VerificationNode, plan: PlanNode | None) -> None:
        self.logic.setPlan(verification, plan)
        self.logic.showPlan(verification, False)

    def _on_scan_date(self, verification: VerificationNode) -> None:
        self.logic.setScanDate(verification, self.ui.scanDateEdit.text.strip())

    def _on_implant_date(self, verification: VerificationNode) -> None:
        self.logic.setImplantDate(verification, self.ui.implantDateEdit.text.strip())

    def _on_profile(self, verification: VerificationNode, row: int) -> None:
        self.logic.setProfile(verification, self.ui.profileSelector.itemData(row))

    def _on_sample(self) -> None:
        panel = self.panel
        with panel.runner.long_action(_("Building the sample implant"), _("No sample implant.")) as report:
            panel.parameters.verification = self.logic.loadSampleImplant(report)
            self.logic.showPlan(panel.verification, False)
            show_volume(self.logic.implantVolumeNode(panel.verification))
        panel.show_node()
