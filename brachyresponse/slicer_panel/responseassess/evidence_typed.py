"""Markers that no image in the scene shows: PET, SPECT, readings by eye."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from brachyresponse.response.evidence.markers import Marker, available_markers, quantity
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.marker_cells import describe_marker, study_of
from brachyresponse.slicer_panel.responseassess.numbers import number_in

POSITIVE, NEGATIVE = "positive", "negative"
SIDES: dict[str, str] = {UNKNOWN: _("by its value"), POSITIVE: _("positive"), NEGATIVE: _("negative")}


class TypedMarkersSection(EvidencePart):
    """One marker with its value or its reading, its unit, tracer and reference region."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, self._owner = self.ui, ""
        self._markers: dict[str, Marker] = {marker.id: marker for marker in available_markers()}
        titles = {id_: f"{marker.title} ({study_of(marker)})" for id_, marker in self._markers.items()}
        self._marker = Choice(ui.typedMarkerSelector, {UNKNOWN: _("choose one")} | titles)
        self._side, self._quantity = Choice(ui.typedSideSelector, SIDES), Choice(ui.typedQuantitySelector, {})
        self._details = {"tracer": ui.typedTracerEdit, "reference_region": ui.typedReferenceEdit}
        ui.typedMarkerSelector.connect("activated(int)", lambda row: self._on_marker())
        ui.typedQuantitySelector.connect("activated(int)", lambda row: self._on_quantity())
        ui.typedSideSelector.connect("activated(int)", lambda row: self._enable())
        ui.typedValueEdit.connect("textChanged(QString)", lambda text: self._enable())
        self.on_evidence(ui.addMarkerButton, "clicked()", self._on_add, _("The marker was not added."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Enable what can be done; what was typed for one lesion is not kept for the next."""
        if self.owner != self._owner:
            self._clear(self.ui.typedStatisticEdit, self.ui.typedByEdit, *self._details.values())
        self._owner = self.owner
        self._enable()

    def _clear(self, *edits: qt.QLineEdit) -> None:
        for edit in (self.ui.typedValueEdit, *edits):
            edit.text = ""
        self._side.show(UNKNOWN)

    def _enable(self) -> None:
        ui, missing = self.ui, self.missing
        marker = self._markers.get(self._marker.value)
        by_eye = (marker is not None and marker.is_read_by_eye, _("This marker is read by eye: it has no value."))
        none = (bool(missing), missing)
        for widget in (ui.typedMarkerSelector, ui.typedSideSelector, ui.typedByEdit, *self._details.values()):
            allow(widget, missing)
        for widget in (ui.typedValueEdit, ui.typedUnitEdit, ui.typedStatisticEdit, ui.typedQuantitySelector):
            allow(widget, first_reason(none, by_eye))
        unchosen = (marker is None, _("Choose the marker first."))
        empty = not ui.typedValueEdit.text.strip() and not self._side.value
        unsaid = (empty, _("Type its value, or say whether it was read as positive or negative."))
        allow(ui.addMarkerButton, first_reason(none, unchosen, unsaid))

    def _on_marker(self) -> None:
        """Show what is known of a marker, and what its value may be."""
        marker = self._markers.get(self._marker.value)
        self.ui.typedBox.setHtml(describe_marker(marker) if marker is not None else "")
        self._quantity.fill({name: quantity(name).title for name in marker.quantities} if marker is not None else {})
        self._on_quantity()

    def _on_quantity(self) -> None:
        chosen = self._quantity.value
        self.ui.typedUnitEdit.text = quantity(chosen).unit if chosen else ""
        self._enable()

    def _on_add(self, evidence: EvidenceNode) -> None:
        ui, side = self.ui, self._side.value
        typed = ui.typedValueEdit.text.strip()
        details = {name: edit.text.strip() for name, edit in self._details.items() if edit.text.strip()}
        if self._quantity.value:
            details["quantity"] = self._quantity.value
        self.logic.addFinding(
            evidence,
            self._marker.value,
            value=number_in(typed, _("The value")) if typed else None,
            positive=side == POSITIVE if side else None,
            unit=ui.typedUnitEdit.text.strip() if typed else "",
            statistic=ui.typedStatisticEdit.text.strip(),
            by=ui.typedByEdit.text.strip(),
            **details,
        )
        self._clear()
