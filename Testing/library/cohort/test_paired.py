"""The statistics against published worked examples, scipy, and counting by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from brachyresponse.cohort import PairedTest, Spread, bland_altman, compare_paired, holm, summarise
from brachyresponse.cohort.signed_rank import hodges_lehmann, signed_rank_test
from brachyresponse.errors import CohortError

# Student 1908, Biometrika 6:1: hours of sleep gained by ten patients under two drugs.
SLEEP_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Hollander and Wolfe, table 3.1: depression scale before and after a tranquilliser, nine patients.
DEPRESSION_1 = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
DEPRESSION_2 = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
# Bland and Altman 1986, Lancet 327:307, table 1: peak flow, large and mini Wright meter, l/min.
LARGE_METER = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0])
MINI_METER = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0])

samples = st.lists(st.integers(-40, 40), min_size=1, max_size=9).map(lambda values: np.array(values) / 4)


def test_the_paired_t_test_gives_students_own_example() -> None:
    differences = SLEEP_2 - SLEEP_1
    result = compare_paired(np.delete(SLEEP_1, 8), np.delete(SLEEP_2, 8))  # the ninth is an outlier: see below
    assert result.test is PairedTest.PAIRED_T
    found = stats.ttest_rel(np.delete(SLEEP_2, 8), np.delete(SLEEP_1, 8))
    assert (result.statistic, result.p) == pytest.approx((found.statistic, found.pvalue))
    interval = found.confidence_interval()
    assert result.interval == pytest.approx((interval.low, interval.high))
    kept = np.delete(differences, 8)
    assert result.effect == pytest.approx(kept.mean() / kept.std(ddof=1))
    assert compare_paired(SLEEP_1, SLEEP_2).test is PairedTest.WILCOXON  # Shapiro-Wilk p = 0.033 with the ninth


def test_the_wilcoxon_test_gives_the_textbooks_example() -> None:
    """Hollander and Wolfe, examples 3.1, 3.3 and 3.4: T+ = 5 of after minus before, one-sided p 0.020, shift -0.46."""
    differences = DEPRESSION_2 - DEPRESSION_1
    tested = signed_rank_test(differences)
    assert (tested.positive_ranks, tested.negative_ranks, tested.is_exact) == (5, 40, True)
    assert tested.p == pytest.approx(0.0390625, rel=1e-12)
    assert tested.rank_biserial == pytest.approx(-35 / 45)
    estimate = hodges_lehmann(differences)
    assert estimate.shift == pytest.approx(-0.46, abs=1e-9)
    assert estimate.interval == pytest.approx((-0.786, -0.010), abs=1e-9)
    assert estimate.confidence == pytest.approx(0.961, abs=5e-4)  # the book prints 96.1 %


@given(samples)
def test_exact_p_is_what_counting_all_signs_gives(differences: np.ndarray) -> None:
    kept = differences[differences != 0]
    tested = signed_rank_test(differences)
    ranks = stats.rankdata(np.abs(kept))
    sums = np.array(
        [sum(r for r, s in zip(ranks, signs, strict=True) if s) for signs in product([0, 1], repeat=kept.size)]
    )
    observed = ranks[kept > 0].sum()
    expected = min(1.0, 2 * min(np.mean(sums <= observed + 1e-9), np.mean(sums >= observed - 1e-9)))
    assert tested.p == pytest.approx(expected, abs=1e-12)
    assert tested.count == kept.size


@pytest.mark.parametrize("count", [6, 12, 25, 50])
def test_exact_p_without_ties_agrees_with_scipy(count: int) -> None:
    differences = np.random.default_rng(count).normal(0.3, 1, count)
    assert signed_rank_test(differences).p == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue)


def test_many_pairs_take_the_normal_approximation_and_say_so() -> None:
    differences = np.rint(np.random.default_rng(1).exponential(100, 400)) - 80  # whole: ties are ties in scipy too
    tested = signed_rank_test(differences)
    expected = stats.wilcoxon(differences, correction=True, method="approx").pvalue
    assert (tested.p, tested.is_exact) == (pytest.approx(expected, rel=1e-9), False)
    assert "normal approximation" in compare_paired(np.zeros(400), differences).reason


def test_the_normal_approximation_continues_the_exact_distribution() -> None:
    differences = np.random.default_rng(2).exponential(1, 300) - 0.85
    exact = signed_rank_test(differences).p
    assert stats.wilcoxon(differences, correction=True, method="approx").pvalue == pytest.approx(exact, rel=0.02)


@given(samples)
def test_the_test_does_not_depend_on_which_column_comes_first(differences: np.ndarray) -> None:
    one, other = signed_rank_test(differences), signed_rank_test(-differences)
    assert one.p == pytest.approx(other.p)
    assert one.rank_biserial == pytest.approx(-other.rank_biserial)
    assert hodges_lehmann(differences).shift == pytest.approx(-hodges_lehmann(-differences).shift)


def test_an_interval_excludes_zero_when_the_test_rejects_it() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        differences = rng.normal(rng.uniform(0, 1), 1, rng.integers(6, 15))
        interval = hodges_lehmann(differences).interval
        assert interval is not None
        rejects = signed_rank_test(differences).p <= 0.05
        assert rejects == (interval[0] > 0 or interval[1] < 0)


def test_too_few_pairs_have_no_interval_and_no_test() -> None:
    result = compare_paired([1, 2, 3, 4, 50], [2, 4, 6, 8, 500])
    assert (result.test, result.interval, result.confidence) == (PairedTest.WILCOXON, None, None)
    assert "5 pairs are too few for a 95% interval" in result.reason
    assert result.p == pytest.approx(0.0625)
    two = compare_paired([1, 2], [2, 4])
    assert (two.test, two.p, two.reason) == (PairedTest.NONE, None, "2 pairs are too few to test")


def test_equal_columns_do_not_differ() -> None:
    result = compare_paired([5, 6, 7, 9], [5, 6, 7, 9])
    assert (result.test, result.p, result.effect, result.shift) == (PairedTest.WILCOXON, 1.0, 0.0, 0.0)
    assert "all differences are the same; 4 differences of zero left out of the ranks" in result.reason


def test_a_constant_shift_is_tested_by_ranks() -> None:
    result = compare_paired([1, 5, 2, 8, 3, 9], [2.1, 6.1, 3.1, 9.1, 4.1, 10.1])
    assert (result.test, result.effect) == (PairedTest.WILCOXON, 1.0)
    assert result.p == pytest.approx(2 / 2**6)  # six ties of one sign
    assert result.shift == pytest.approx(1.1)


def test_the_choice_of_test_and_description_is_said() -> None:
    rng = np.random.default_rng(4)
    plan = rng.normal(120, 10, 30)
    normal = compare_paired(plan, plan + rng.normal(-3, 4, 30))
    assert (normal.test, normal.spread) == (PairedTest.PAIRED_T, Spread.MEAN_SD)
    assert normal.reason.startswith("Shapiro-Wilk p = ")
    skewed = compare_paired(plan, plan - rng.exponential(3, 30) ** 2)
    assert skewed.test is PairedTest.WILCOXON
    assert ", below 0.05; exact" in skewed.reason
    assert compare_paired(rng.exponential(1, 30) ** 2, plan).spread is Spread.MEDIAN_QUARTILES
    few = compare_paired(plan[:5], plan[:5] + [1, -2, 3, 0, 2])
    assert "which says little of 5 pairs" in few.reason


def test_quartiles_are_quartiles() -> None:
    """Not the extremes, which a published table prints in their place."""
    summary = summarise([2, 5, 8, 11, 14, 17, 20, 23, 32])
    assert (summary.lower_quartile, summary.median, summary.upper_quartile) == (8, 14, 20)
    assert (summary.least, summary.largest) == (2, 32)
    assert summarise([1, 2, 3, 4]).lower_quartile == 1.75  # type 7 of Hyndman and Fan, as R and numpy


def test_normality_agrees_with_the_published_example() -> None:
    """Shapiro and Wilk 1965, example 3: weights of eleven men, W = 0.79, p about 0.01."""
    weights = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]
    summary = summarise(weights)
    assert summary.normality_p == pytest.approx(0.0067, abs=5e-4)  # Royston's algorithm, as R prints it
    assert not summary.is_normal
    assert summarise([3, 3, 3]).normality_p is None
    assert summarise([3, 4]).normality_p is None


def test_holm_steps_down() -> None:
    """By hand: 0.01 x 4, 0.02 x 3, then 0.03 x 2 stays at 0.06, and 0.04 x 1 too."""
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([0.5, 0.9]) == (1.0, 1.0)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_raw_and_bonferroni_and_keeps_the_order(p_values: list[float]) -> None:
    raw, adjusted = np.array(p_values), np.array(holm(p_values))
    assert (adjusted >= raw - 1e-15).all()
    assert (adjusted <= np.minimum(raw * raw.size, 1) + 1e-15).all()
    assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= -1e-15).all()


def test_limits_of_agreement_are_those_of_bland_and_altman() -> None:
    """Their paper prints, for large minus mini: mean -2.1, SD 38.8, limits -79.7 and 75.5 l/min; 95 % interval of the
    bias -22.0 to 17.8, of the limits -114.3 to -45.1 and 40.9 to 110.1 (with their rounder variance, 3 s2 / n)."""
    agreement = bland_altman(MINI_METER, LARGE_METER)
    assert (agreement.bias, agreement.sd) == pytest.approx((-2.1, 38.8), abs=0.05)
    # the paper takes 2 SD for 1.96 SD
    assert (agreement.bias - 2 * agreement.sd, agreement.bias + 2 * agreement.sd) == pytest.approx(
        (-79.7, 75.5), abs=0.1
    )
    assert agreement.bias_interval == pytest.approx((-22.0, 17.8), abs=0.1)
    half = (agreement.upper_limit_interval[1] - agreement.upper_limit_interval[0]) / 2
    assert half == pytest.approx(34.6, rel=0.02)  # (110.1 - 40.9) / 2, their variance being a little smaller
    assert agreement.upper_limit - agreement.lower_limit == pytest.approx(2 * 1.96 * agreement.sd)
    np.testing.assert_allclose(agreement.means, (LARGE_METER + MINI_METER) / 2)


@pytest.mark.parametrize(
    ("plan", "implant", "message"),
    [
        ([1, 2, 3], [1, 2], "3 planned but 2 implanted values: give both of every case"),
        ([1, 2, np.nan], [1, 2, 3], "give finite numbers, at least one"),
        ([], [], "give finite numbers, at least one"),
    ],
)
def test_columns_that_are_not_pairs_are_refused(plan: list, implant: list, message: str) -> None:
    with pytest.raises(CohortError, match=message):
        compare_paired(plan, implant)


def test_two_pairs_have_no_limits_of_agreement() -> None:
    with pytest.raises(CohortError, match="limits of agreement need at least 3 pairs"):
        bland_altman([1, 2], [3, 4])
