"""Writing what was measured into the nodes of a study: maps, tables, chart, interpretation, and the record of all."""

from __future__ import annotations

from collections.abc import Iterable

import slicer

from brachyresponse.perfusion.study.judge import PRE_TREATMENT, JudgedStudy, VisitRatios
from brachyresponse.perfusion.study.record import RatioEntry
from brachyresponse.perfusion.study.tables import exclusion_table, ratio_table, used_table
from brachyresponse.planning import Table
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.perfusion_curves import write_curves
from brachyresponse.scene.perfusion_maps import write_maps
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node
from brachyresponse.scene.perfusion_records import write_record
from brachyresponse.scene.perfusion_staleness import mark_perfusion_current
from brachyresponse.scene.tables import write_table

NOTHING = "-"
DECIMALS = 2
COMPARISON_COLUMNS = ("lesion", "ratio", "statistic", "before treatment", "this scan", "change", "why not evaluable")
TIMING_COLUMNS = ("condition", "expected", "days", "kept", "note")
KEPT = {True: "yes", False: "no", None: "not known"}


def write_results(perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy, signature: str) -> None:
    """Write a study into the nodes of its node; those of before are updated in place, the user's are left alone.

    Parameters
    ----------
    signature
        Of the inputs when they were read: what is changed during a run makes its results stale.

    Raises
    ------
    BrachyResponseError
        There is no such study, or a node cannot be written.
    """
    with batch(perfusion_node.GetScene()):
        write_maps(perfusion_node, judged.study.maps)
        write_curves(perfusion_node, judged.study.curves)
        write_judgement(perfusion_node, judged, signature)


def write_judgement(perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy, signature: str) -> None:
    """Write what follows from the maps and from the pre-treatment scan: tables, interpretation, record."""
    with batch(perfusion_node.GetScene()):
        for role, what, table in _tables(judged):
            write_table(table, own_perfusion_node(perfusion_node, role, "vtkMRMLTableNode", what))
        text = own_perfusion_node(perfusion_node, PerfusionRole.INTERPRETATION, "vtkMRMLTextNode", "interpretation")
        text.SetText(interpretation_text(judged))
        write_record(perfusion_node, judged.record)
    mark_perfusion_current(perfusion_node, signature)


def interpretation_text(judged: JudgedStudy) -> str:
    """Return what may and may not be concluded, lesion by lesion, each sentence with the rule that fired."""
    if judged.is_pre_treatment:
        return PRE_TREATMENT
    lines: list[str] = []
    for lesion, found in judged.interpretations.items():
        lines.append(f"{lesion}: {found.headline} (weight of the marker {found.weight:g}).")
        lines += [f"  [{sentence.rule}] {sentence.text}" for sentence in found.sentences]
    return "\n".join(lines) or "No lesion was measured."


def comparison_table(visits: Iterable[VisitRatios]) -> Table:
    """Return every ratio of a scan beside that of the pre-treatment scan."""
    rows = tuple(
        (
            visit.lesion,
            visit.after.label,
            visit.after.statistic,
            _with_interval(visit.before),
            _with_interval(visit.after),
            _change(visit),
            " ".join(visit.after.reasons),
        )
        for visit in visits
    )
    return Table("Before treatment and now", COMPARISON_COLUMNS, rows)


def _tables(judged: JudgedStudy) -> tuple[tuple[PerfusionRole, str, Table], ...]:
    record = judged.record
    timing = tuple(
        (row.label, row.expected, NOTHING if row.days is None else str(row.days), KEPT[row.passed], row.note)
        for row in record.timing
    )
    said = tuple((sentence,) for sentence in record.protocol)
    return (
        (PerfusionRole.RATIOS, "ratios", ratio_table(judged)),
        (PerfusionRole.COMPARISON, "before and now", comparison_table(judged.visits())),
        (PerfusionRole.EXCLUSIONS, "left out", exclusion_table(record)),
        (PerfusionRole.TIMING, "timing", Table("Timing", TIMING_COLUMNS, timing)),
        (PerfusionRole.PROTOCOL, "protocol", Table("Consensus protocol", ("protocol",), said)),
        (PerfusionRole.USED, "what was used", used_table(record)),
    )


def _with_interval(row: RatioEntry | None) -> str:
    if row is None or row.value is None:
        return NOTHING if row is None else "not evaluable"
    if row.low is None or row.high is None:
        return f"{row.value:.{DECIMALS}f}"
    return f"{row.value:.{DECIMALS}f} ({row.low:.{DECIMALS}f} to {row.high:.{DECIMALS}f})"


def _change(visit: VisitRatios) -> str:
    before = None if visit.before is None else visit.before.value
    if not before or visit.after.value is None:
        return NOTHING
    return f"{100 * (visit.after.value / before - 1):+.0f} %"
