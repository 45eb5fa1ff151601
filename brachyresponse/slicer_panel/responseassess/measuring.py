"""Lesions from images: one click grows one, a segment is added, its diameters are laid as lines."""

from __future__ import annotations

from typing import Any

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.clicking import Clicking
from brachyresponse.slicer_panel.layout import edit_segments
from brachyresponse.slicer_panel.responseassess.lesion_cells import has_segment
from brachyresponse.slicer_panel.responseassess.section import (
    NO_IMAGE,
    NO_LESION,
    NO_LESION_HERE,
    NO_SEGMENT,
    NO_VISIT,
    Section,
)
from brachyresponse.slicer_panel.responseassess.words import HOLES, PLANES
from brachyresponse.slicer_panel.segment_choice import SegmentChoice
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.types import FloatArray


class MeasuringSection(Section):
    """What is measured on the image of the visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, on_visit = self.ui, self.on_visit
        self.clicking = Clicking(self.panel.window, self._on_place, self._on_ended)
        self._segment = SegmentChoice(ui.segmentationSelector, ui.segmentSelector)
        self._plane, self._holes = Choice(ui.planeSelector, PLANES), Choice(ui.holesSelector, HOLES)
        ui.segmentSelector.connect("currentSegmentChanged(QString)", lambda segment: self._enable())
        on_visit(ui.clickLesionButton, "clicked(bool)", self._on_click, _("The lesion cannot be clicked."))
        on_visit(ui.addLesionButton, "clicked()", self._on_add, _("The segment cannot be used."))
        on_visit(ui.measureButton, "clicked()", self._on_measure, _("The lesion was not measured."))
        on_visit(ui.editLesionButton, "clicked()", self._on_edit, _("The Segment Editor cannot be opened."))
        on_visit(ui.removeLesionButton, "clicked()", self._on_remove, _("The lesion was not removed."))
        keys = {"L": ui.clickLesionButton, "M": ui.measureButton, "Delete": ui.removeLesionButton}
        self._shortcuts = Shortcuts(ui.measureTab, keys)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Enable what can be done."""
        self._enable()

    def stop_clicking(self) -> None:
        """End clicking a lesion, as Escape does."""
        self.clicking.end()

    def _enable(self) -> None:
        ui, visit, lesion = self.ui, self.visit, self.panel.lesions.lesion
        none = (visit is None, NO_VISIT)
        image = (visit is not None and self.logic.visitVolume(visit) is None, NO_IMAGE)
        unchosen = (not self.panel.lesions.chosen, NO_LESION)
        away = (lesion is None, NO_LESION_HERE)
        drawn = (not has_segment(lesion), NO_SEGMENT)
        allow(ui.clickLesionButton, first_reason(none, image))
        allow(
            ui.addLesionButton,
            first_reason(none, (not ui.segmentSelector.currentSegmentID(), _("Choose a segment first."))),
        )
        allow(ui.removeLesionButton, first_reason(none, unchosen, away))
        for button in (ui.measureButton, ui.editLesionButton):
            allow(button, first_reason(none, unchosen, away, drawn))

    def _on_click(self, visit: VisitNode, start: bool) -> None:
        self.clicking.end()
        if start:
            self.clicking.begin(slicer.mrmlScene)
            self.ui.clickLesionButton.checked = True

    def _on_ended(self) -> None:
        self.ui.clickLesionButton.checked = False

    def _on_place(self, position_mm: FloatArray) -> None:
        visit = self.visit
        if visit is not None:
            place = position_mm.tolist()
            self.panel.run(lambda: self._grow(visit, place), _("No lesion was grown there."))

    def _grow(self, visit: VisitNode, place: list[float]) -> None:
        """Grow, take and measure; a lesion that cannot be measured stays on record, and that is said."""
        self._take(visit, *self.logic.growLesion(visit, place))

    def _on_add(self, visit: VisitNode) -> None:
        self._take(visit, *self._segment.chosen)

    def _take(self, visit: VisitNode, segmentation: Any, segment: str) -> None:
        lesion = self.logic.addLesion(visit, segmentation, segment)
        self.panel.lesions.choose(lesion)
        self.logic.measureLesion(visit, lesion, plane=self._plane.value, holes=self._holes.value)

    def _on_measure(self, visit: VisitNode) -> None:
        chosen = self.panel.lesions.chosen
        self.logic.measureLesion(visit, chosen, plane=self._plane.value, holes=self._holes.value)
        self.panel.lesions.show_place()

    def _on_edit(self, visit: VisitNode) -> None:
        lesion: Any = self.panel.lesions.lesion
        edit_segments(lesion.segment.node, self.logic.visitVolume(visit))

    def _on_remove(self, visit: VisitNode) -> None:
        self.logic.removeLesion(visit, self.panel.lesions.chosen)
