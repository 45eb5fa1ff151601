"""What goes wrong where likelihood ratios are copied: swapped classes, empty cells, worthless markers."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from brachyresponse.response.evidence import Verdict, WeighingSettings, weigh_evidence
from brachyresponse.response.evidence.markers import Accuracy, Marker, available_markers, marker
from brachyresponse.response.evidence.vocabulary import LesionClass, Side
from brachyresponse.response.evidence.weighing.likelihood import Likelihood, without_zero_cells, zero_cell_reason

PRIOR = (0.31, 0.5, 0.69)
FEW = WeighingSettings(draws=5000)
HELD = WeighingSettings(draws=5000, is_cap_in_draws=True)
WEIGHABLE = [one for one in available_markers() if one.is_weighable]
SIDES = (Side.POSITIVE, Side.NEGATIVE)


def capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def test_a_specificity_of_100_percent_gets_half_a_lesion_in_every_cell() -> None:
    one = marker("tl201_tie")
    assert without_zero_cells(one) == pytest.approx((14.5 / 18, 4.5 / 5))
    assert Likelihood(one, Side.POSITIVE, FEW).ratio == pytest.approx((14.5 / 18) / (0.5 / 5))


def test_a_specificity_of_100_percent_on_14_lesions_is_held_to_ten() -> None:
    ratio = Likelihood(marker("rcbv_max_gm_mets_hoefnagels"), Side.POSITIVE, FEW)
    assert ratio.uncapped == pytest.approx((14.5 / 21) / (0.5 / 15))
    assert ratio.ratio == 10.0


def test_without_counts_the_bound_of_the_interval_stands_in_for_an_empty_cell() -> None:
    one = replace(
        marker("rcbv_mets_meta"), sensitivity=Accuracy(0.8, (0.7, 0.9)), specificity=Accuracy(1.0, (0.77, 1.0))
    )
    assert without_zero_cells(one) == (0.8, 0.77)
    assert zero_cell_reason(one) == ""


def test_an_empty_cell_without_counts_and_interval_is_not_weighed() -> None:
    one = replace(marker("met_lnr_yomo"), specificity=Accuracy(1.0))
    assert "without counts or an interval gives no likelihood ratio" in zero_cell_reason(one)


@pytest.mark.parametrize("one", WEIGHABLE, ids=lambda one: one.id)
@pytest.mark.parametrize("is_positive", [True, False])
def test_held_to_it_no_marker_moves_the_odds_more_than_tenfold_in_any_draw(one: Marker, is_positive: bool) -> None:
    prior = (0.499, 0.5, 0.501)
    evidence = weigh_evidence([{"id": one.id, "positive": is_positive}], prior, settings=HELD)
    odds = 0.501 / 0.499 * 10
    # To rounding, and the width of the prior.
    assert 1 - odds / (1 + odds) - 1e-9 <= evidence.interval.low <= evidence.interval.high <= odds / (1 + odds) + 1e-9
    assert 0.1 <= evidence.used[0].likelihood_ratio <= 10


@pytest.mark.parametrize("name", ["tl201_tie", "rcbv_max_gm_mets_hoefnagels", "mrs_hgg_vandijken", "met_lnr_yomo"])
def test_figures_that_go_to_certainty_are_held_to_the_limits_in_every_draw(name: str) -> None:
    """Empty cells, a ratio beyond ten, no stated uncertainty: never beyond a likelihood ratio of ten."""
    evidence = weigh_evidence([{"id": name, "positive": True}], (0.31, 0.5, 0.69), settings=FEW)
    odds = 0.69 / 0.31 * 10
    assert evidence.interval.high <= odds / (1 + odds)
    assert max(evidence.used[0].lr_interval) <= 10 + 1e-9  # rounding


@pytest.mark.parametrize("one", WEIGHABLE, ids=lambda one: one.id)
def test_a_positive_marker_speaks_for_its_class_and_a_negative_one_against_it(one: Marker) -> None:
    positive, negative = (Likelihood(one, side, FEW) for side in SIDES)
    assert positive.class_indicated is one.positive_class
    assert negative.class_indicated is not one.positive_class
    is_of_recurrence = one.positive_class is LesionClass.RECURRENCE
    assert (positive.ratio > 1) == is_of_recurrence
    assert (negative.ratio < 1) == is_of_recurrence


@pytest.mark.parametrize("name", ["fet_tbrmax_romagna", "rcbv_mets_meta", "aa_pet_mets_2023"])
@pytest.mark.parametrize("side", SIDES)
def test_swapping_the_positive_class_mirrors_the_likelihood_ratio(name: str, side: Side) -> None:
    one = marker(name)
    plain = Likelihood(one, side, FEW)
    swapped = Likelihood(replace(one, positive_class=LesionClass.NECROSIS), side, FEW)
    assert swapped.ratio == pytest.approx(1 / plain.ratio)
    drawn, mirrored = (each.draw_log(np.random.default_rng(1), 500) for each in (plain, swapped))
    np.testing.assert_allclose(mirrored, -drawn, rtol=0, atol=1e-9)  # the same draws: rounding only


def test_present_central_restriction_speaks_for_necrosis() -> None:
    shown = weigh_evidence([{"id": "centrally_restricted_diffusion", "positive": True}], PRIOR, settings=FEW)
    assert shown.used[0].likelihood_ratio == pytest.approx((1 - 0.64) / 0.83)
    assert shown.at_weight_one < 0.5


@pytest.mark.parametrize("name", ["lesion_quotient_recurrence", "lesion_quotient_necrosis"])
def test_the_lesion_quotient_is_shown_and_has_no_weight(name: str) -> None:
    evidence = weigh_evidence([{"id": name, "value": 0.9}], PRIOR)
    assert evidence.verdict is Verdict.NOT_EVALUABLE
    (left_out,) = evidence.left_out
    assert left_out.reasons == (f"{capital(marker(name).why_not)}.",)
    assert "likelihood ratio" in left_out.reasons[0]


@pytest.mark.parametrize("one", [one for one in available_markers() if not one.is_weighable], ids=lambda one: one.id)
def test_a_marker_that_is_never_weighed_changes_nothing_and_says_why(one: Marker) -> None:
    fet = {"id": "fet_tbrmax_romagna", "positive": True}
    alone = weigh_evidence([fet], PRIOR, settings=FEW)
    both = weigh_evidence([{"id": one.id, "positive": True}, fet], PRIOR, settings=FEW)
    assert both.interval == alone.interval
    assert [left.marker.id for left in both.left_out] == [one.id]
    assert both.left_out[0].reasons == (f"{capital(one.why_not)}.",)


def test_the_printed_smaller_ratios_are_used_with_their_interval() -> None:
    positive, negative = (Likelihood(marker("aa_pet_mets_2023"), side, FEW) for side in SIDES)
    assert (positive.ratio, negative.ratio) == (3.8, 0.3)
    drawn = positive.draw_log(np.random.default_rng(0), 50_000)
    low, high = np.percentile(drawn, (2.5, 97.5))
    assert (low, high) == pytest.approx((log(3.0), log(4.8)), abs=0.02)  # printed with one decimal


def test_a_study_without_interval_and_counts_is_drawn_from_few_lesions_and_says_so() -> None:
    evidence = weigh_evidence([{"id": "met_lnr_yomo", "positive": True}], PRIOR, settings=FEW)
    assert "drawn from 10 lesions, for the study gives neither interval nor counts" in evidence.used[0].sentence
    low, high = evidence.used[0].lr_interval
    assert low < 1.5 < 3.28 < 9 < high


def test_jeffreys_draws_have_the_mean_of_their_counts() -> None:
    positive = Likelihood(marker("fet_tbrmax_romagna"), Side.POSITIVE, FEW)
    drawn = positive.draw_log(np.random.default_rng(0), 100_000)
    shares = np.random.default_rng(7)
    expected = np.log(shares.beta(18.5, 3.5, 100_000) / shares.beta(6.5, 23.5, 100_000))
    # Two samples of 100,000 with a spread of 0.36: three standard errors.
    assert drawn.mean() == pytest.approx(expected.mean(), abs=0.006)
    assert drawn.std() == pytest.approx(expected.std(), abs=0.006)
