"""Cut-offs, priors, populations and context."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.markers import (
    PriorSource,
    anatomical_rows,
    available_markers,
    context_finding,
    context_findings,
    cutoffs_of,
    default_prior,
    marker,
    population_fits,
    population_is_in_brain,
    populations,
    prior_source,
    priors,
    quantities,
    quantity,
    statistic_word,
)
from brachyresponse.response.evidence.vocabulary import LesionClass
from brachyresponse.response.treatment import TumourType


def test_published_ranges_are_kept_by_statistic() -> None:
    means = [one.value for one in cutoffs_of("rcbv", "mean") if one.is_verified]
    maxima = [one.value for one in cutoffs_of("rcbv", "maximum") if one.is_verified]
    assert (min(means), max(means)) == (0.9, 2.15)
    assert (min(maxima), max(maxima)) == (1.49, 3.1)


def test_what_is_from_memory_is_shown_as_unverified() -> None:
    (of_memory,) = [one for one in cutoffs_of("vp") if one.value == 2.1]
    assert not of_memory.is_verified
    assert of_memory.study.endswith(", unverified")


def test_a_single_cutoff_of_a_record_stands_among_the_published_ones_of_its_marker() -> None:
    for one in available_markers():
        if one.quantities and one.cutoff_words.replace(".", "", 1).isdigit():
            assert float(one.cutoff_words) in [cutoff.value for cutoff in one.cutoffs], one.id


def test_every_quantity_of_a_marker_is_known_and_its_unit_is_the_marker_s() -> None:
    known = {one.id for one in quantities()}
    for one in available_markers():
        assert set(one.quantities) <= known
        assert one.unit == (quantity(one.quantities[0]).unit if one.quantities else "")
    assert marker("adc_hgg_vandijken").unit == "1e-6 mm2/s"


@pytest.mark.parametrize(
    ("tracer", "name"), [("18F-FET", "fet_tbr"), ("F-DOPA", "fdopa_ratio"), ("11C-MET", "met_ratio")]
)
def test_a_tracer_belongs_to_its_quantity_however_it_is_written(tracer: str, name: str) -> None:
    assert [one.id for one in quantities() if one.tracers and one.is_of(tracer)] == [name]


def test_every_quantity_can_be_given_for_some_marker() -> None:
    given = {name for one in available_markers() for name in one.quantities}
    assert given == {one.id for one in quantities()}


def test_max_is_another_word_for_maximum() -> None:
    assert statistic_word("Max") == "maximum"
    assert statistic_word("p95") == "p95"


@pytest.mark.parametrize("one", [one for one in priors() if one.ci95], ids=lambda one: one.id)
def test_exact_intervals_of_the_priors_are_those_of_their_counts(one: PriorSource) -> None:
    assert one.events is not None
    assert one.total is not None
    low = beta.ppf(0.025, one.events, one.total - one.events + 1) if one.events else 0.0
    high = beta.ppf(0.975, one.events + 1, one.total - one.events)
    # Whole percent in the table, one end of which (73.45 as 74) is rounded outwards.
    assert one.ci95 == pytest.approx((low, high), abs=0.0056)


def test_the_default_prior_spans_what_biopsied_growing_lesions_showed() -> None:
    shown = default_prior()
    assert (shown.low, shown.mid, shown.high) == (0.31, 0.5, 0.69)
    assert shown.source
    assert shown.set_by


def test_a_share_of_necrosis_is_turned_into_one_of_recurrence() -> None:
    one = prior_source("one_and_three_fractions")
    assert one.counted is LesionClass.NECROSIS
    assert one.recurrence == pytest.approx(41 / 62)
    assert not one.of_growing_lesions


@pytest.mark.parametrize("tumour", TumourType)
def test_every_tumour_of_the_treatment_record_is_a_population(tumour: TumourType) -> None:
    assert tumour in populations()


def test_a_patient_fits_the_population_of_a_study_or_does_not_or_nobody_knows() -> None:
    study = marker("rcbv_mets_meta").population
    assert population_fits("brain metastasis", study) is True
    assert population_fits("high-grade glioma", study) is False
    assert population_fits("", study) is None
    assert population_fits("brain metastasis", marker("vp_ratio_hatzoglou").population) is True


def test_a_neck_node_lies_outside_the_brain() -> None:
    assert population_is_in_brain("neck node metastasis") is False
    assert population_is_in_brain("glioblastoma") is True
    assert population_is_in_brain("") is None


def test_an_unknown_population_names_the_nearest() -> None:
    with pytest.raises(ResponseError, match=r"no population 'brain metastases'; did you mean 'brain metastasis'\?"):
        population_fits("brain metastases", ())


def test_context_has_the_six_rows_of_the_table_and_the_finding_on_the_growing_rim() -> None:
    assert len(anatomical_rows()) == 6
    assert "not progression by itself" in context_finding("rim_without_t2_growth").text
    assert all(one.source for one in context_findings())
