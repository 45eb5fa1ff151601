"""A published set of response criteria: its tables as they stand in the paper, its facts, and how each was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from brachyresponse.response.criteria.tables import facts_of, table_of, words_of
from brachyresponse.response.vocabulary import Category, CriteriaName, Measure

FOLDERS = {
    CriteriaName.RANO_2010: "rano_2010",
    CriteriaName.RANO_2_0: "rano_2_0",
    CriteriaName.RANO_BM: "rano_bm",
    CriteriaName.RECIST_1_1: "recist_1_1",
    CriteriaName.RANO_GLIASITE: "rano_gliasite",
}
RECIST = "recist"
RESPONSE_COLUMNS = (Category.CR, Category.PR, Category.SD)
"""Columns of a summary table that need every row, best first."""


@dataclass(frozen=True)
class Fact:
    """A threshold or a rule.

    Parameters
    ----------
    id
        Name in the data file.
    value
        A number, or the rule in words.
    source
        The publication.
    checked
        In which reprint or table it was verified; MEM stands for from memory.
    is_verified
        False for what was not checked against a publication.
    note
        What else is to be known.
    is_convention
        Taken over from another set, or our own reading.
    """

    id: str
    value: Any
    source: str
    checked: str
    is_verified: bool
    note: str = ""
    is_convention: bool = False

    @property
    def text(self) -> str:
        """The rule in words."""
        shown = "; ".join(map(str, self.value)) if isinstance(self.value, list) else str(self.value)
        return f"{shown} ({self.note})" if self.note else shown


@dataclass(frozen=True)
class TableRow:
    """A row of a summary table: what CR, PR, SD and PD ask of one criterion.

    Parameters
    ----------
    key
        What is asked about: size, non_target, t2_flair, new_lesion, steroids, clinical.
    title
        As the table calls it.
    cells
        The paper's words by category.
    admits
        The findings that each of CR, PR and SD admits.
    is_of_table
        False where the row stands in the text of the criteria instead of their table.
    only_if
        The option that makes the row count; empty where it always does.
    """

    key: str
    title: str
    cells: Mapping[Category, str]
    admits: Mapping[Category, frozenset[str]]
    is_of_table: bool
    only_if: str


@dataclass(frozen=True)
class ProgressionRow:
    """A finding that speaks for progression, and what it counts for by the time after radiation.

    Parameters
    ----------
    key, found
        The criterion and its findings.
    counts
        ``progression``, ``preliminary`` or ``no``, by circumstance (early, late, confirm).
    rules
        Ids of the facts that say so, by circumstance.
    unless_steroids
        Findings of the steroid row at which it does not count.
    """

    key: str
    found: frozenset[str]
    counts: Mapping[str, str]
    rules: Mapping[str, str]
    unless_steroids: frozenset[str]


@dataclass(frozen=True)
class OverallRow:
    """A row of RECIST's table of overall responses; ``target`` is None in the table for non-target disease only."""

    title: str
    target: frozenset[str] | None
    non_target: frozenset[str]
    new_lesion: frozenset[str]
    overall: Category


@dataclass(frozen=True)
class Threshold:
    """Change of the sum, as a share, that counts as response or as progression."""

    response: float
    progression: float
    response_fact: str
    progression_fact: str


@dataclass(frozen=True, eq=False)
class CriteriaSet:
    """A set of criteria; everything in it is read from the data files.

    Parameters
    ----------
    name, title, applies_to, size
        What it is, for whom, and what it sums.
    badge
        Stands beside every result; empty where there is nothing to warn of.
    table
        Rows of the summary table; empty for RECIST.
    progression
        What speaks for progression.
    target_table, non_target_table
        RECIST's tables of overall response.
    thresholds
        By measure.
    absolute_of, absolute_fact
        Whether a growth in mm is asked of the ``sum`` or of ``one lesion``; empty where none is.
    facts
        Every threshold and rule.
    options
        The options of a case that it knows, by their JSON names.
    confirms_response
        ``always``, by ``option``, or ``never``.
    progression_reference
        ``nadir`` or ``baseline``.
    early_window
        Id of the fact with the days after radiation in which growth may be pseudoprogression; None without.
    dates_back_equivocal, dates_back_preliminary
        Ids of the facts by which progression is dated back; None where none says so.
    too_small
        Id of the fact with the size of a lesion that is seen but cannot be measured; None where there is none.
    leaves_out
        What a simplified set does not ask for.
    """

    name: CriteriaName
    title: str
    kind: str
    applies_to: str
    size: str
    badge: str
    table: tuple[TableRow, ...]
    table_fact: Fact
    progression: tuple[ProgressionRow, ...]
    target_table: tuple[OverallRow, ...]
    non_target_table: tuple[OverallRow, ...]
    thresholds: Mapping[Measure, Threshold]
    absolute_of: str
    absolute_fact: str
    facts: Mapping[str, Fact]
    options: tuple[str, ...]
    confirms_response: str
    progression_reference: str
    early_window: str | None
    dates_back_equivocal: str | None
    dates_back_preliminary: str | None
    too_small: str | None
    leaves_out: tuple[str, ...]

    @property
    def is_recist(self) -> bool:
        """Whether target response is looked up in RECIST's tables, instead of walking a summary table."""
        return self.kind == RECIST

    @property
    def absolute_mm(self) -> float:
        """The growth in mm that progression asks for beside the share; 0 where it asks for none."""
        return self.number(self.absolute_fact) if self.absolute_fact else 0.0

    def number(self, fact: str) -> float:
        """Return the number of a fact."""
        return float(self.facts[fact].value)

    def asks(self, row: TableRow, *, is_antiangiogenic: bool) -> bool:
        """Tell whether a row of the table counts in a case."""
        return not row.only_if or is_antiangiogenic


