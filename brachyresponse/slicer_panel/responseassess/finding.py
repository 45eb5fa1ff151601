"""How the chosen lesion is found at the visit: role, kind, state, and of a new one where it lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slicer.i18n import tr as _

from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.response_lesion_list import VisitLesion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.labels import tell_in
from brachyresponse.slicer_panel.responseassess import words
from brachyresponse.slicer_panel.responseassess.lesion_cells import has_segment
from brachyresponse.slicer_panel.responseassess.section import (
    NO_LESION,
    NO_LESION_HERE,
    NO_SEGMENT,
    NO_VISIT,
    Section,
)

NOT_NEW: str = _("This lesion is not new: the baseline has it.")
OF_ANOTHER = {LesionState.MERGED.value: "mergedInto", words.PART: "partOf"}
"""States that name another lesion, by what the Logic calls that."""


class FindingSection(Section):
    """The reader's words on one lesion at one visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._choices = {
            "role": Choice(ui.roleOfLesionSelector, words.LESION_ROLES),
            "kind": Choice(ui.lesionKindSelector, words.KINDS),
            "field": Choice(ui.fieldSelector, words.FIELDS),
            "certainty": Choice(ui.certaintySelector, words.CERTAINTIES),
        }
        self._state, self._other = Choice(ui.stateSelector, words.STATES), Choice(ui.mergedSelector, {})
        self._place = self._wanted = ""
        self._shown: tuple[VisitNode | None, str] = (None, "")
        self._connect_choices()
        self.on_visit(ui.organEdit, "editingFinished()", self._on_organ, _("The organ was not taken."))
        self.on_visit(ui.lesionNameEdit, "editingFinished()", self._on_name, _("The name was not taken."))
        failed = _("The place was not found.")
        self.on_visit(ui.placeButton, "clicked()", lambda visit: self._say(visit, self.logic.placeInField), failed)
        self.on_visit(ui.failureButton, "clicked()", lambda visit: self._say(visit, self.logic.siteOfFailure), failed)

    def _connect_choices(self) -> None:
        failed = _("It was not taken.")
        for name, choice in self._choices.items():
            self.on_visit(choice.selector, "activated(int)", lambda visit, row, it=name: self._on(visit, it), failed)
        self.on_visit(self.ui.stateSelector, "activated(int)", self._on_state, failed)
        self.on_visit(self.ui.mergedSelector, "activated(int)", self._on_other, failed)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the lesion."""
        ui, lesion, name = self.ui, self.panel.lesions.lesion, self.panel.lesions.chosen
        if self._shown != (self.visit, name):
            self._place = self._wanted = ""
            self._shown = (self.visit, name)
        shown = {each: getattr(lesion, each) for each in self._choices} if lesion else {}
        for key, choice in self._choices.items():
            choice.show(shown.get(key))
        self._state.show(self._wanted or _state_of(lesion))
        lesions = self.panel.lesions  # one that grew into another is in one of this visit
        others = lesions.ids_here if self._state.value == LesionState.MERGED else lesions.ids
        self._other.fill({UNKNOWN: _("which?"), **{each: each for each in others if each != name}})
        self._other.show((lesion.merged_into or lesion.part_of) if lesion else None)
        ui.lesionNameEdit.text, ui.organEdit.text = (name, lesion.organ) if lesion else ("", "")
        tell_in(ui.fieldBox, self._place or (self.logic.fieldSentence(self.visit, name) if lesion else ""))
        self._enable(lesion)

    def _enable(self, lesion: VisitLesion | None) -> None:
        ui = self.ui
        unchosen = ((self.visit is None, NO_VISIT), (not self.panel.lesions.chosen, NO_LESION))
        away = (lesion is None, NO_LESION_HERE)
        allow(ui.stateSelector, first_reason(*unchosen))
        for widget in (ui.lesionNameEdit, ui.roleOfLesionSelector, ui.lesionKindSelector, ui.organEdit):
            allow(widget, first_reason(*unchosen, away))
        ui.mergedSelector.visible = self._state.value in OF_ANOTHER
        old = (lesion is not None and not lesion.is_new, NOT_NEW)
        for widget in (ui.fieldSelector, ui.certaintySelector):
            allow(widget, first_reason(*unchosen, away, old))
        undrawn = (not has_segment(lesion), NO_SEGMENT)
        for button in (ui.placeButton, ui.failureButton):
            allow(button, first_reason(*unchosen, away, undrawn))

    def _on(self, visit: VisitNode, name: str) -> None:
        self.logic.setLesion(visit, self.panel.lesions.chosen, name, self._choices[name].value or None)

    def _on_state(self, visit: VisitNode, row: int) -> None:
        """Take a state; one that names another lesion waits until that is chosen."""
        chosen, state = self.panel.lesions.chosen, self._state.value
        self._wanted = state if state in OF_ANOTHER else ""
        if self._wanted:
            return
        if self.panel.lesions.lesion is None:
            self.logic.addStatedLesion(visit, chosen, state)
        else:
            self.logic.setLesion(visit, chosen, "partOf", None)
            self.logic.setLesion(visit, chosen, "state", state)

    def _on_other(self, visit: VisitNode, row: int) -> None:
        chosen, state, other = self.panel.lesions.chosen, self._state.value, self._other.value
        if not other:
            return
        if self.panel.lesions.lesion is None:
            self.logic.addStatedLesion(visit, chosen, state)
        self.logic.setLesion(visit, chosen, OF_ANOTHER[state], other)
        self._wanted = ""

    def _on_organ(self, visit: VisitNode) -> None:
        if self.panel.lesions.lesion is not None:
            self.logic.setLesion(visit, self.panel.lesions.chosen, "organ", self.ui.organEdit.text.strip())

    def _on_name(self, visit: VisitNode) -> None:
        old, new = self.panel.lesions.chosen, self.ui.lesionNameEdit.text.strip()
        if self.panel.lesions.lesion is not None and new != old:
            self.logic.renameLesion(visit, old, new)
            self.panel.lesions.choose(new)

    def _say(self, visit: VisitNode, ask: Callable[..., Any]) -> None:
        self._place = ask(visit, self.panel.lesions.chosen).sentence


def _state_of(lesion: VisitLesion | None) -> str | None:
    if lesion is None:
        return None
    return words.PART if lesion.part_of else lesion.state
