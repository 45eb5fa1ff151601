from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.planning import (
    ImplantPlan,
    Needle,
    PlanAnatomy,
    PlanEvaluation,
    PlanRoles,
    evaluate_plan,
    load_profile,
    loading_sheet,
    parse_limit,
)
from brachyresponse.report import PlanPictures, PlanReport, loading_sheet_html, plan_report_html
from brachyresponse.report.markup import Markup
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from parsed_html import text_of
from pictured_plan import CENTRE_MM, ball

SOURCE = load_source("amersham_6711")
HOSTILE = "<script>alert('x')</script> & Co."


def make_plan(**changes: object) -> ImplantPlan:
    offsets = np.array([[x, y, 0.0] for x in (-5, 5) for y in (-5, 5)])
    ends = zip(CENTRE_MM + offsets + [0, 0, 60], CENTRE_MM + offsets - [0, 0, 9], strict=True)
    numbered = zip((1, 2, 3, 4), ends, ("A1", "A2", "B1", "B2"), strict=True)
    needles = tuple(Needle(number, entry, tip, hole) for number, (entry, tip), hole in numbered)
    positions = np.concatenate([needle.at([56, 63]) for needle in needles])
    plan = ImplantPlan(
        patient_id="P-1",
        frame_of_reference_uid="",
        created=datetime(2026, 3, 1, 9, 30),
        implant_date=date(2026, 3, 6),
        target="PTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=needles,
        seeds=Seeds(positions, np.tile([0, 0, -1.0], (8, 1)), 0.6, needle=np.repeat([1, 2, 3, 4], 2)),
        name="First plan",
    )
    return replace(plan, **changes)


def evaluate(plan: ImplantPlan, profile: str = "neck_node", limit: str = "Nerve:Dmax<=10%") -> PlanEvaluation:
    structures = {"PTV": ball("PTV", CENTRE_MM, 9), "Nerve": ball("Nerve", CENTRE_MM - np.array([18, 0, 0]), 4)}
    roles = PlanRoles(gtv="PTV", ptv="PTV", organs=("Nerve",), limits=(parse_limit(limit),) if limit else ())
    grid = Grid.covering(CENTRE_MM - 32, CENTRE_MM + 32, 2.0)
    rules = load_profile(profile) if profile else None
    return evaluate_plan(plan, SOURCE, PlanAnatomy(structures, roles), grid, profile=rules)


@pytest.fixture(scope="module")
def evaluation() -> PlanEvaluation:
    return evaluate(make_plan())


def test_every_figure_of_the_evaluation_is_in_the_report(evaluation: PlanEvaluation) -> None:
    text = text_of(plan_report_html(PlanReport(evaluation, SOURCE)))
    for metric in (*evaluation.metrics["PTV"], *evaluation.organ_metrics["Nerve"]):
        assert f"{metric.label} {metric.text}" in text
        assert " ".join(metric.formula.split()) in text
        assert metric.source in text
    for finding in evaluation.findings:
        assert finding.label in text
        assert finding.found in text
    for warning in evaluation.warnings:
        assert warning in text


def test_the_head_names_patient_prescription_source_and_citation(evaluation: PlanEvaluation) -> None:
    text = text_of(plan_report_html(PlanReport(evaluation, SOURCE)))
    for part in ("P-1", "120 Gy, permanent implant", "8 on 4 needles", "2026-03-06", SOURCE.label, SOURCE.citation):
        assert part in text
    assert "0.600 U (17.5 MBq, 0.472 mCi apparent)" in text  # 29.13 MBq and 0.787 mCi a U
    assert "Planning image of not known" in text
    assert text.count("Research use only") == 2


def test_broken_kept_and_uncheckable_rules_are_told_apart(evaluation: PlanEvaluation) -> None:
    page = plan_report_html(PlanReport(evaluation, SOURCE))
    results = [finding.passed for finding in evaluation.findings if finding.limit != "no limit"]
    results += [found.passed for found in evaluation.limits]
    assert page.count('class="fail">broken') == results.count(False) > 0
    assert page.count('class="pass">kept') == results.count(True) > 0
    assert f"{results.count(False)} of {len(results)} rules and limits broken" in page
    assert "1 dose limit" in page


def test_a_plan_without_rules_and_limits_says_that_none_were_checked() -> None:
    page = plan_report_html(PlanReport(evaluate(make_plan(), profile="", limit=""), SOURCE))
    assert "No rules were checked" in page
    assert "<h2>Rules</h2>" not in page


def test_text_of_the_user_cannot_become_markup() -> None:
    plan = make_plan(name=HOSTILE, patient_id=HOSTILE, surrogate_for=HOSTILE, notes=HOSTILE)
    report = PlanReport(evaluate(plan), SOURCE, inputs=[("Image", HOSTILE)], notes=[HOSTILE])
    for page in (plan_report_html(report), loading_sheet_html(loading_sheet(plan, SOURCE))):
        assert "<script" not in page
        assert HOSTILE in text_of(page)


def test_seeds_of_unknown_axis_and_free_seeds_are_said() -> None:
    seeds = make_plan().seeds
    free = replace(seeds, axis_known=np.arange(8) > 0, needle=np.where(np.arange(8) > 0, seeds.needle, 0))
    plan = make_plan(seeds=free)
    text = text_of(plan_report_html(PlanReport(evaluate(plan), SOURCE)))
    assert "not known (point source)" in text
    assert "1 free" in text
    assert "Seeds on no needle" in text_of(loading_sheet_html(loading_sheet(plan, SOURCE)))


def test_pictures_are_inside_the_file_and_a_missing_one_is_said(evaluation: PlanEvaluation) -> None:
    drawn = PlanPictures((Markup("<svg></svg>"),), Markup("<svg></svg>"), Markup("<svg></svg>"), b"png", "")
    page = plan_report_html(PlanReport(evaluation, SOURCE, drawn))
    assert 'src="data:image/png;base64,cG5n"' in page
    assert page.count("<svg>") == 3
    missing = PlanPictures(implant_missing="OpenGL is not available here.")
    page = plan_report_html(PlanReport(evaluation, SOURCE, missing))
    assert "OpenGL is not available here." in page
    assert "<img" not in page


def test_the_loading_sheet_lists_each_needle_with_hole_depth_and_train() -> None:
    plan = make_plan()
    sheet = loading_sheet(plan, SOURCE)
    page = loading_sheet_html(sheet)
    assert re.search(r"<b>1</b></td><td><b>A1</b>", page)
    assert page.count("3.8 ● 2.5 ●") == 4  # 6 mm before the tip less half a seed; 7 mm between centres less a seed
    text = text_of(page)
    for row in sheet.needles:
        assert f"{row.first_seed_depth_mm:.1f}" in text
    for line in sheet.checks:
        assert f"{line.text} {line.expected}" in text
    assert sheet.use in text
    assert "Checked independently by" in text


def test_many_needles_are_set_smaller_to_stay_on_one_page() -> None:
    few = loading_sheet(make_plan(), SOURCE)
    many = replace(few, needles=few.needles * 6)
    assert 'class="sheet"' in loading_sheet_html(few)
    assert 'class="sheet dense"' in loading_sheet_html(many)
