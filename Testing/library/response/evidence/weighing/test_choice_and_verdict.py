"""One marker of a group, the best measured and not the most extreme; and what the interval amounts to."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.response.evidence import Finding, LesionClass, Quality, Verdict, WeighingSettings, weigh_evidence
from brachyresponse.response.evidence.markers import available_markers, marker
from brachyresponse.response.evidence.weighing import Interval
from brachyresponse.response.evidence.weighing.verdict import verdict_of

PRIOR = (0.31, 0.5, 0.69)
FEW = WeighingSettings(draws=2000)
WEIGHABLE = tuple(one.id for one in available_markers() if one.is_weighable)
RECURRENCE, NECROSIS = LesionClass.RECURRENCE, LesionClass.NECROSIS


def used_of(*findings: Finding, population: str = "") -> list[str]:
    return [one.marker.id for one in weigh_evidence(findings, PRIOR, population=population, settings=FEW).used]


def test_of_one_group_the_best_measured_is_taken_and_not_the_most_extreme() -> None:
    extreme = Finding("advanced_mri_mets_suh", positive=True, quality=Quality.LIMITED)
    plain = Finding("rcbv_visual_mets_hoefnagels", positive=False)
    assert used_of(extreme, plain) == ["rcbv_visual_mets_hoefnagels"]


def test_fdg_in_a_pooled_study_of_pet_is_of_the_group_of_fdg() -> None:
    pooled = Finding("fdg_or_aa_pet_mets_li2018", positive=True, details={"tracer": "18F-FDG"})
    assert used_of(pooled, Finding("fdg_kahn", positive=True)) == ["fdg_or_aa_pet_mets_li2018"]
    assert used_of(pooled, Finding("aa_pet_mets_2023", positive=True)) == [pooled.id, "aa_pet_mets_2023"]


def test_at_equal_quality_a_meta_analysis_comes_before_a_study() -> None:
    assert used_of(Finding("rcbv_visual_mets_hoefnagels", positive=True), Finding("rcbv_mets_meta", positive=True)) == [
        "rcbv_mets_meta"
    ]


def test_at_equal_evidence_the_population_that_fits_comes_first() -> None:
    findings = (Finding("dsc_hgg_fu", positive=True), Finding("rcbv_mets_meta", positive=True))
    assert used_of(*findings, population="brain metastasis") == ["rcbv_mets_meta"]
    assert used_of(*findings, population="glioblastoma") == ["dsc_hgg_fu"]
    assert used_of(*findings) == ["dsc_hgg_fu"]  # the order given


def test_the_one_left_out_names_the_one_that_stands_for_its_group_and_why() -> None:
    findings = [Finding("rcbv_visual_mets_hoefnagels", positive=True), Finding("rcbv_mets_meta", positive=True)]
    (left_out,) = weigh_evidence(findings, PRIOR, settings=FEW).left_out
    assert left_out.reasons == (
        "Of the markers of perfusion only one is weighed; rCBV (DSC) (Kwee & Kwee 2020 J Magn Reson Imaging, "
        "PMC7004193 (authors unverified)) has the higher level of evidence.",
    )


def test_what_is_left_out_stands_in_the_order_given() -> None:
    names = ("cho_naa_li2016", "radiomics_mets_peng", "rcbv_visual_mets_hoefnagels", "lipid_lactate")
    findings = [Finding(name, positive=True) for name in ("rcbv_mets_meta", "mrs_hgg_vandijken", *names)]
    left_out = weigh_evidence(findings, PRIOR, settings=FEW).left_out
    assert tuple(one.id for one in left_out) == names


def test_the_first_has_its_full_weight_and_every_later_one_the_setting() -> None:
    findings = [
        Finding(name, positive=True) for name in ("fet_tbrmax_romagna", "rcbv_mets_meta", "cho_naa_glioma_zhang")
    ]
    evidence = weigh_evidence(findings, PRIOR, settings=WeighingSettings(weight=0.3, draws=1000))
    assert [(one.marker.id, one.weight) for one in evidence.used] == [
        ("rcbv_mets_meta", 1.0),
        ("cho_naa_glioma_zhang", 0.3),
        ("fet_tbrmax_romagna", 0.3),
    ]


@settings(max_examples=24)
@given(
    st.permutations(
        ("rcbv_mets_meta", "fet_tbrmax_romagna", "centrally_restricted_diffusion", "rcbv_visual_mets_hoefnagels")
    )
)
def test_the_order_of_the_findings_does_not_matter_where_quality_decides(order: list[str]) -> None:
    qualities = {
        "rcbv_mets_meta": Quality.GOOD,
        "fet_tbrmax_romagna": Quality.GOOD,
        "centrally_restricted_diffusion": Quality.LIMITED,
        "rcbv_visual_mets_hoefnagels": Quality.LIMITED,
    }
    sides = {"rcbv_mets_meta": True, "fet_tbrmax_romagna": False}
    findings = [Finding(name, positive=sides.get(name, True), quality=qualities[name]) for name in order]
    evidence = weigh_evidence(findings, PRIOR, settings=FEW)
    assert [one.marker.id for one in evidence.used] == list(qualities)[:3]
    in_table = [Finding(name, positive=sides.get(name, True), quality=qualities[name]) for name in qualities]
    assert evidence.interval == weigh_evidence(in_table, PRIOR, settings=FEW).interval


@settings(max_examples=60)
@given(st.sampled_from(WEIGHABLE), st.floats(0.02, 0.9), st.floats(0.0, 0.08))
def test_positive_moves_towards_its_class_and_negative_away(name: str, low: float, width: float) -> None:
    prior = (low, low + width / 2, low + width)
    positive, negative, neither = (
        weigh_evidence(findings, prior, settings=FEW)
        for findings in ([Finding(name, positive=True)], [Finding(name, positive=False)], [])
    )
    higher, lower = (positive, negative) if marker(name).positive_class is RECURRENCE else (negative, positive)
    assert lower.at_weight_one < neither.interval.mid < higher.at_weight_one
    # The middle of 2,000 draws; of the widest study it wavers by half a percent.
    assert lower.interval.mid - 0.02 <= neither.interval.mid <= higher.interval.mid + 0.02


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WEIGHABLE), unique=True, max_size=6), st.integers(0, 63), st.sampled_from(WEIGHABLE))
def test_a_marker_that_is_left_out_changes_nothing(names: list[str], sides: int, more: str) -> None:
    findings = [Finding(name, positive=bool(sides >> number & 1)) for number, name in enumerate(names)]
    ignored = Finding(more, positive=True, is_included=False)
    with_it, without = (weigh_evidence(given, PRIOR, settings=FEW) for given in ([ignored, *findings], findings))
    assert with_it.interval == without.interval
    assert with_it.verdict is without.verdict
    assert len(with_it.left_out) == len(without.left_out) + 1


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WEIGHABLE), unique=True, max_size=8), st.integers(0, 255))
def test_every_finding_is_used_or_left_out_and_no_group_twice(names: list[str], sides: int) -> None:
    findings = [Finding(name, positive=bool(sides >> number & 1)) for number, name in enumerate(names)]
    evidence = weigh_evidence(findings, PRIOR, settings=FEW)
    assert sorted(one.marker.id for one in (*evidence.used, *evidence.left_out)) == sorted(names)
    groups = [one.group for one in evidence.used]
    assert len(groups) == len(set(groups)) == len({marker(name).group for name in names})
    assert 0 < evidence.interval.low <= evidence.interval.mid <= evidence.interval.high < 1


@pytest.mark.parametrize("order", tuple(permutations((RECURRENCE, NECROSIS))))
def test_an_interval_off_50_percent_from_markers_that_disagree_is_conflicting(order: tuple[LesionClass, ...]) -> None:
    assert verdict_of(Interval(0.6, 0.8, 0.9), order) is Verdict.CONFLICTING
    assert verdict_of(Interval(0.1, 0.2, 0.4), order) is Verdict.CONFLICTING
    assert verdict_of(Interval(0.4, 0.6, 0.8), order) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.5, 0.7, 0.9), Verdict.INCONCLUSIVE),
        ((0.501, 0.7, 0.9), Verdict.FAVOURS_RECURRENCE),
        ((0.1, 0.3, 0.5), Verdict.INCONCLUSIVE),
        ((0.1, 0.3, 0.499), Verdict.FAVOURS_NECROSIS),
    ],
)
def test_an_interval_favours_a_class_only_off_50_percent(
    interval: tuple[float, float, float], verdict: Verdict
) -> None:
    assert verdict_of(Interval(*interval), [RECURRENCE]) is verdict
    assert verdict_of(Interval(*interval), []) is Verdict.NOT_EVALUABLE


def test_a_strong_prior_against_markers_that_disagree_is_called_conflicting() -> None:
    findings = [Finding("rcbv_mets_meta", positive=True), Finding("cho_naa_glioma_zhang", positive=False)]
    evidence = weigh_evidence(findings, (0.9, 0.93, 0.95), settings=FEW)
    assert evidence.verdict is Verdict.CONFLICTING
    assert evidence.headline.startswith("Conflicting: probability of recurrence ")
