"""The markers of lesions as a table: what was weighed, and what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from brachyresponse.planning import Table
from brachyresponse.planning.exports import Cell
from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.evidence.weighing import LeftOut, UsedMarker

COLUMNS = (
    "visit", "lesion", "verdict", "low", "mid", "high", "marker", "title", "group", "value", "value low", "value high",
    "unit", "statistic", "positive", "quality", "used", "side", "indicates", "likelihood ratio", "ratio low",
    "ratio high", "weight", "fits the population", "cut-off", "why not used", "study", "source",
)  # fmt: skip


def evidence_table(evidence: Iterable[LesionEvidence]) -> Table:
    """Return one row a marker of every lesion, the used ones first; a lesion without markers has one row."""
    return Table("Evidence", COLUMNS, tuple(row for one in evidence for row in _rows(one)))


def _rows(one: LesionEvidence) -> Iterator[tuple[Cell, ...]]:
    low, mid, high = one.evidence.interval
    about: tuple[object, ...] = (one.visit, one.lesion, one.verdict, low, mid, high)
    for used in one.evidence.used:
        yield _row(*about, *_measured(used.finding, used.marker.title, used.marker.group), *_used(used))
    for left in one.evidence.left_out:
        yield _row(*about, *_measured(left.finding, left.marker.title, left.marker.group), *_left_out(left))
    if not one.evidence.used and not one.evidence.left_out:
        yield _row(*about, *[None] * (len(COLUMNS) - len(about)))


def _measured(finding: Finding, title: str, group: str) -> tuple[object, ...]:
    return (
        finding.id, title, group, finding.value, finding.low, finding.high, finding.unit, finding.statistic,
        finding.positive, finding.quality,
    )  # fmt: skip


def _used(used: UsedMarker) -> tuple[object, ...]:
    ratio_low, ratio_high = used.lr_interval
    return (
        True, used.side, used.class_indicated, used.likelihood_ratio, ratio_low, ratio_high, used.weight,
        used.population_fits, used.cutoff_words, "", used.marker.citation_words, used.finding.source,
    )  # fmt: skip


def _left_out(left: LeftOut) -> tuple[object, ...]:
    nothing = [None] * 6
    return (
        False, left.side, *nothing, left.cutoff_words, " ".join(left.reasons), left.marker.citation_words,
        left.finding.source,
    )  # fmt: skip


def _row(*cells: object) -> tuple[Cell, ...]:
    return tuple(map(_cell, cells))


def _cell(value: object) -> Cell:
    """A value in a table: what is not known stays empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, (int, float)) else str(value)
