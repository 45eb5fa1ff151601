"""How the markers are weighed: the conventions that a user may change, as rows that can be typed into."""

from __future__ import annotations

from dataclasses import dataclass

from slicer.i18n import tr as _

from brachyresponse.scene.evidence_fields import EvidenceField, evidence_text
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.numbers import number_in
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

VALUE = 1
PERFUSION_LESION: str = _("Lesion in the perfusion study")


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
    """A row a setting, and one for the name that the perfusion study of the visit gives the lesion."""

    def setup(self) -> None:
        """Connect the widgets."""
        table = self.ui.settingsTable
        fit_columns(table, stretched=0)
        self.on_evidence(table, "cellChanged(int,int)", self._on_typed, _("The setting was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the settings."""
        evidence = self.evidence
        fill_table(self.ui.settingsTable, self._rows(evidence) if evidence is not None else [])

    def _rows(self, evidence: EvidenceNode) -> list[list[Cell]]:
        settings = self.logic.settings(evidence)
        lesion = evidence_text(evidence, EvidenceField.PERFUSION_LESION)
        rows = [(row.label, row.tool_tip, _shown(getattr(settings, row.name))) for row in SETTINGS]
        rows.append((PERFUSION_LESION, _("Where it is not called as here: its name there."), lesion))
        return [[Cell(label, tool_tip), Cell(text, tool_tip, editable=True)] for label, tool_tip, text in rows]

    def _on_typed(self, evidence: EvidenceNode, row: int, column: int) -> None:
        if column != VALUE:
            return
        typed = self.ui.settingsTable.item(row, column).text().strip()
        if row == len(SETTINGS):
            self.logic.setPerfusionLesion(evidence, typed)
            return
        setting = SETTINGS[row]
        value = number_in(typed, setting.label) if setting.is_number and typed else typed
        self.logic.setSetting(evidence, setting.name, value if typed else None)


def _shown(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
