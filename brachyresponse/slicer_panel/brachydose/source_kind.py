"""What is implanted: seeds along needles, or a balloon that is filled with a radioactive liquid."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.section import BALLOON, NO_PLAN, SEEDS, Section
from brachyresponse.slicer_panel.choice import Choice

KINDS: dict[str, str] = {SEEDS: _("seeds"), BALLOON: _("balloon with liquid (GliaSite)")}
OF_SEEDS = ("needlesSection", "seedsSection", "plannerSection", "tradeOffSection", "replanSection")
"""Sections that a balloon has no use for."""
OWN_RULES: str = _("A balloon is held to the rules of GliaSite plans: see 7 Results.")
NO_NEEDLES: str = _("A balloon has no needles and no seeds: choose seeds in 2 Prescription and source.")


class SourceKindSection(Section):
    """Shows the fields of the kind, and closes the sections that it has no use for."""

    def setup(self) -> None:
        """Connect the widgets."""
        self._kind = Choice(self.ui.kindSelector, KINDS)
        self.on_shown(self.ui.kindSelector, "activated(int)", self._on_kind, _("The kind was not taken."))

    @property
    def is_balloon(self) -> bool:
        """Whether the plan that is shown is of a balloon."""
        return self._kind.value == BALLOON

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show what belongs to the plan's kind."""
        ui = self.ui
        self._kind.show(self.logic.sourceKind(plan) if plan else SEEDS)
        allow(ui.kindSelector, "" if plan else NO_PLAN)
        ui.seedSourceBox.visible, ui.balloonTabs.visible = not self.is_balloon, self.is_balloon
        allow(ui.profileSelector, OWN_RULES if self.is_balloon else "" if plan else NO_PLAN)
        if self.is_balloon:
            ui.profileSelector.setCurrentIndex(-1)
        for name in OF_SEEDS:
            section = getattr(ui, name)
            allow(section, NO_NEEDLES if self.is_balloon else "")
            if self.is_balloon and not section.collapsed:
                self.panel.accordion.open("sourceSection")

    def _on_kind(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        self.logic.setSourceKind(plan, self._kind.value)
