"""Sets of criteria from their data files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from brachyresponse.errors import ResponseError
from brachyresponse.response.criteria.criteria_set import (
    RECIST,
    RESPONSE_COLUMNS,
    CriteriaSet,
    Fact,
    OverallRow,
    ProgressionRow,
    TableRow,
    Threshold,
)
from brachyresponse.response.criteria.tables import facts_of, table_of, words_of
from brachyresponse.response.vocabulary import Category, CriteriaName, Measure

FOLDERS = {
    CriteriaName.RANO_2010: "rano_2010",
    CriteriaName.RANO_2_0: "rano_2_0",
    CriteriaName.RANO_BM: "rano_bm",
    CriteriaName.RECIST_1_1: "recist_1_1",
    CriteriaName.RANO_GLIASITE: "rano_gliasite",
}
COLUMNS = {"target": "target lesions", "non_target": "non-target lesions", "new_lesion": "new lesions"}
"""Headings of RECIST's tables of overall response."""
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


@cache
def criteria_set(name: CriteriaName | str) -> CriteriaSet:
    """Return a set of criteria.

    Raises
    ------
    ResponseError
        There is no such set.
    """
    if name not in tuple(CriteriaName):
        raise ResponseError(f"Criteria {name!r} are not known, expected one of {', '.join(CriteriaName)}: choose one.")
    name = CriteriaName(name)
    folder = FOLDERS[name]
    about = facts_of(folder, "set.json")
    facts = {key: _fact(key, fact) for key, fact in facts_of(folder, "facts.json").items()}
    absolute = about["absolute"] or {"of": "", "fact": ""}
    return CriteriaSet(
        name=name,
        table_fact=_table_fact(about),
        thresholds={Measure(measure): _threshold(ids, facts) for measure, ids in about["thresholds"].items()},
        absolute_of=absolute["of"],
        absolute_fact=absolute["fact"],
        facts=facts,
        options=tuple(about["options"]),
        leaves_out=tuple(about["leaves_out"]),
        **(_tables_of_recist(folder) if about["kind"] == RECIST else _tables_of_rano(folder)),
        **{key: about[key] for key in PLAIN},
    )


def _tables_of_rano(folder: str) -> dict[str, Any]:
    """The last row of the summary table is left out: it says that CR, PR and SD need all rows, and PD any."""
    rows = [row for row in table_of(folder, "table.csv") if row["key"] != "requirement"]
    return {
        "table": tuple(_table_row(row) for row in rows),
        "progression": tuple(_progression_row(row) for row in table_of(folder, "progression.csv")),
    }


def _tables_of_recist(folder: str) -> dict[str, Any]:
    return {
        "target_table": _overall_rows(folder, "target.csv"),
        "non_target_table": _overall_rows(folder, "non_target_only.csv"),
    }


def _fact(key: str, fact: Mapping[str, Any]) -> Fact:
    return Fact(
        id=key,
        value=fact["value"],
        source=source_text(fact["source"]),
        checked=fact["checked"],
        is_verified=fact["verified"],
        note=fact.get("note", ""),
        is_convention=fact.get("convention", False),
        words=fact.get("words", ""),
    )


def source_text(key: str) -> str:
    """Return the citation that a key of the data files stands for; other text as it is."""
    citation: str = facts_of("sources.json").get(key, key)
    return citation


def _table_fact(about: Mapping[str, Any]) -> Fact:
    checked = about["table_checked"]
    source = source_text(about["table_source"])
    return Fact("table", "the summary table, row by row", source, checked, checked.startswith("verified"))


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
        title=", ".join(f"{COLUMNS[key]} {cell}" for key, cell in row.items() if key in COLUMNS),
        target=admits["target", row["target"]] if has_targets else None,
        non_target=admits["non_target" if has_targets else "non_target_only", row["non_target"]],
        new_lesion=admits["new_lesion", row["new_lesion"]],
        overall=Category(row["overall"]),
    )


def _threshold(ids: Mapping[str, str], facts: Mapping[str, Fact]) -> Threshold:
    response, progression = ids["response"], ids["progression"]
    return Threshold(float(facts[response].value), float(facts[progression].value), response, progression)
