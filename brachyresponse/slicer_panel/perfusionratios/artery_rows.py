"""The figures of an artery's curve as rows: of one that was just looked at, or of the last computation."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from slicer.i18n import tr as _

from brachyresponse.perfusion.study.record import AifEntry
from brachyresponse.slicer_panel.tables import Cell, Verdict

if TYPE_CHECKING:
    from brachyresponse.perfusion.aif import Aif

VERDICTS = {
    "good": (_("Good"), Verdict.MET),
    "doubtful": (_("Doubtful"), Verdict.WARNING),
    "failed": (_("Failed"), Verdict.NOT_MET),
}


def artery_rows(aif: Aif | AifEntry, unit: str) -> list[list[Cell]]:
    """Return the verdict and the figures, heights in a unit."""
    label, verdict = VERDICTS[aif.verdict]
    voxels = aif.voxels if isinstance(aif, AifEntry) else aif.count
    figures = (
        (_("Peak"), aif.peak, "", unit),
        (_("Width at half the peak"), aif.fwhm_s, ".1f", "s"),
        (_("Arrival"), aif.arrival_s, ".1f", "s"),
        (_("Area of the first pass"), aif.first_pass_area, "", f"{unit} s"),
    )
    return [
        [Cell(_("Can it be used?"), aif.sentence), Cell(label, aif.sentence, verdict), Cell()],
        *([Cell(name), Cell(_shown(value, how), number=True), Cell(of)] for name, value, how, of in figures),
        [Cell(_("Voxels")), Cell(str(voxels) if voxels else "–", number=True), Cell()],
    ]


def reasons(aif: Aif | AifEntry) -> str:
    """Return what speaks against a curve, a line each."""
    if isinstance(aif, AifEntry):  # a record keeps them behind its verdict
        return aif.sentence.partition(f"{aif.verdict}.")[2].strip()
    return "\n".join(aif.reasons)


def _shown(value: float | None, how: str) -> str:
    if value is None or not isfinite(value):
        return "–"
    return f"{value:{how or '.3g'}}"
