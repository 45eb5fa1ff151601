"""The dose of each course: which volume it is, and how it was brought to the baseline."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import Treatment
from brachyresponse.scene.response_doses import dose_motion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.section import NO_ASSESSMENT, NO_BASELINE, Section
from brachyresponse.slicer_panel.selectors import show_node

NO_COURSE: str = _("Add an implant, a removed source or external beam to the treatments first.")
NO_DOSE: str = _("Choose the dose of this course first.")


class DoseSection(Section):
    """What the irradiated field and the site of failure are made from."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, changed = self.ui, "currentNodeChanged(vtkMRMLNode*)"
        self._course = Choice(ui.courseSelector, {})
        self.on_shown(ui.courseSelector, "activated(int)", lambda node, row: None, "")
        self.on_shown(ui.doseSelector, changed, self._on_dose, _("The dose cannot be used."))
        ui.registerDoseButton.connect("clicked()", self.register)
        self.on_visit(ui.showFieldButton, "clicked()", self._on_field, _("The field cannot be shown."))
        self.on_shown(ui.sameFrameButton, "clicked()", self._on_same_frame, _("The dose was not placed."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show course and dose."""
        ui, logic = self.ui, self.logic
        courses = self._courses(node)
        self._course.fill({str(row): course.describe() for row, course in courses.items()})
        dose = logic.courseDose(node, self._row) if courses else None
        show_node(ui.doseSelector, dose)
        say(ui.doseLabel, _sentence(node, dose) if node and dose is not None else "")
        none = ((node is None, NO_ASSESSMENT), (not courses, NO_COURSE))
        for widget in (ui.courseSelector, ui.doseSelector, ui.doseImageSelector):
            allow(widget, first_reason(*none))
        for button in (ui.registerDoseButton, ui.sameFrameButton, ui.showFieldButton):
            allow(button, first_reason(*none, (dose is None, NO_DOSE), (self.panel.baseline is None, NO_BASELINE)))

    def register(self) -> None:
        """Register the image of the dose to the baseline, with progress."""
        panel, ui = self.panel, self.ui
        with panel.runner.long_action(_("Registering"), _("The dose was not registered.")) as report:
            dose, image = ui.doseSelector.currentNode(), ui.doseImageSelector.currentNode()
            self.logic.registerDose(panel.assessment, dose, image, report)
        panel.show_node()

    @property
    def _row(self) -> int:
        """Row of the chosen course in the treatments."""
        return int(self._course.value)

    def _courses(self, node: AssessmentNode | None) -> dict[int, Treatment]:
        treatments = self.logic.treatments(node) if node else ()
        return {row: treatment for row, treatment in enumerate(treatments) if treatment.is_radiation}

    def _on_dose(self, node: AssessmentNode, dose: slicer.vtkMRMLNode | None) -> None:
        self.logic.setCourseDose(node, self._row, dose)

    def _on_field(self, visit: VisitNode) -> None:
        self.logic.showField(visit)

    def _on_same_frame(self, node: AssessmentNode) -> None:
        self.logic.doseLiesInBaseline(node, self.ui.doseSelector.currentNode())


def _sentence(node: AssessmentNode, dose: slicer.vtkMRMLScalarVolumeNode) -> str:
    """How a dose lies on the baseline, or why that is not known."""
    try:
        motion = dose_motion(node, dose)
    except ResponseError as error:
        return str(error)
    residual = "" if motion.residual_mm is None else _("Residual {size:.1f} mm. ").format(size=motion.residual_mm)
    return str(residual + "\n".join((motion.residual_is, *motion.warnings)))
