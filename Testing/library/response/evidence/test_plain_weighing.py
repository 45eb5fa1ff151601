"""The combination against a second, plain reading of the same rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.response.evidence import WeighingSettings, marker, weigh_evidence
from plain_weighing import drawn_interval, probability, published, with_intervals
from reference import REFERENCE, needs_reference

pytestmark = needs_reference("recurrence_vs_necrosis_markers.json")

FEW_DRAWS = WeighingSettings(draws=1000)
DRAWS, SLACK = 20_000, 0.012
"""Percentiles of 20,000 draws are known to about 0.4 points; the widest tail of the prior to three times as much."""


def usable() -> list[str]:
    """Return the ids that the library weighs, of those whose published figures have intervals."""
    return [name for name in with_intervals() if marker(name).is_weighable and not marker(name).uses_printed]


NAMES = usable() if (REFERENCE / "recurrence_vs_necrosis_markers.json").exists() else ["absent"]


@st.composite
def findings(draw: st.DrawFn) -> list[tuple[str, bool]]:
    """Up to three markers of different groups, judged positive or negative."""
    chosen: dict[str, str] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6)):
        chosen.setdefault(published()[name]["group"], name)
    return [(name, draw(st.booleans())) for name in list(chosen.values())[:3]]


@settings(max_examples=25, deadline=None)
@given(findings(), st.floats(0.05, 0.95))
def test_every_probability_is_that_of_the_plain_reading(found: list[tuple[str, bool]], prior: float) -> None:
    """At one prior and the weights 0 and 1, to rounding."""
    evidence = weigh_evidence(as_mappings(found), (prior / 2, prior, (1 + prior) / 2), settings=FEW_DRAWS)
    in_order = [(used.marker.id, dict(found)[used.marker.id]) for used in evidence.used]
    assert sorted(in_order) == sorted(found)
    assert evidence.at_weight_zero == pytest.approx(probability(in_order, prior, 0.0), abs=1e-9)
    assert evidence.at_weight_one == pytest.approx(probability(in_order, prior, 1.0), abs=1e-9)


@pytest.mark.parametrize(
    "found",
    [
        [("rcbv_mets_meta", True), ("adc_hgg_vandijken", False)],
        [("rcbv_mean_hgg_patel", False), ("centrally_restricted_diffusion", True), ("cho_naa_glioma_zhang", False)],
        [("dce_hgg_vandijken", True), ("mrs_hgg_vandijken", True)],
    ],
)
def test_the_interval_is_that_of_draws_one_by_one(found: list[tuple[str, bool]]) -> None:
    """Within the uncertainty of the plain reading's fewer draws."""
    evidence = weigh_evidence(as_mappings(found), (0.2, 0.4, 0.6))
    in_order = [(used.marker.id, dict(found)[used.marker.id]) for used in evidence.used]
    assert evidence.interval == pytest.approx(drawn_interval(in_order, (0.2, 0.6), DRAWS, seed=1), abs=SLACK)


def as_mappings(found: list[tuple[str, bool]]) -> list[dict[str, object]]:
    """Return findings as a script gives them."""
    return [{"id": name, "positive": is_positive} for name, is_positive in found]