@cache
def criteria_set(name: CriteriaName | str) -> CriteriaSet:
    """Return a set of criteria.

    Raises
    ------
    ValueError
        There is no such set.
    """
    name = CriteriaName(name)
    folder = FOLDERS[name]
    about = facts_of(folder, "set.json")
    facts = {key: _fact(key, fact) for key, fact in facts_of(folder, "facts.json").items()}
    is_recist = about["kind"] == RECIST
    return CriteriaSet(
        name=name,
        table=() if is_recist else tuple(_table_row(row) for row in _asked(table_of(folder, "table.csv"))),
        table_fact=_table_fact(about),
        progression=() if is_recist else tuple(_progression_row(row) for row in table_of(folder, "progression.csv")),
        target_table=_overall_rows(folder, "target.csv") if is_recist else (),
        non_target_table=_overall_rows(folder, "non_target_only.csv") if is_recist else (),
        thresholds={Measure(measure): _threshold(ids, facts) for measure, ids in about["thresholds"].items()},
        absolute_of=about["absolute"]["of"] if about["absolute"] else "",
        absolute_fact=about["absolute"]["fact"] if about["absolute"] else "",
        facts=facts,
        options=tuple(about["options"]),
        leaves_out=tuple(about["leaves_out"]),
        **{key: about[key] for key in PLAIN},
    )


PLAIN = (
    "title",
    "kind",
    "applies_to",
    "size",
    "badge",
    "confirms_response",
    "progression_reference",
    "early_window",
    "dates_back_equivocal",
    "dates_back_preliminary",
    "too_small",
)
"""Fields of a set that its file holds as they are."""


def _fact(key: str, fact: Mapping[str, Any]) -> Fact:
    return Fact(
        id=key,
        value=fact["value"],
        source=source_text(fact["source"]),
        checked=fact["checked"],
        is_verified=fact["verified"],
        note=fact.get("note", ""),
        is_convention=fact.get("convention", False),
    )


def source_text(key: str) -> str:
    """Return the citation that a key of the data files stands for; other text as it is."""
    citation: str = facts_of("sources.json").get(key, key)
    return citation


def _table_fact(about: Mapping[str, Any]) -> Fact:
    checked = about["table_checked"]
    source = source_text(about["table_source"])
    return Fact("table", "the summary table, row by row", source, checked, checked.startswith("verified"))


def _asked(rows: tuple[dict[str, str], ...]) -> list[dict[str, str]]:
    """All rows but the last, which says how they are put together: CR, PR and SD need all, PD any."""
    return [row for row in rows if row["key"] != "requirement"]


def _table_row(row: Mapping[str, str]) -> TableRow:
    admits = {(cell["key"], cell["cell"]): words_of(cell["admits"]) for cell in table_of("cells.csv")}
    return TableRow(
        key=row["key"],
        title=row["row"],
        cells={category: row[category] for category in (*RESPONSE_COLUMNS, Category.PD)},
        admits={category: admits[row["key"], row[category]] for category in RESPONSE_COLUMNS},
        is_of_table=row["origin"] == "table",
        only_if=row["only_if"],
    )


def _progression_row(row: Mapping[str, str]) -> ProgressionRow:
    circumstances = ("early", "late", "confirm")
    return ProgressionRow(
        key=row["key"],
        found=words_of(row["found"]),
        counts={name: row[name] for name in circumstances},
        rules={name: row[f"{name}_rule"] for name in circumstances},
        unless_steroids=words_of(row["unless_steroids"]),
    )


def _overall_rows(folder: str, name: str) -> tuple[OverallRow, ...]:
    admits = {(cell["key"], cell["cell"]): words_of(cell["admits"]) for cell in table_of(folder, "cells.csv")}
    return tuple(_overall_row(row, admits) for row in table_of(folder, name))


def _overall_row(row: Mapping[str, str], admits: Mapping[tuple[str, str], frozenset[str]]) -> OverallRow:
    has_targets = "target" in row
    return OverallRow(
        title=", ".join(f"{key.replace('_', ' ')} {cell}" for key, cell in row.items() if key != "overall"),
        target=admits["target", row["target"]] if has_targets else None,
        non_target=admits["non_target" if has_targets else "non_target_only", row["non_target"]],
        new_lesion=admits["new_lesion", row["new_lesion"]],
        overall=Category(row["overall"]),
    )


def _threshold(ids: Mapping[str, str], facts: Mapping[str, Fact]) -> Threshold:
    response, progression = ids["response"], ids["progression"]
    return Threshold(float(facts[response].value), float(facts[progression].value), response, progression)
