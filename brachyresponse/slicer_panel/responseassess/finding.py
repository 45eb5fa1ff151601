"""How the chosen lesion is found at the visit: role, kind, state, and of a new one where it lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slicer.i18n import tr as _

from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess import words
from brachyresponse.slicer_panel.responseassess.section import (
    NO_LESION,
    NO_LESION_HERE,
    NO_SEGMENT,
    NO_VISIT,
    Section,
)

NOT_NEW: str = _("This lesion is not new: the baseline has it.")


class FindingSection(Section):
    """The reader's words on one lesion at one visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._choices = {
            "role": Choice(ui.roleOfLesionSelector, words.LESION_ROLES),
            "kind": Choice(ui.lesionKindSelector, words.KINDS),
            "state": Choice(ui.stateSelector, words.STATES),
            "mergedInto": Choice(ui.mergedSelector, {}),
            "field": Choice(ui.fieldSelector, words.FIELDS),
            "certainty": Choice(ui.certaintySelector, words.CERTAINTIES),
        }
        self._place = ""
        self._shown: tuple[Any, str] = (None, "")
        for name, choice in self._choices.items():
            on = lambda visit, row, it=name: self._on(visit, it)  # noqa: E731  # a name a widget
            self.on_visit(choice.selector, "activated(int)", on, _("It was not taken."))
        self.on_visit(ui.organEdit, "editingFinished()", self._on_organ, _("The organ was not taken."))
        self.on_visit(ui.lesionNameEdit, "editingFinished()", self._on_name, _("The name was not taken."))
        failed = _("The place was not found.")
        self.on_visit(ui.placeButton, "clicked()", lambda visit: self._say(visit, self.logic.placeInField), failed)
        self.on_visit(ui.failureButton, "clicked()", lambda visit: self._say(visit, self.logic.siteOfFailure), failed)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the lesion."""
        ui, lesion, name = self.ui, self.panel.lesions.lesion, self.panel.lesions.chosen
        if self._shown != (self.visit, name):
            self._place, self._shown = "", (self.visit, name)
        others = [each for each in self.panel.lesions.ids if each != name]
        self._choices["mergedInto"].fill({UNKNOWN: _("which?"), **{each: each for each in others}})
        shown = _values(lesion) if lesion else {}
        for key, choice in self._choices.items():
            choice.show(shown.get(key))
        ui.lesionNameEdit.text, ui.organEdit.text = (name, lesion.organ) if lesion else ("", "")
        say(ui.fieldLabel, self._place)
        self._enable(lesion)

    def _enable(self, lesion: Any | None) -> None:
        ui, visit = self.ui, self.visit
        reasons = (
            (visit is None, NO_VISIT),
            (not self.panel.lesions.chosen, NO_LESION),
            (lesion is None, NO_LESION_HERE),
        )
        for widget in (
            ui.lesionNameEdit,
            ui.roleOfLesionSelector,
            ui.lesionKindSelector,
            ui.organEdit,
            ui.stateSelector,
        ):
            allow(widget, first_reason(*reasons))
        ui.mergedSelector.visible = lesion is not None and lesion.state == LesionState.MERGED
        old = (lesion is not None and not lesion.is_new, NOT_NEW)
        for widget in (ui.fieldSelector, ui.certaintySelector):
            allow(widget, first_reason(*reasons, old))
        undrawn = (lesion is not None and lesion.segment is None, NO_SEGMENT)
        for button in (ui.placeButton, ui.failureButton):
            allow(button, first_reason(*reasons, undrawn))

    def _on(self, visit: VisitNode, name: str) -> None:
        chosen, value = self.panel.lesions.chosen, self._choices[name].value
        self.logic.setLesion(visit, chosen, name, value or None)

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


def _values(lesion: Any) -> dict[str, str | None]:
    return {
        "role": lesion.role,
        "kind": lesion.kind,
        "state": lesion.state,
        "mergedInto": lesion.merged_into,
        "field": lesion.field,
        "certainty": lesion.certainty,
    }
