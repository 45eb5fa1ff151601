"""Images section: the CT after the implant, its date, and the plan it is held against."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import available_profiles, load_profile
from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.plan_parts import KIND_ATTRIBUTE, PLAN_CLASS, PLAN_KIND
from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.slicer_panel.layout import show_volume
from brachyresponse.slicer_panel.seedverify.dicom_plans import StoredPlansMenu
from brachyresponse.slicer_panel.seedverify.section import NO_CT, Section
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
        shown(ui.scanDateEdit, "editingFinished()", self._on_date, _("The date was not taken."))
        shown(ui.planSelector, changed, self.logic.setPlan, _("The plan cannot be used."))
        shown(ui.planVolumeSelector, changed, self.logic.setPlanVolume, _("The image cannot be used."))
        shown(ui.profileSelector, "activated(int)", self._on_profile, _("The limits were not taken."))
        self.on(ui.openPlanButton, "clicked()", self._on_open_folder, _("The plan was not read."))
        self._stored_plans = StoredPlansMenu(ui.databasePlanButton, self._on_stored_plan)
        ui.sampleButton.connect("clicked()", self._on_sample)

    def refresh(self, node: VerificationNode | None) -> None:
        """Show images and plan of the verification."""
        ui, logic = self.ui, self.logic
        show_node(ui.implantVolumeSelector, logic.implantVolumeNode(node) if node else None)
        show_node(ui.planSelector, logic.planNode(node) if node else None)
        show_node(ui.planVolumeSelector, logic.planVolumeNode(node) if node else None)
        day = logic.scanDate(node) if node else None
        ui.scanDateEdit.text = day.isoformat() if day else ""
        ui.profileSelector.setCurrentIndex(ui.profileSelector.findData(logic.profile(node)) if node else -1)
        ui.scanDateEdit.toolTip = _("Day of this CT, as 2026-03-07.") if node else NO_CT
        for widget in (ui.scanDateEdit, ui.planSelector, ui.planVolumeSelector, ui.profileSelector):
            widget.enabled = node is not None

    def _on_image(self, volume: slicer.vtkMRMLNode | None) -> None:
        if self.panel.verification is not None:
            self.logic.setImplantVolume(self.panel.verification, volume)
        elif volume is not None:
            self.panel.parameters.verification = self.logic.createVerification(volume)
        if volume is not None:
            show_volume(volume)

    def _on_date(self, verification: VerificationNode) -> None:
        self.logic.setScanDate(verification, self.ui.scanDateEdit.text.strip())

    def _on_profile(self, verification: VerificationNode, row: int) -> None:
        self.logic.setProfile(verification, self.ui.profileSelector.itemData(row))

    def _on_open_folder(self) -> None:
        folder = qt.QFileDialog.getExistingDirectory(self.panel.window, _("Folder with the DICOM files of the plan"))
        if folder:
            self._take_plan(self.logic.importDicomPlan(folder))

    def _on_stored_plan(self, series_uids: tuple[str, ...]) -> None:
        def read() -> None:
            self._take_plan(self.logic.importDicomPlanFromDatabase(series_uids))

        self.panel.run(read, _("The plan was not read."))

    def _take_plan(self, plan: VerificationNode) -> None:
        if self.panel.verification is not None:
            self.logic.setPlan(self.panel.verification, plan)

    def _on_sample(self) -> None:
        panel = self.panel
        with panel.runner.long_action(_("Building the sample implant"), _("No sample implant.")) as report:
            panel.parameters.verification = self.logic.loadSampleImplant(report)
            show_volume(self.logic.implantVolumeNode(panel.verification))
        panel.show_node()
