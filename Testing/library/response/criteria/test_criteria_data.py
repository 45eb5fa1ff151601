"""What ships, compared with the reference fact by fact and row by row."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response import CriteriaSet, criteria_set
from brachyresponse.response.case.sizes import SIZE_OF_CRITERIA, UNITS, SizeKind
from brachyresponse.response.criteria.findings import Steroids
from brachyresponse.response.criteria.tables import facts_of, table_of
from brachyresponse.response.vocabulary import Category, CriteriaName, Measure
from reference import REFERENCE, needs_reference

PUBLISHED = [CriteriaName.RANO_2010, CriteriaName.RANO_2_0, CriteriaName.RANO_BM, CriteriaName.RECIST_1_1]


@cache
def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((REFERENCE / "response" / "rules.json").read_text(encoding="utf-8"))
    return loaded


def of_reference(name: CriteriaName) -> dict[str, Any]:
    found: dict[str, Any] = rules()["criteria"][name]
    return found


@needs_reference("response", "rules.json")
@pytest.mark.parametrize("name", PUBLISHED)
def test_every_fact_of_the_reference_ships_with_its_value_and_how_it_was_checked(name: CriteriaName) -> None:
    shipped = criteria_set(name).facts
    for key, fact in of_reference(name)["facts"].items():
        assert (shipped[key].value, shipped[key].checked, shipped[key].note) == (
            fact["value"],
            fact["checked"],
            fact.get("note", ""),
        )
        assert shipped[key].source == rules()["sources"].get(fact["source"], fact["source"])


@needs_reference("response", "rules.json")
@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_reference_does_not_state_is_marked_as_a_convention(name: CriteriaName) -> None:
    own = set(criteria_set(name).facts) - set(of_reference(name)["facts"])
    assert all(criteria_set(name).facts[key].is_convention for key in own)


@needs_reference("response", "rules.json")
@pytest.mark.parametrize("name", [CriteriaName.RANO_2010, CriteriaName.RANO_BM])
def test_the_summary_table_is_the_published_one_row_by_row(name: CriteriaName) -> None:
    rows = [row for row in criteria_set(name).table if row.is_of_table]
    published = [row for row in of_reference(name)["table"] if row["row"] != "requirement"]
    assert [{"row": row.title, **{str(key): cell for key, cell in row.cells.items()}} for row in rows] == published


@needs_reference("response", "rules.json")
@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("target.csv", "table_target"),
        ("non_target_only.csv", "table_non_target_only"),
        ("best_with_confirmation.csv", "table_best_with_confirmation"),
    ],
)
def test_the_tables_of_recist_are_the_published_ones_row_by_row(file: str, key: str) -> None:
    words = {True: "yes", False: "no", "any": "any"}
    published = [dict(row) for row in of_reference(CriteriaName.RECIST_1_1)[key]]
    for row in published:
        if "new_lesion" in row:
            row["new_lesion"] = words[row["new_lesion"]]
    shipped = list(table_of("recist_1_1", file))
    assert shipped == [{column: row[column] for column in shipped[0]} for row in published]


@needs_reference("response", "rules.json")
def test_the_short_rano_ships_as_the_protocol_has_it() -> None:
    protocol, short = rules()["seed_000_simplified_rano"], criteria_set(CriteriaName.RANO_GLIASITE)
    assert list(short.leaves_out) == protocol["leaves_out"]
    assert f"{100 * short.number('pr_decrease_from_baseline'):g} %" in protocol["PR"]
    assert f"{100 * short.number('pd_increase_from_baseline'):g} %" in protocol["PD"]
    assert f"{short.number('early_window_days') / 7:g} weeks" in protocol["pseudoprogression"]


@needs_reference("response", "geometry_anchors.json")
def test_the_variability_of_readers_ships_as_published() -> None:
    anchors = json.loads((REFERENCE / "response" / "geometry_anchors.json").read_text(encoding="utf-8"))["variability"]
    of_yoon = [one for one in anchors if "Yoon" in one["source"]]
    shipped = [facts_of("variability.json")[key] for key in ("lesion", "sum", "change")]
    for one, ours in zip(of_yoon, shipped, strict=True):
        assert ours["between_observers"] == one["between_observers"]
        assert ours.get("same_observer") == one.get("same_observer")


def test_the_thresholds_are_those_of_the_papers() -> None:
    shares = {name: criteria_set(name).thresholds[Measure.TWO_D] for name in CriteriaName}
    assert {name: (share.response, share.progression) for name, share in shares.items()} == {
        CriteriaName.RANO_2010: (0.5, 0.25),
        CriteriaName.RANO_2_0: (0.5, 0.25),
        CriteriaName.RANO_GLIASITE: (0.5, 0.25),
        CriteriaName.RANO_BM: (0.3, 0.2),
        CriteriaName.RECIST_1_1: (0.3, 0.2),
    }
    volume = criteria_set(CriteriaName.RANO_2_0).thresholds[Measure.THREE_D]
    assert (volume.response, volume.progression) == (0.65, 0.4)


@pytest.mark.parametrize("name", CriteriaName)
def test_a_set_names_its_sources_and_what_was_not_verified(name: CriteriaName) -> None:
    criteria = criteria_set(name)
    for fact in criteria.facts.values():
        assert fact.source
        assert fact.is_verified == (
            fact.checked.startswith("verified") and not fact.checked.startswith("verified in: M;")
        )
    assert UNITS[SIZE_OF_CRITERIA[name]] in ("mm", "mm2")
    assert criteria.kind == "recist" or criteria.table


def test_rano_2_0_wears_its_badge() -> None:
    assert criteria_set("RANO-2.0").badge == "not checked against the paper's full text"
    assert not criteria_set("RANO-2.0").table_fact.is_verified


@pytest.mark.parametrize("name", CriteriaName)
def test_every_rule_that_a_table_names_is_a_fact_of_its_set(name: CriteriaName) -> None:
    criteria = criteria_set(name)
    named = {rule for row in criteria.progression for rule in row.rules.values() if rule and not rule.startswith("@")}
    optional = {
        criteria.early_window,
        criteria.dates_back_equivocal,
        criteria.dates_back_preliminary,
        criteria.too_small,
    }
    assert named | {fact for fact in optional if fact} <= set(criteria.facts)


def test_every_finding_of_a_row_is_admitted_by_a_column_or_speaks_for_progression_or_bars() -> None:
    criteria = criteria_set("RANO-2010")
    assert admitted(criteria, "t2_flair") == {"stable_or_improved", "unknown"}
    assert admitted(criteria, "steroids") == {*Steroids, "unknown"} - {"increased"}


def admitted(criteria: CriteriaSet, key: str) -> set[str]:
    row = next(row for row in criteria.table if row.key == key)
    return {word for category in (Category.CR, Category.PR, Category.SD) for word in row.admits[category]}


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"Criteria 'RANO-1' are not known, expected one of RANO-2010, RANO-2.0"):
        criteria_set("RANO-1")


def test_only_volumes_are_summed_in_ml() -> None:
    assert [kind for kind, unit in UNITS.items() if unit == "mL"] == [SizeKind.VOLUME]


@pytest.mark.parametrize("name", list(CriteriaName))
def test_rules_and_where_they_were_checked_read_as_words(name: CriteriaName) -> None:
    found = criteria_set(name)
    for fact in (*found.facts.values(), found.table_fact):
        assert not re.search(r"\bMEM\b|\((?:[A-M]|S000)\)|early_window", fact.text)
        assert not re.search(r"\bMEM\b|verified in|^[A-M]\b|, [A-M]\b", fact.checked_in)


def test_thresholds_read_as_rules_with_their_number() -> None:
    facts = criteria_set(CriteriaName.RANO_2_0).facts
    assert facts["pd_2d"].text == "progression: a sum of products at least 25 % above the smallest so far"
    assert facts["early_window"].text.endswith("confirmed PD is dated back to the preliminary scan)")
    partly = criteria_set(CriteriaName.RANO_BM).facts["confirm_days"]
    assert "as endpoint (unverified)" in partly.text  # of a rule that is verified otherwise
