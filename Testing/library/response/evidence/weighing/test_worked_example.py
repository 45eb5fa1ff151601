"""The worked example: rCBV and FET, its table and its draws, and the same by plain arithmetic."""

from __future__ import annotations

import math
import random

import pytest

from brachyresponse.response.evidence import Evidence, Verdict, WeighingSettings, sensitivity, weigh_evidence

PRIOR = (0.31, 0.5, 0.69)
TABLE = {0.31: (65, 79, 89), 0.50: (81, 90, 95), 0.69: (90, 95, 98)}
DRAWS = {
    (True, True): ((69, 89, 97), Verdict.FAVOURS_RECURRENCE),
    (True, False): ((25, 65, 89), Verdict.INCONCLUSIVE),
    (False, False): ((2, 9, 28), Verdict.FAVOURS_NECROSIS),
}
"""As published with the rules: 200,000 draws, seed 0, the draws not held to the limits of a likelihood ratio."""


def weighed(rcbv: bool, fet: bool, prior: tuple[float, float, float] = PRIOR, **settings: float) -> Evidence:
    findings = [{"id": "rcbv_mets_meta", "positive": rcbv}, {"id": "fet_tbrmax_romagna", "positive": fet}]
    return weigh_evidence(findings, prior, settings=WeighingSettings(**settings))


@pytest.mark.parametrize(("prior", "expected"), TABLE.items())
def test_the_table_comes_out(prior: float, expected: tuple[int, int, int]) -> None:
    evidence = weighed(True, True, (prior, prior, prior), draws=1000)
    found = (evidence.at_weight_zero, evidence.at_weight, evidence.at_weight_one)
    # The table has whole percent; 0.5 more for a half that falls to the other side.
    assert [100 * share for share in found] == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize(("sides", "expected"), DRAWS.items())
def test_the_draws_come_out(sides: tuple[bool, bool], expected: tuple[tuple[int, int, int], Verdict]) -> None:
    evidence = weighed(*sides)
    percent, verdict = expected
    assert tuple(round(100 * share) for share in evidence.interval) == percent
    assert evidence.verdict is verdict


def test_limits_in_every_draw_narrow_the_interval() -> None:
    free, held = weighed(True, False), weighed(True, False, is_cap_in_draws=True)
    assert free.interval.low < held.interval.low < held.interval.mid


def test_markers_that_disagree_are_called_conflicting_and_listed() -> None:
    evidence = weighed(True, False)
    assert evidence.headline.startswith("Inconclusive and conflicting: probability of recurrence ")
    assert evidence.conflicting == (
        "For recurrence: rCBV (DSC) positive (high).",
        "For necrosis: 18F-FET TBRmax negative (not high).",
    )


@pytest.mark.parametrize("sides", DRAWS)
def test_plain_arithmetic_and_plain_random_numbers_agree(sides: tuple[bool, bool]) -> None:
    """The whole rule once more, without numpy and without any of the code: odds, draws, percentiles."""
    stream = random.Random(4)

    def logit_normal(value: float, low: float, high: float) -> float:
        width = (math.log(high / (1 - high)) - math.log(low / (1 - low))) / 3.92
        return 1 / (1 + math.exp(-stream.gauss(math.log(value / (1 - value)), width)))

    def ratio(positive: bool, sensitivity_: float, specificity: float) -> float:
        return sensitivity_ / (1 - specificity) if positive else (1 - sensitivity_) / specificity

    drawn = []
    for _ in range(10_000):
        prior, weight = stream.uniform(0.31, 0.69), stream.random()
        first = ratio(sides[0], logit_normal(0.816, 0.706, 0.891), logit_normal(0.806, 0.642, 0.906))
        second = ratio(sides[1], stream.betavariate(18.5, 3.5), stream.betavariate(23.5, 6.5)) ** weight
        odds = prior / (1 - prior) * first * second
        drawn.append(odds / (1 + odds))
    drawn.sort()
    expected = [drawn[int(share * len(drawn))] for share in (0.025, 0.5, 0.975)]
    # 10,000 draws leave a little less than one percent at the ends.
    assert tuple(weighed(*sides).interval) == pytest.approx(expected, abs=0.012)


def test_the_sensitivity_grid_is_the_odds_form() -> None:
    grid = sensitivity(weighed(True, True, draws=1000))
    assert grid.probability.shape == (len(grid.priors), len(grid.weights)) == (19, 11)
    for row, prior in enumerate(grid.priors):
        for column, weight in enumerate(grid.weights):
            odds = prior / (1 - prior) * (0.816 / 0.194) * (0.86 / 0.21) ** weight
            # The same arithmetic: rounding only.
            assert grid.probability[row, column] == pytest.approx(odds / (1 + odds), abs=1e-12)


def test_the_same_seed_gives_the_same_answer_and_another_almost_the_same() -> None:
    findings = [{"id": "rcbv_mets_meta", "positive": True}]
    first, again, other = (
        weigh_evidence(findings, PRIOR, settings=WeighingSettings(draws=20_000), random_seed=seed).interval
        for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other
    assert first == pytest.approx(other, abs=0.01)  # 20,000 draws
