from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from brachyresponse.cohort import CaseValue, CohortCase, CohortRow, MetricKey, evaluate_cohort
from brachyresponse.pictures.cohort_charts import MOST_LINES, agreement_chart, paired_chart

SVG = "{http://www.w3.org/2000/svg}"
D90 = MetricKey("PTV", "d90", "D90", "Gy", 1)


def a_row(count: int) -> CohortRow:
    rng = np.random.default_rng(count)
    plan = rng.normal(120, 10, count)
    pairs = zip(plan.tolist(), (plan + rng.normal(-3, 5, count)).tolist(), strict=True)
    cases = [CohortCase(f"n{number}", {D90: CaseValue(*pair)}) for number, pair in enumerate(pairs)]
    return evaluate_cohort(cases).row("PTV", "d90")


def texts(chart: ET.Element) -> list[str]:
    return [text.text or "" for text in chart.iter(f"{SVG}text")]


@pytest.mark.parametrize("count", [3, 22, MOST_LINES + 40, 700])
def test_every_case_is_one_line_from_plan_to_implant(count: int) -> None:
    chart = ET.fromstring(paired_chart(a_row(count)))
    steps = " ".join(path.get("d") or "" for path in chart.iter(f"{SVG}path"))
    assert (steps.count("M"), steps.count("L")) == (count + 1, count + 1)  # and the median
    assert len(list(chart.iter(f"{SVG}circle"))) == 2 * count + 2
    assert {"plan", "implant", "PTV D90 (Gy)", f"case (n = {count})", "median"} <= set(texts(chart))


def test_bias_and_limits_stand_beside_their_lines() -> None:
    row = a_row(22)
    assert row.agreement is not None
    chart = ET.fromstring(agreement_chart(row, row.agreement))
    assert f"bias {row.agreement.bias:.1f}" in texts(chart)
    assert f"+1.96 SD {row.agreement.upper_limit:.1f}" in texts(chart)
    assert f"−1.96 SD {row.agreement.lower_limit:.1f}" in texts(chart)
    assert "Implant − plan (Gy)" in texts(chart)


def test_cases_that_are_all_the_same_still_make_a_chart() -> None:
    cases = [CohortCase(name, {D90: CaseValue(0.0, 0.0)}) for name in "abc"]
    row = evaluate_cohort(cases).row("PTV", "d90")
    assert row.agreement is not None
    for chart in (paired_chart(row), agreement_chart(row, row.agreement)):
        assert "nan" not in chart.lower()
        ET.fromstring(chart)
