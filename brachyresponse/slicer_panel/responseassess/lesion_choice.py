"""Which lesion the sections on diffusion, spectra and evidence are about: the chosen one, in their own first line."""

from __future__ import annotations

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.responseassess.section import NO_LESION, NO_LESION_HERE, NO_VISIT, Section

NONE_HERE: str = _("No lesion is on record at this visit: add one first (3 Lesions).")


class LesionChoiceSection(Section):
    """The chosen lesion of the table, among those on record at the visit."""

    def setup(self) -> None:
        """Connect the widgets."""
        self._choices = [self._choice(self.ui.diffusionLesionSelector), self._choice(self.ui.evidenceLesionSelector)]

    @property
    def missing(self) -> str:
        """Why nothing can be said of a lesion now; empty where one is chosen that is on record at the visit."""
        lesions = self.panel.lesions
        return first_reason(
            (self.visit is None, NO_VISIT),
            (not lesions.ids_here, NONE_HERE),
            (not lesions.chosen, NO_LESION),
            (lesions.lesion is None, NO_LESION_HERE),
        )

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the lesions of the visit, and the chosen one."""
        here = self.panel.lesions.ids_here
        none = first_reason((self.visit is None, NO_VISIT), (not here, NONE_HERE))
        for choice in self._choices:
            choice.fill({lesion: lesion for lesion in here})
            choice.show(self.panel.lesions.chosen)
            allow(choice.selector, none)

    def _choice(self, selector: qt.QComboBox) -> Choice:
        choice = Choice(selector, {})
        self.on_visit(
            selector, "activated(int)", lambda visit, row: self._on_chosen(choice), _("This lesion cannot be shown.")
        )
        return choice

    def _on_chosen(self, choice: Choice) -> None:
        self.panel.lesions.choose(choice.value)
        self.panel.lesions.refresh(self.panel.node)
        self.panel.lesions.show_place()
