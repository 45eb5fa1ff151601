"""Tables of the scene: typed, with units, and limits that a person may change and we read back."""

from __future__ import annotations

import pytest
import slicer

from brachyresponse.dose.metrics import Metric
from brachyresponse.errors import PlanError
from brachyresponse.planning import RuleFinding, Severity, Table, load_profile, parse_limit
from brachyresponse.planning.organ_limits import judge_limit
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plans import create_plan, duplicate_plan
from brachyresponse.scene.results import (
    read_limits,
    read_rule_limits,
    write_findings,
    write_limits,
    write_metrics,
    write_rule_limits,
)
from brachyresponse.scene.tables import column_of, read_table, write_table

LIMITS = tuple(parse_limit(text) for text in ("Rectum:D2cc<=65%", "Chiasm:Dmax<=50Gy", "PTV:V100>=95%"))


@pytest.fixture
def plan(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    return create_plan(scene, "Plan A")


def test_columns_are_typed_and_carry_the_unit_of_their_heading(scene: slicer.vtkMRMLScene) -> None:
    table = Table("Seeds", ("seed", "depth (mm)", "hole"), ((1, 2.5, "A1"), (2, 3, "")))
    node = scene.AddNewNodeByClass("vtkMRMLTableNode", "Seeds")
    write_table(table, node)
    assert read_table(node) == Table("Seeds", table.columns, ((1, 2.5, "A1"), (2, 3.0, "")))
    types = [node.GetTable().GetColumn(n).GetClassName() for n in range(3)]
    assert types == ["vtkIntArray", "vtkDoubleArray", "vtkStringArray"]
    assert node.GetColumnUnitLabel("depth (mm)") == "mm"
    assert node.GetLocked()


def test_text_that_would_break_the_table_file_is_made_harmless(scene: slicer.vtkMRMLScene) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLTableNode", "Notes")
    write_table(Table("Notes", ("note",), (('two\nlines\tand "quotes"',),)), node)
    assert read_table(node).rows == (("two lines and 'quotes'",),)


def test_a_table_without_rows_keeps_its_columns(scene: slicer.vtkMRMLScene) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLTableNode", "Empty")
    write_table(Table("Empty", ("seed", "needle"), ()), node)
    assert read_table(node) == Table("Empty", ("seed", "needle"), ())


def test_metrics_are_shown_with_unit_formula_and_a_dash_where_there_is_none(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    metrics = (
        Metric("d90", "D90", 151.234, "Gy", "least dose to the hottest 90 %", "AAPM TG-137", "PTV", decimals=1),
        Metric("ci", "CI", None, "", "TV_R / V_R", "Paddick", "PTV", note="isodose leaves the grid"),
    )
    node = write_metrics(metrics, plan)
    assert write_metrics(metrics, plan) is node is plan_part(plan, PlanRole.METRICS)
    table = read_table(node)
    assert column_of(table, "value") == ("151.2", "–")
    assert column_of(table, "note") == ("", "isodose leaves the grid")
    assert column_of(table, "formula")[0] == "least dose to the hottest 90 %"
    assert node.GetName() == "Plan A metrics"


def test_warnings_stand_below_the_metrics(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    metric = Metric("d90", "D90", 151.2, "Gy", "least dose to the hottest 90 %", "AAPM TG-137", "PTV")
    table = read_table(write_metrics([metric], plan, ["The dose grid is coarse."]))
    assert column_of(table, "metric") == ("D90", "warning")
    assert column_of(table, "note")[1] == "The dose grid is coarse."


def test_findings_say_pass_fail_or_not_known(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    findings = [
        RuleFinding("r", "Rule", "found", value, "mm", "at least 5", Severity.WARN, passed, "source")
        for value, passed in ((6.0, True), (4.0, False), (None, None))
    ]
    table = read_table(write_findings(findings, plan))
    assert column_of(table, "result") == ("pass", "fail", "not known")
    assert column_of(table, "severity") == ("warn",) * 3


def test_limits_come_back_as_they_were_and_as_a_person_changed_them(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    assert read_limits(plan) == ()
    node = write_limits(LIMITS, plan, [judge_limit(limit, None, 145.0) for limit in LIMITS])
    assert read_limits(plan) == LIMITS
    assert not node.GetLocked()
    assert column_of(read_table(node), "result") == ("not known",) * 3
    node.GetTable().GetColumnByName("limit").SetValue(0, 60.0)
    node.GetTable().GetColumnByName("structure").SetValue(0, "Bladder")
    assert read_limits(plan) == (parse_limit("Bladder:D2cc<=60%"), *LIMITS[1:])


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("metric", "D2xx", "is not a dose metric|is not a dose limit"),
        ("sense", "about", "is not a dose limit"),
        ("limit", -5.0, "is not a dose limit"),
        ("unit", "cc", "D2cc is limited in Gy or %"),
    ],
)
def test_a_limit_that_is_none_names_table_and_row(
    plan: slicer.vtkMRMLScriptedModuleNode, column: str, value: str | float, complaint: str
) -> None:
    node = write_limits(LIMITS, plan)
    node.GetTable().GetColumnByName(column).SetValue(0, value)
    with pytest.raises(PlanError, match=rf"Table 'Plan A limits', row 1: .*({complaint})"):
        read_limits(plan)


def test_a_table_of_another_kind_is_refused_by_its_missing_column(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    node = write_limits(LIMITS, plan)
    node.RemoveColumn(node.GetColumnIndex("sense"))
    with pytest.raises(SceneError, match="'Plan A limits' has no column 'sense'"):
        read_limits(plan)


def test_a_duplicate_of_the_plan_has_limits_of_its_own(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    node = write_limits(LIMITS, plan)
    copied = duplicate_plan(plan, "Plan B")
    node.GetTable().GetColumnByName("limit").SetValue(0, 10.0)
    assert read_limits(copied) == LIMITS


def test_rule_limits_of_a_profile_can_be_changed_in_a_table(scene: slicer.vtkMRMLScene) -> None:
    profile = load_profile("brain")
    node = scene.AddNewNodeByClass("vtkMRMLTableNode", "Rules of the site")
    write_rule_limits(profile, node)
    assert read_rule_limits(profile, node) == profile
    index = next(n for n, rule in enumerate(profile.rules) if rule.least is not None)
    rule_id = profile.rules[index].id
    node.GetTable().GetColumnByName("least").SetValue(index, "0.25")
    assert read_rule_limits(profile, node).rule(rule_id).least == 0.25
    node.GetTable().GetColumnByName("least").SetValue(index, "a bit")
    with pytest.raises(PlanError, match=rf"'Rules of the site', rule '{rule_id}': its limit 'a bit' is not a number"):
        read_rule_limits(profile, node)
