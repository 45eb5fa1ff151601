"""Export section: what leaves Slicer, and plans that come in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.brachydose.section import Section


class FilesSection(Section):
    """Writes the plan, its tables, the report and the loading sheet into one folder; reads a plan."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The file was not written.")
        self.on(ui.exportPlanButton, "clicked()", lambda: self.write(self.logic.exportPlan), failed)
        self.on(ui.exportSheetButton, "clicked()", lambda: self.write(self.logic.exportLoadingSheet), failed)
        self.on(ui.exportTablesButton, "clicked()", lambda: self.write(self._shown(self.logic.exportTables)), failed)
        self.on(ui.exportReportButton, "clicked()", lambda: self.write(self._shown(self.logic.exportReport)), failed)
        self.on(ui.importPlanButton, "clicked()", self._on_import, _("The plan was not read."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Enable what can be written."""
        ui = self.ui
        for button in (ui.exportPlanButton, ui.exportTablesButton, ui.exportReportButton, ui.exportSheetButton):
            button.enabled = plan is not None
        ui.importPlanButton.enabled = plan is not None

    def write(self, write: Callable[..., Path | list[Path]]) -> None:
        """Write files of the plan into the folder, and say which."""
        written = write(self.panel.plan, self.ui.folderEdit.currentPath)
        names = [path.name for path in (written if isinstance(written, list) else [written])]
        slicer.util.showStatusMessage(_("Written: {names}").format(names=", ".join(names)), 5000)
        self.ui.folderEdit.addCurrentPathToHistory()

    def _shown(self, write: Callable[..., Path | list[Path]]) -> Callable[..., Path | list[Path]]:
        """What is written, computed as the panel says."""
        return partial(write, **self.panel.dose_settings())

    def _on_import(self) -> None:
        path = qt.QFileDialog.getOpenFileName(
            self.panel.window, _("Read a plan"), self.ui.folderEdit.currentPath, _("Plan (*.json)")
        )
        if path:
            self.panel.parameters.plan = self.logic.importPlan(path, self.panel.plan)
