from __future__ import annotations

import numpy as np

from brachyresponse.cohort import (
    CaseOutcome,
    CaseStatus,
    CaseValue,
    CohortCase,
    MetricKey,
    evaluate_cohort,
    spread_text,
)
from brachyresponse.report.cohort_report import CohortReport, cohort_report_html
from brachyresponse.report.markup import Markup
from parsed_html import text_of

D90 = MetricKey("PTV", "d90", "D90", "Gy", 1)
COUNT = MetricKey("Seeds", "count", "planned and found", "", 0)


def a_cohort(count: int = 12, stamp: str = "") -> list[CohortCase]:
    rng = np.random.default_rng(1)
    plan = rng.normal(125, 12, count)
    implant = plan - rng.exponential(5, count)
    return [
        CohortCase(
            f"<{n}>",
            {D90: CaseValue(plan[n], implant[n], stamp), COUNT: CaseValue(12 + n, 11 + n)},
            patient_id=f"P{n // 2}",
            prescription_gy=120.0,
            days_after_implant=n % 3,
            registration="bone",
            limits={"D90 at least 90 %": n > 0},
        )
        for n in range(count)
    ]


def test_the_report_tells_table_test_effect_and_limits() -> None:
    cohort = evaluate_cohort(a_cohort())
    text = text_of(cohort_report_html(CohortReport(cohort)))
    row = cohort.row("PTV", "d90").comparison
    assert f"12 {spread_text(row.plan, row.spread, 1)} {spread_text(row.implant, row.spread, 1)} {row.test}" in text
    assert f"{row.effect_name} = {row.effect:.2f}" in text
    assert "12 evaluated, 0 failed" in text
    assert "0 to 2 days" in text
    assert "12 cases are of 6 patients" in text
    assert "Limits of agreement" in text
    assert "D90 at least 90 % 12 11 1 0 <0>" in text
    assert "nan" not in text.lower().split()


def test_failed_cases_and_their_reasons_stand_at_the_top_as_text() -> None:
    failed = CaseOutcome("<b>x</b>", CaseStatus.FAILED, "The plan has no seeds & no target.")
    kept = CaseOutcome("y", CaseStatus.KEPT)
    page = cohort_report_html(CohortReport(evaluate_cohort(a_cohort()), outcomes=[failed, kept]))
    assert "<b>x</b>" not in page
    text = text_of(page)
    assert "1 failed" in text
    assert text.index("The plan has no seeds & no target.") < text.index("Plan and implant metric")


def test_what_was_carried_is_stamped_beside_its_numbers() -> None:
    cohort = evaluate_cohort(a_cohort(stamp="carried, not verified"))
    text = text_of(cohort_report_html(CohortReport(cohort)))
    assert "PTV D90 (Gy) 12 carried, not verified" in text
    assert "<0> carried, not verified" in text
    assert text.count("PTV D90 (Gy) 12 carried, not verified") == 3  # table, effects, limits of agreement
    assert "planned and found 12 carried" not in text


def test_charts_stand_under_their_metric() -> None:
    cohort = evaluate_cohort(a_cohort())
    page = cohort_report_html(CohortReport(cohort, {D90: [Markup("<svg>first</svg>"), Markup("<svg>second</svg>")]}))
    assert "<figure><svg>first</svg></figure><figure><svg>second</svg></figure>" in page
    assert "Plots PTV D90 (Gy) first second" in text_of(page)


def test_a_cohort_too_small_to_test_says_so() -> None:
    text = text_of(cohort_report_html(CohortReport(evaluate_cohort(a_cohort(2)))))
    assert "2 pairs are too few to test" in text
    assert "Limits of agreement Plots" not in text
