"""How the markers are weighed: the conventions that a user may change, as rows that can be typed into."""

from __future__ import annotations

from dataclasses import dataclass

from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.numbers import number_in
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

VALUE = 1


@dataclass(frozen=True)
class Setting:
    """One row: its name in ``EvidenceSettings``, what a reader calls it, and what it does."""

    name: str
    label: str
    tool_tip: str
    is_number: bool = True


SETTINGS = (
    Setting("weight", _("Weight of later markers, 0 to 1"), _("Markers of different groups are not independent.")),
    Setting(
        "weight_without_pre_treatment",
        _("Power without a scan before"),
        _("The power of the likelihood ratio of absent hyperperfusion where no scan before treatment is known."),
    ),
    Setting(
        "threshold",
        _("Hyperperfused from a ratio of"),
        _("Ratio to white matter below which hyperperfusion is absent."),
    ),
    Setting("parameter", _("Ratio held against it (vp, ktrans)"), _("Of a DCE study."), is_number=False),
)


class EvidenceSettingsSection(EvidencePart):
    """A row a setting."""

    def setup(self) -> None:
        """Connect the widgets."""
        table = self.ui.settingsTable
        fit_columns(table, stretched=0)
        self.on_evidence(table, "cellChanged(int,int)", self._on_typed, _("The setting was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the settings."""
        evidence = self.evidence
        settings = self.logic.settings(evidence) if evidence is not None else None
        rows = [_cells(row, getattr(settings, row.name)) for row in SETTINGS] if settings is not None else []
        fill_table(self.ui.settingsTable, rows)

    def _on_typed(self, evidence: EvidenceNode, row: int, column: int) -> None:
        if column == VALUE:
            setting, typed = SETTINGS[row], self.ui.settingsTable.item(row, column).text().strip()
            value = number_in(typed, setting.label) if setting.is_number and typed else typed
            self.logic.setSetting(evidence, setting.name, value if typed else None)


def _cells(setting: Setting, value: float | str) -> list[Cell]:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return [Cell(setting.label, setting.tool_tip), Cell(text, setting.tool_tip, editable=True)]
