"""Day, role and images of the visit that is worked on."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.nodes import attribute_name
from brachyresponse.scene.parts import KIND_ATTRIBUTE
from brachyresponse.scene.perfusion_parts import PERFUSION_CLASS, PERFUSION_KIND
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.section import NO_VISIT, Section
from brachyresponse.slicer_panel.responseassess.words import ROLES
from brachyresponse.slicer_panel.selectors import show_node


class VisitImagesSection(Section):
    """What was scanned on that day."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown, changed = self.ui, self.on_visit, "currentNodeChanged(vtkMRMLNode*)"
        ui.perfusionSelector.addAttribute(PERFUSION_CLASS, attribute_name(KIND_ATTRIBUTE), PERFUSION_KIND)
        self._role = Choice(ui.roleSelector, ROLES)
        shown(ui.visitDateEdit, "editingFinished()", self._on_date, _("The date was not taken."))
        shown(ui.roleSelector, "activated(int)", self._on_role, _("The role was not taken."))
        shown(ui.visitVolumeSelector, changed, self._on_volume, _("The image cannot be used."))
        shown(ui.perfusionSelector, changed, self.logic.setPerfusion, _("The study cannot be used."))
        ui.seriesSelector.connect(changed, lambda series: self._enable())
        shown(ui.addSeriesButton, "clicked()", self._on_add, _("The series was not added."))
        shown(ui.removeSeriesButton, "clicked()", self._on_remove_series, _("The series was not removed."))
        shown(ui.removeVisitButton, "clicked()", self._on_remove, _("The visit was not removed."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the visit."""
        ui, logic, visit = self.ui, self.logic, self.visit
        ui.visitDateEdit.text = logic.visitDate(visit).isoformat() if visit else ""
        self._role.show(self.panel.role_of(visit) if visit else "")
        show_node(ui.visitVolumeSelector, logic.visitVolume(visit) if visit else None)
        show_node(ui.perfusionSelector, logic.perfusion(visit) if visit else None)
        names = ", ".join(series.GetName() for series in logic.series(visit)) if visit else ""
        say(ui.seriesLabel, _("Also: {names}").format(names=names) if names else "")
        for widget in (ui.visitDateEdit, ui.roleSelector, ui.visitVolumeSelector, ui.perfusionSelector):
            allow(widget, "" if visit else NO_VISIT)
        allow(ui.removeVisitButton, "" if visit else NO_VISIT)
        self._enable()

    def _enable(self) -> None:
        ui, visit, series = self.ui, self.visit, self.ui.seriesSelector.currentNode()
        none = (visit is None, NO_VISIT)
        unchosen = (series is None, _("Choose a series first."))
        known = visit is not None and series in self.logic.series(visit)
        allow(ui.addSeriesButton, first_reason(none, unchosen, (known, _("This visit has this series already."))))
        allow(ui.removeSeriesButton, first_reason(none, unchosen, (not known, _("This visit has no such series."))))

    def _on_date(self, visit: VisitNode) -> None:
        self.logic.setVisit(visit, "date", self.ui.visitDateEdit.text.strip())

    def _on_role(self, visit: VisitNode, row: int) -> None:
        self.logic.setVisit(visit, "role", self._role.value)

    def _on_volume(self, visit: VisitNode, volume: slicer.vtkMRMLNode | None) -> None:
        self.logic.setVisitVolume(visit, volume)
        self.panel.show_visit()

    def _on_add(self, visit: VisitNode) -> None:
        self.logic.addSeries(visit, self.ui.seriesSelector.currentNode())

    def _on_remove_series(self, visit: VisitNode) -> None:
        self.logic.removeSeries(visit, self.ui.seriesSelector.currentNode())

    def _on_remove(self, visit: VisitNode) -> None:
        day = self.logic.visitDate(visit)
        if slicer.util.confirmOkCancelDisplay(_("Take the visit of {day} out, with its diameters?").format(day=day)):
            self.logic.removeVisit(self.panel.assessment, visit)
            self.panel.choose_visit(None)
