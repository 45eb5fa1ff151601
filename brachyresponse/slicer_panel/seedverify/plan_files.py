"""Plans made elsewhere, from a folder of DICOM files or from Slicer's DICOM database."""

from __future__ import annotations

from typing import Any

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import PlanNode, VerificationNode
from brachyresponse.slicer_panel.seedverify.section import Section
from brachyresponse.slicer_panel.seedverify.stored_plans import StoredPlansMenu
from brachyresponse.sources import available_sources, load_source


class PlanFilesSection(Section):
    """Reads DICOM plans, with what the user says where the RT Plan says nothing."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        ui.dicomSourceSelector.addItem(_("as in the plan"), "")
        for name in available_sources():
            ui.dicomSourceSelector.addItem(load_source(name).model, name)
        self.on(ui.openPlanButton, "clicked()", self._on_folder, _("The plan was not read."))
        self._stored_plans = StoredPlansMenu(ui.databasePlanButton, self._on_stored_plan)

    def refresh(self, node: VerificationNode | None) -> None:
        """Nothing of a verification is shown here."""

    def _on_folder(self) -> None:
        folder = qt.QFileDialog.getExistingDirectory(self.panel.window, _("Folder with the DICOM files of the plan"))
        if folder:
            self._take(self.logic.importDicomPlan(folder, **self._answers()))

    def _on_stored_plan(self, series_uids: tuple[str, ...]) -> None:
        def read() -> None:
            self._take(self.logic.importDicomPlanFromDatabase(series_uids, **self._answers()))

        self.panel.run(read, _("The plan was not read."))

    def _answers(self) -> dict[str, Any]:
        ui = self.ui
        return {
            "source": ui.dicomSourceSelector.itemData(ui.dicomSourceSelector.currentIndex),
            "prescriptionGy": ui.dicomPrescriptionSpinBox.value or None,
            "target": ui.dicomTargetEdit.text.strip(),
            "implantDate": ui.implantDateEdit.text.strip() or None,
        }

    def _take(self, plan: PlanNode) -> None:
        if self.panel.verification is not None:
            self.logic.setPlan(self.panel.verification, plan)
            self.logic.showPlan(self.panel.verification, False)
