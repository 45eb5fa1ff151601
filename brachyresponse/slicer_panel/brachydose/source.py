"""Prescription and source section: site, dose, seed model, linked activities, dates."""

from __future__ import annotations

from datetime import date

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import available_profiles, load_profile
from brachyresponse.scene.plan_activity import implant_strength_u
from brachyresponse.scene.plan_choices import read_plan_choices
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_number, plan_text
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.sources import available_sources, load_source, u_to_mbq, u_to_mci


class SourceSection(Section):
    """What is prescribed, and with which seeds. MBq, mCi and U show one strength and follow each other."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The value was not taken.")
        for name in available_profiles():
            ui.profileSelector.addItem(load_profile(name).label, name)
        for name in available_sources():
            source = load_source(name)
            ui.sourceSelector.addItem(f"{source.model} ({source.manufacturer}, {source.radionuclide})", name)
        self.on(ui.profileSelector, "activated(int)", lambda row: self._on_prescription(), failed)
        self.on(ui.prescriptionSpinBox, "valueChanged(double)", lambda dose: self._on_prescription(), failed)
        self.on(ui.sourceSelector, "activated(int)", lambda row: self._on_source(), failed)
        self.on(ui.surrogateEdit, "editingFinished()", self._on_source, failed)
        self._connect_activity(failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the values of the plan."""
        for widget in self._widgets():
            widget.enabled = plan is not None
        self.ui.decayLabel.text = ""
        if plan is not None:
            self._show_choices(plan)
            self._show_activity(plan)

    def _show_choices(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        ui = self.ui
        ui.profileSelector.setCurrentIndex(ui.profileSelector.findData(plan_text(plan, PlanField.PROFILE)))
        ui.prescriptionSpinBox.value = plan_number(plan, PlanField.PRESCRIPTION_GY)
        ui.sourceSelector.setCurrentIndex(ui.sourceSelector.findData(plan_text(plan, PlanField.SOURCE)))
        ui.surrogateEdit.text = plan_text(plan, PlanField.SURROGATE_FOR)
        ui.patientIdEdit.text = plan_text(plan, PlanField.PATIENT_ID)
        if plan_text(plan, PlanField.PLANNING_IMAGE_DATE):
            ui.imageDateEdit.date = _as_qdate(plan_day(plan, PlanField.PLANNING_IMAGE_DATE))

    def _show_activity(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        ui, choices, source = self.ui, read_plan_choices(plan), read_plan_source(plan)
        strength_u, implant_date = choices.assayed_strength_u, plan_day(plan, PlanField.IMPLANT_DATE)
        ui.strengthSpinBox.value = strength_u
        ui.activityMbqSpinBox.value = u_to_mbq(strength_u, source.radionuclide)
        ui.activityMciSpinBox.value = u_to_mci(strength_u, source.radionuclide)
        ui.implantDateEdit.date = _as_qdate(implant_date)
        ui.referenceDateEdit.date = _as_qdate(choices.reference_date or implant_date)
        left_u = implant_strength_u(plan)
        ui.decayLabel.text = _("{strength:.3f} U on that day").format(strength=left_u)

    def _connect_activity(self, failed: str) -> None:
        ui = self.ui
        amounts = (
            (ui.activityMbqSpinBox, "activityMbq"),
            (ui.activityMciSpinBox, "activityMci"),
            (ui.strengthSpinBox, "strengthU"),
        )
        for box, keyword in amounts:
            self.on(box, "valueChanged(double)", lambda value, it=keyword: self._set_activity(**{it: value}), failed)
        days = ((ui.referenceDateEdit, "referenceDate"), (ui.implantDateEdit, "implantDate"))
        for edit, keyword in days:
            self.on(
                edit, "dateChanged(QDate)", lambda day, it=keyword: self._set_activity(**{it: _as_date(day)}), failed
            )
        self.on(ui.patientIdEdit, "editingFinished()", self._on_patient, failed)
        self.on(ui.imageDateEdit, "dateChanged(QDate)", self._on_image_date, failed)

    def _set_activity(self, **values: float | date) -> None:
        self.logic.setActivity(self.panel.plan, **values)

    def _on_prescription(self) -> None:
        ui = self.ui
        profile = ui.profileSelector.itemData(ui.profileSelector.currentIndex)
        self.logic.setPrescription(self.panel.plan, ui.prescriptionSpinBox.value, profile)

    def _on_source(self) -> None:
        ui = self.ui
        source = ui.sourceSelector.itemData(ui.sourceSelector.currentIndex)
        self.logic.setSource(self.panel.plan, source, ui.surrogateEdit.text.strip())

    def _on_patient(self) -> None:
        self.logic.setPatient(self.panel.plan, patientID=self.ui.patientIdEdit.text)

    def _on_image_date(self, day: qt.QDate) -> None:
        self.logic.setPatient(self.panel.plan, imageDate=_as_date(day))

    def _widgets(self) -> tuple[qt.QWidget, ...]:
        ui = self.ui
        return (
            ui.profileSelector, ui.prescriptionSpinBox, ui.sourceSelector, ui.surrogateEdit, ui.activityMbqSpinBox,
            ui.activityMciSpinBox, ui.strengthSpinBox, ui.referenceDateEdit, ui.implantDateEdit, ui.patientIdEdit,
            ui.imageDateEdit,
        )  # fmt: skip


def _as_qdate(day: date) -> qt.QDate:
    return qt.QDate(day.year, day.month, day.day)


def _as_date(day: qt.QDate) -> date:
    return date(day.year(), day.month(), day.day())
