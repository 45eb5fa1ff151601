"""Planner, where seeds may lie and how many: spacing, strands, depths, margins, numbers, strengths on hand."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.planning.inverse import Loading, SeedLevels
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.numbers import numbers_in
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.choice import Choice

LOADINGS: dict[str, str] = {Loading.LOOSE: _("loose"), Loading.STRANDED: _("stranded")}
LEVELS: dict[str, str] = {
    SeedLevels.CENTRED: _("in the middle of each needle's run"),
    SeedLevels.PLANES: _("in planes that all needles share"),
}
PLACEMENT = {
    "planSpacingSpinBox": ("spacingMm", "spacing_mm"),
    "skinDepthSpinBox": ("skinDepthMm", "skin_depth_mm"),
    "avoidMarginSpinBox": ("avoidMarginMm", "avoid_margin_mm"),
    "seedMarginSpinBox": ("seedMarginMm", "seed_margin_mm"),
    "mostNeedlesSpinBox": ("mostNeedles", "most_needles"),
    "mostSeedsSpinBox": ("mostSeeds", "most_seeds"),
}
"""Widget, keyword of the Logic's ``setPlacement``, field of the settings."""
SEARCH = {
    "targetMarginSpinBox": ("targetMarginMm", "target_margin_mm"),
    "randomSeedSpinBox": ("randomSeed", "random_seed"),
    "movesSpinBox": ("moves", "moves"),
}
"""The same for ``setSearch``."""


class PlacementSection(Section):
    """Placement and search settings of the plan; each change is kept in it."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, logic, failed = self.ui, self.logic, _("The value was not taken.")
        self._loading, self._levels = Choice(ui.loadingSelector, LOADINGS), Choice(ui.levelsSelector, LEVELS)
        self.on_numbers(PLACEMENT, logic.setPlacement)
        self.on_numbers(SEARCH, logic.setSearch)
        for selector in (ui.loadingSelector, ui.levelsSelector):
            self.on_shown(selector, "activated(int)", self._on_word, failed)
        self.on_shown(ui.strengthsEdit, "editingFinished()", self._on_strengths, failed)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the settings of the plan."""
        ui, logic = self.ui, self.logic
        for name in (*PLACEMENT, *SEARCH, "loadingSelector", "levelsSelector", "strengthsEdit"):
            allow(getattr(ui, name), "" if plan else NO_PLAN)
        if plan is None:
            return
        placement, search = logic.placement(plan), logic.search(plan)
        self.show_numbers(PLACEMENT, placement)
        self.show_numbers(SEARCH, search)
        self._loading.show(placement.loading)
        self._levels.show(placement.levels)
        ui.strengthsEdit.text = "; ".join(f"{strength:g}" for strength in logic.strengthsOnHand(plan))

    def _on_word(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        self.logic.setPlacement(plan, loading=self._loading.value, levels=self._levels.value)

    def _on_strengths(self, plan: slicer.vtkMRMLScriptedModuleNode) -> None:
        strengths = numbers_in(self.ui.strengthsEdit.text, _("The strengths on hand, U"))
        if strengths != tuple(self.logic.strengthsOnHand(plan)):
            self.logic.setActivitiesOnHand(plan, strengthsU=strengths)
