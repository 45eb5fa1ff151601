"""Register and match section: where the plan lies on the implant CT, and which found seed is which planned one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.seedverify_logic.nodes import VerificationNode
from brachyresponse.scene.verification_preview import is_previewed
from brachyresponse.scene.verification_tables import SeedState
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.layout import jump_slices
from brachyresponse.slicer_panel.seedverify.section import NO_PLAN, NO_SEEDS, Section
from brachyresponse.slicer_panel.table_rows import table_rows
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, fit_columns, selected_rows
from brachyresponse.verification import Registration

PAIRED = SeedState.PAIRED
MOVES = ("displacement", "along needle", "lateral", "deeper")
STATES = {
    SeedState.PAIRED: _("paired"),
    SeedState.MISSING: _("missing"),
    SeedState.EXTRA: _("extra"),
    SeedState.MIGRATED: _("migrated"),
}


class MatchingSection(Section):
    """Registration with its residual, pairs of planned and found seeds, arrows between them."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._rows: list[dict[str, str]] = []
        fit_columns(ui.matchTable, stretched=6)
        ui.registerButton.connect("clicked()", self.register)
        shown = self.on_shown
        shown(ui.previewCheckBox, "toggled(bool)", self.logic.showRegistration, _("The preview cannot be shown."))
        shown(ui.matchButton, "clicked()", self._on_match, _("The seeds were not matched."))
        shown(ui.arrowsCheckBox, "toggled(bool)", self.logic.showArrows, _("The arrows cannot be shown."))
        self.on(ui.matchTable, "itemSelectionChanged()", self._on_selected, _("Cannot show the seed."))

    def refresh(self, node: VerificationNode | None) -> None:
        """Show the residual and the pairs."""
        ui, logic = self.ui, self.logic
        registration = logic.registration(node) if node else None
        planned = node is not None and logic.planNode(node) is not None
        found = node is not None and logic.seedCounts(node)[0] > 0
        self._rows = table_rows(logic.seedTable(node)) if node else []
        say(
            ui.registrationLabel,
            "\n".join((residual_text(registration), *registration.warnings)) if registration else "",
        )
        ui.previewCheckBox.checked = node is not None and is_previewed(node)
        fill_table(ui.matchTable, [_row(row) for row in self._rows])
        say(ui.matchLabel, _summary(self._rows))
        no_plan = (not planned, NO_PLAN)
        allow(ui.registerButton, first_reason(no_plan))
        allow(ui.previewCheckBox, first_reason((registration is None, _("Register first."))))
        allow(ui.matchButton, first_reason(no_plan, (not found, NO_SEEDS)))
        allow(ui.arrowsCheckBox, first_reason((not self._rows, _("Match first."))))

    def register(self) -> None:
        """Register the planning CT, with progress."""
        panel = self.panel
        with panel.runner.long_action(_("Registering"), _("The plan was not registered.")) as report:
            self.logic.register(panel.verification, panel.parameters.registering.method, report)
        panel.show_node()

    def _on_match(self, verification: VerificationNode) -> None:
        parameters = self.panel.parameters
        self.logic.matchSeeds(verification, parameters.maxDistanceMm, parameters.byNeedle, parameters.aligned)
        self.logic.showArrows(verification, parameters.showArrows)

    def _on_selected(self) -> None:
        chosen = selected_rows(self.ui.matchTable)
        if len(chosen) == 1 and chosen[0] < len(self._rows):
            row = self._rows[chosen[0]]
            jump_slices(slicer.mrmlScene, np.array([float(row[f"{axis} (mm)"]) for axis in "RAS"]))


def residual_text(registration: Registration) -> str:
    """Return what a registration left over, and what that measures."""
    if registration.residual_mm is None:
        return registration.residual_is
    return f"{registration.residual_mm:.1f} mm: {registration.residual_is}"


def _row(row: dict[str, str]) -> list[Cell]:
    tool_tip = _("Confidence {confidence}, of the axis {axis}").format(
        confidence=row["confidence"], axis=row["axis confidence"]
    )
    state = row["state"]
    return [
        Cell(row["planned"], tool_tip),
        Cell(row["found"], tool_tip),
        *(Cell(row[f"{name} (mm)"], tool_tip, number=True) for name in MOVES),
        Cell(STATES[SeedState(state)], tool_tip, Verdict.NONE if state == PAIRED else Verdict.WARNING),
    ]


def _summary(rows: list[dict[str, str]]) -> str:
    """Return ``57 pairs · 2 missing · 1 extra · largest displacement 4.2 mm``."""
    if not rows:
        return ""
    counts = Counter(row["state"] for row in rows)
    moved = [float(row["displacement (mm)"]) for row in rows if row["state"] == PAIRED]
    parts = [_("{count} pairs").format(count=len(moved))]
    parts += [f"{counts[state]} {STATES[state]}" for state in SeedState if state != PAIRED and counts[state]]
    if moved:
        parts.append(_("largest displacement {mm:.1f} mm").format(mm=max(moved)))
    return " · ".join(parts)
