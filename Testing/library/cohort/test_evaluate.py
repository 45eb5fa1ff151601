from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from brachyresponse.cohort import (
    CaseValue,
    CohortCase,
    MetricKey,
    PairedTest,
    agreement_table,
    case_table,
    cases_of_rows,
    comparison_table,
    evaluate_cohort,
    holds_values,
    homogeneity_contradictions,
    limits_table,
    p_text,
    read_rows,
    spread_text,
)
from brachyresponse.cohort.paired import Spread
from brachyresponse.cohort.summary import summarise
from brachyresponse.dose.indices import homogeneity_index
from brachyresponse.errors import CohortError, InputFileError
from brachyresponse.planning import write_csv

D90 = MetricKey("PTV", "d90", "D90", "Gy", 1)
V100 = MetricKey("PTV", "v100", "V100", "%", 1)
V150 = MetricKey("PTV", "v150", "V150", "%", 1)
HI = MetricKey("PTV", "hi", "HI", "", 3)


def a_case(name: str, *, d90: tuple[float | None, float | None], stamp: str = "", **fields: object) -> CohortCase:
    v100, v150 = (95.0, 90.0 - len(name)), (60.0, 50.0)
    values = {
        D90: CaseValue(*d90, stamp),
        V100: CaseValue(*v100, stamp),
        V150: CaseValue(*v150, stamp),
        HI: CaseValue(*(homogeneity_index(a, b) for a, b in zip(v100, v150, strict=True)), stamp),
    }
    return CohortCase(name, values, **fields)  # type: ignore[arg-type]


def cases_of(plan: np.ndarray, implant: np.ndarray) -> list[CohortCase]:
    return [a_case(f"n{number}", d90=pair) for number, pair in enumerate(zip(plan, implant, strict=True))]


