"""True figures of a perfusion scan that was made, beside what was measured: ``truth.json``, schema 1.

One JSON object: ``schema`` (1) and ``ratios``, the true lesion-to-white-matter ratio of each quantity
(``vp``, ``ktrans_per_min``, ``cbv_ml_per_100ml``); ``tissues``, whose ``lesion`` and ``white matter`` hold the figures
themselves; ``diagnosis``, null before the treatment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brachyresponse.perfusion.study import JudgedStudy, MapName, map_facts
from brachyresponse.planning.record import read_record
from brachyresponse.report.verification_truth import TruthRow

SCHEMA = 1
QUANTITIES = {
    MapName.VP: "vp",
    MapName.KTRANS: "ktrans_per_min",
    MapName.RCBV: "cbv_ml_per_100ml",
}
"""Maps whose ratio has a true one."""
FIGURES = {MapName.VP: "vp", MapName.KTRANS: "ktrans_per_min"}
"""Maps whose values have true ones; relative blood volume has no unit of its own."""


@dataclass(frozen=True)
class PerfusionTruthFile:
    """What is true: ratios by quantity, figures of lesion and white matter by quantity, the diagnosis."""

    ratios: Mapping[str, float]
    lesion: Mapping[str, float]
    white_matter: Mapping[str, float]
    diagnosis: str


def write_perfusion_truth(record: Mapping[str, Any], path: Path) -> None:
    """Write a record of the digital patient's truth."""
    path.write_text(json.dumps({"schema": SCHEMA, **record}, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_perfusion_truth(path: Path) -> PerfusionTruthFile:
    """Return what a file says is true.

    Raises
    ------
    InputFileError
        The file cannot be read, or a field is missing or wrong.
    """
    record = read_record(path, SCHEMA)
    ratios, tissues = record.part("ratios"), record.part("tissues")
    lesion, white = tissues.part("lesion"), tissues.part("white matter")
    names = tuple(QUANTITIES.values())
    return PerfusionTruthFile(
        {name: ratios.number(name) for name in names},
        {name: lesion.number(name) for name in names},
        {name: white.number(name) for name in names},
        record.text("diagnosis") if record.has("diagnosis") else "",
    )


def truth_rows(judged: JudgedStudy, truth: PerfusionTruthFile) -> tuple[TruthRow, ...]:
    """Return truth beside result: ratios and figures of every lesion, and what the lesion is."""
    statistic = judged.study.request.settings.statistic
    rows = []
    for row in judged.record.ratios:
        quantity = QUANTITIES.get(row.map)
        if quantity is None or row.statistic != statistic:
            continue
        rows.append(_row(f"{row.lesion}: {row.label}", truth.ratios[quantity], row.value, 2))
        if row.map in FIGURES:
            facts = map_facts(row.map)
            title = f"{facts.label} {f'({facts.unit}) ' if facts.unit else ''}"
            rows.append(_row(f"{title}in the lesion", truth.lesion[quantity], row.lesion_value, facts.decimals))
            white = truth.white_matter[quantity]
            rows.append(_row(f"{title}in white matter", white, row.white_matter_value, facts.decimals))
    if truth.diagnosis:
        said = "; ".join(one.headline for one in judged.interpretations.values())
        rows.append(TruthRow("What the lesion is", truth.diagnosis, said))
    return tuple(rows)


def _row(quantity: str, true: float, found: float | None, decimals: int) -> TruthRow:
    shown = "not evaluable" if found is None else f"{found:.{decimals}f}"
    apart = "" if found is None or not true else f"{100 * (found / true - 1):+.1f} %"
    return TruthRow(quantity, f"{true:.{decimals}f}", shown, apart)