def test_a_row_holds_what_scipy_says_of_the_two_columns() -> None:
    rng = np.random.default_rng(1)
    plan = rng.normal(125, 15, 22)
    implant = plan + rng.normal(-4, 8, 22)
    row = evaluate_cohort(cases_of(plan, implant)).row("PTV", "d90")
    expected = stats.ttest_rel(implant, plan)
    assert row.comparison.test is PairedTest.PAIRED_T
    assert (row.comparison.statistic, row.comparison.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert (row.comparison.plan.mean, row.comparison.implant.sd) == pytest.approx((plan.mean(), implant.std(ddof=1)))
    assert row.agreement is not None
    assert row.agreement.bias == pytest.approx((implant - plan).mean())
    assert (row.missing, row.stamped) == ((), ())


def test_p_is_adjusted_for_the_metrics_of_the_table() -> None:
    rng = np.random.default_rng(2)
    plan = rng.normal(125, 15, 12)
    cohort = evaluate_cohort(cases_of(plan, plan - rng.exponential(4, 12)))
    tested = [row for row in cohort.rows if row.comparison.p is not None]
    assert len(tested) == 4
    smallest = min(tested, key=lambda row: row.comparison.p or 1)
    assert smallest.comparison.p_holm == pytest.approx(4 * (smallest.comparison.p or 0))
    assert any("the 4 metrics of this table" in sentence for sentence in cohort.methods)
    (alone,) = evaluate_cohort(cohort.cases, metrics=["d90"]).rows
    assert alone.comparison.p_holm == alone.comparison.p


def test_a_value_that_is_not_known_takes_its_case_out_of_that_row_only() -> None:
    cases = [a_case(name, d90=(120.0, 110.0 + n)) for n, name in enumerate("abcd")]
    cases.append(a_case("e", d90=(130.0, None)))
    cohort = evaluate_cohort(cases)
    assert (cohort.row("PTV", "d90").comparison.count, cohort.row("PTV", "v100").comparison.count) == (4, 5)
    assert cohort.row("PTV", "d90").missing == ("e",)
    assert "PTV D90 is not known of 1 case (e)." in cohort.warnings


def test_what_limits_a_cohort_is_said() -> None:
    cases = [
        a_case("a", d90=(120, 118), patient_id="P1", prescription_gy=110.0),
        a_case("b", d90=(125, 128), patient_id="P1", prescription_gy=140.0, stamp="carried, not verified"),
        a_case("c", d90=(131, 120), patient_id="P2", prescription_gy=120.0),
    ]
    cohort = evaluate_cohort(cases)
    assert cohort.row("PTV", "d90").stamped == ("b",)
    said = " ".join(cohort.warnings)
    assert "3 cases are of 2 patients: cases of one patient are not independent" in said
    assert "carried, not verified: the target or an organ of 1 case (b)." in said
    assert "The prescriptions differ, from 110 to 140 Gy" in said


def test_d90_in_percent_of_the_prescription_can_be_compared() -> None:
    cases = [a_case(n, d90=(rx * 1.1, rx * 0.9), prescription_gy=rx) for n, rx in (("a", 110.0), ("b", 140.0))]
    (row,) = evaluate_cohort(cases, metrics=["d90_percent"]).rows
    assert row.plan.tolist() == pytest.approx([110, 110])
    assert row.implant.tolist() == pytest.approx([90, 90])
    assert row.key.heading == "PTV D90 (% of prescription)"


def test_limits_are_counted_with_who_breaks_them() -> None:
    limits = ({"D90": True, "Seeds": None, "V150": None}, {"D90": False}, {"D90": False, "Seeds": True})
    cases = [a_case(name, d90=(1, 2), limits=one) for name, one in zip("abc", limits, strict=True)]
    table = limits_table(evaluate_cohort(cases))
    assert table.rows == (("D90", 3, 1, 2, 0, "b, c"), ("Seeds", 1, 1, 0, 1, "none"))


def test_a_target_that_is_both_counts_with_gtv_and_with_ptv() -> None:
    both = CohortCase("both", {MetricKey("GTV and PTV", "d90", "D90"): CaseValue(1.0, 2.0)})
    apart = CohortCase(
        "apart",
        {MetricKey("GTV", "d90", "D90"): CaseValue(3.0, 4.0), MetricKey("PTV", "d90", "D90"): CaseValue(5.0, 6.0)},
    )
    cohort = evaluate_cohort([both, apart])
    assert [row.key.structure for row in cohort.rows] == ["GTV", "PTV"]
    assert cohort.row("PTV", "d90").plan.tolist() == [1.0, 5.0]
    assert [row.key.structure for row in evaluate_cohort([both]).rows] == ["GTV and PTV"]


def test_the_published_tables_homogeneity_follows_from_its_own_v100_and_v150() -> None:
    """22 neck nodes (doi 10.21203/rs.3.rs-1310697/v1): V100 94.5 and 92.2 %, V150 66.5 and 58.5 %, HI 0.3 and 0.4."""
    plan, implant = homogeneity_index(94.5, 66.5), homogeneity_index(92.2, 58.5)
    assert (plan, implant) == pytest.approx((0.296, 0.366), abs=5e-4)
    assert (round(plan, 1), round(implant, 1)) == (0.3, 0.4)
    printed = CohortCase("printed", {V100: CaseValue(94.5, 92.2), V150: CaseValue(66.5, 58.5), HI: CaseValue(0.3, 0.4)})
    assert homogeneity_contradictions(printed) == ()


def test_a_homogeneity_that_contradicts_v100_and_v150_is_said() -> None:
    """1 - V150 / V100 and V150 / V100 are easily taken for each other."""
    case = CohortCase("x", {V100: CaseValue(94.5, 92.2), V150: CaseValue(66.5, 58.5), HI: CaseValue(0.3, 0.63)})
    expected = "Case 'x': HI of the implant is 0.63, but (V100 - V150) / V100 is 0.366."
    assert homogeneity_contradictions(case) == (expected,)
    assert expected in evaluate_cohort([case]).warnings


def test_without_cases_or_metrics_there_is_no_table() -> None:
    with pytest.raises(CohortError, match="None of 0 cases has plan and implant of any metric"):
        evaluate_cohort([], metrics=None)
    with pytest.raises(CohortError, match="None of 1 cases has plan and implant of d95, mean"):
        evaluate_cohort([a_case("a", d90=(1, 2))], metrics=["d95", "mean"])
    with pytest.raises(CohortError, match="Two cases have the same name"):
        evaluate_cohort([a_case("a", d90=(1, 2))] * 2)
    with pytest.raises(CohortError, match="no metric 'd95' of 'PTV'"):
        evaluate_cohort([a_case("a", d90=(1, 2))]).row("PTV", "d95")


def a_table(folder: Path, text: str) -> Path:
    path = folder / "cases.csv"
    path.write_text(text, encoding="utf-8")
    return path


TABLE = """case,patient,prescription (Gy),PTV D90 plan (Gy),PTV D90 implant (Gy),Seed number plan,Seed number implant
a,P1,120,125.5,119,15,14
b,P2,110,131,,12,12
"""


def test_a_table_of_values_is_read_with_units_and_gaps(tmp_path: Path) -> None:
    rows = read_rows(a_table(tmp_path, TABLE))
    assert holds_values(rows)
    first, second = cases_of_rows("cases.csv", rows)
    assert (first.name, first.patient_id, first.prescription_gy) == ("a", "P1", 120.0)
    assert first.values[D90] == CaseValue(125.5, 119.0)
    assert second.values[D90] == CaseValue(131.0, None)
    seeds = next(key for key in first.values if key.id == "number")
    assert (seeds.title, next(key for key in first.values if key.id == "d90").unit) == ("Seed number", "Gy")


def test_the_table_of_cases_that_is_written_can_be_read_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    plan = rng.normal(125, 15, 9)
    cohort = evaluate_cohort(cases_of(plan, plan - rng.exponential(4, 9)))
    rows = read_rows(write_csv(case_table(cohort), tmp_path / "cases.csv"))
    again = evaluate_cohort(cases_of_rows("cases.csv", rows))
    for one, other in zip(cohort.rows, again.rows, strict=True):
        assert one.key == other.key
        assert other.comparison.p == pytest.approx(one.comparison.p, rel=1e-3)  # six digits in the file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,D90 plan,D90 implant\na,1,2\n", "has no column 'case', found: name, D90 plan, D90 implant"),
        ("case,D90 plan,D90 implant\n", "has no rows"),
        ("case,D90 plan,D90 implant\na,1,2\na,1,2\n", "row 2 is called 'a', expected a name used once"),
        ("case,D90 plan,D90 implant\n,1,2\n", "row 1 is called '', expected"),
        ("case,D90 plan,D90 implant\na,1,2,3\n", "row 1 has more cells than there are headings"),
        ("case,D90 plan,D90 plan\na,1,2\n", "has a heading twice"),
    ],
)
def test_a_table_that_names_no_cases_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=message):
        read_rows(a_table(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("case,D90 plan,D90 implant\na,1,n/a\n", "case 'a': 'D90 implant' is 'n/a', expected a number"),
        ("case,D90 plan,V100 plan,V100 implant\na,1,2,3\n", "the column 'D90 plan' of D90 has no partner"),
        ("case,D90 plan,D90 implant\na,1,nan\n", "is 'nan', expected a number, or nothing"),
    ],
)
def test_a_table_of_values_with_holes_in_its_columns_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=message):
        cases_of_rows("cases.csv", read_rows(a_table(tmp_path, text)))


def test_a_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"The table 'none.csv' cannot be read"):
        read_rows(tmp_path / "none.csv")


def test_tables_hold_no_nan_and_empty_cells_where_nothing_is_known() -> None:
    cohort = evaluate_cohort([a_case("a", d90=(120.0, 118.0)), a_case("b", d90=(125.0, 131.0))])
    for table in (comparison_table(cohort), agreement_table(cohort), case_table(cohort)):
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert all(cell == cell for row in table.rows for cell in row)  # NaN is not itself
    (row, *_) = comparison_table(cohort).rows
    assert dict(zip(comparison_table(cohort).columns, row, strict=True))["p"] == ""
    assert agreement_table(cohort).rows == ()


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.50849, "0.508"), (0.0995, "0.100"), (0.0131, "0.013"), (0.00042, "0.00042"), (3.2e-9, "3.2e-09"),
     (1, "1.000"), (None, "–")],
)  # fmt: skip
def test_p_is_printed_as_it_is(p: float | None, text: str) -> None:
    assert p_text(p) == text


def test_columns_are_described_by_what_suits_them() -> None:
    summary = summarise([1.0, 2.0, 3.0, 4.0])
    assert spread_text(summary, Spread.MEAN_SD, 1) == "2.5 ± 1.3"
    assert spread_text(summary, Spread.MEDIAN_QUARTILES, 2) == "2.50 (1.75 to 3.25)"
