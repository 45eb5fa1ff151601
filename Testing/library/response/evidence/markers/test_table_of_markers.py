"""The table of markers against the records it was made from: none lost, no number changed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.markers import Accuracy, Marker, available_markers, marker
from brachyresponse.response.evidence.vocabulary import FigureStatus, LesionClass, MarkerGroup
from reference import REFERENCE, needs_reference

RECORDS = "recurrence_vs_necrosis_markers.json"
NEVER_WEIGHED = {
    *("rcbv_max_wm_mets_hoefnagels", "psr_mets_barajas", "rph_mets_barajas", "vp_ratio_hatzoglou"),
    *("ktrans_ratio_hatzoglou", "seed_rvp_rktrans", "mri_mets_suh", "dwi_meta_2018", "lipid_lactate"),
    *("fet_tbrmax_ceccon", "fdg_suvratio_hatzoglou", "tl201_index_serizawa", "tl201_mibi_2002", "dotatoc"),
    *("lesion_quotient_recurrence", "lesion_quotient_necrosis", "gd_mri_furuse", "radiomics_mets_peng"),
    *("radiomics_glioma_kocak", "cest_mtr_mets", "trams_delayed"),
}
DERIVED_COUNTS = {
    "rcbv_max_gm_mets_hoefnagels": ((14, 20), (14, 14)),
    "rcbv_visual_mets_hoefnagels": ((14, 20), (13, 14)),
    "fet_tbrmax_romagna": ((18, 21), (23, 29)),
    "fdg_kahn": ((13, 16), (2, 5)),
    "tl201_kahn": ((11, 16), (2, 5)),
    "tl201_tie": ((14, 17), (4, 4)),
    "centrally_restricted_diffusion": ((19, 23), (23, 36)),
}


@cache
def records() -> dict[str, dict[str, Any]]:
    told = json.loads((REFERENCE / RECORDS).read_text(encoding="utf-8"))
    return {row["id"]: row for row in told["markers"]}


@needs_reference(RECORDS)
def test_no_marker_was_lost_and_none_invented() -> None:
    assert [one.id for one in available_markers()] == list(records())


@needs_reference(RECORDS)
@pytest.mark.parametrize("one", available_markers(), ids=lambda one: one.id)
def test_every_number_and_word_of_a_record_is_the_marker_s(one: Marker) -> None:
    row = records()[one.id]
    for name, figure in (("sens", one.sensitivity), ("spec", one.specificity)):
        assert (figure.value if figure else None) == row[name]
        told = row[f"{name}_ci95"]
        assert (figure.ci95 if figure else None) == (None if told is None else tuple(told))
    assert one.cutoff_words == ("" if row["cutoff"] is None else str(row["cutoff"]))
    assert (one.title, one.group, one.direction) == (row["marker"], row["group"], row["direction"])
    assert (one.positive_class, one.evidence_level) == (row["positive_class"], row["evidence"])
    assert (one.n or None, one.citation, one.status) == (row["n"], row["citation"], row["status"])
    assert (list(one.population), one.notes) == (row["population"], row.get("notes", ""))


@needs_reference(RECORDS)
@pytest.mark.parametrize("one", [one for one in available_markers() if one.is_weighable], ids=lambda one: one.id)
def test_figures_give_the_likelihood_ratios_of_the_record(one: Marker) -> None:
    row = records()[one.id]
    assert one.sensitivity is not None
    assert one.specificity is not None
    if row["lr_positive"] is None:
        assert one.specificity.value == 1.0  # a zero cell: the record gives none
        return
    sensitivity, specificity = one.sensitivity.value, one.specificity.value
    # The record rounds to three figures.
    assert sensitivity / (1 - specificity) == pytest.approx(row["lr_positive"], abs=0.01, rel=0.01)
    assert (1 - sensitivity) / specificity == pytest.approx(row["lr_negative"], abs=0.001, rel=0.01)


@needs_reference(RECORDS)
@pytest.mark.parametrize("one", available_markers(), ids=lambda one: one.id)
def test_a_record_with_something_from_memory_says_so(one: Marker) -> None:
    assert bool(one.from_memory) == ("from memory" in one.status)
    if one.from_memory:
        assert f"({', '.join(one.from_memory)} unverified)" in one.citation_words


def test_exactly_the_markers_without_verified_figures_or_use_are_never_weighed_and_say_why() -> None:
    assert {one.id for one in available_markers() if not one.is_weighable} == NEVER_WEIGHED
    assert all(one.why_not for one in available_markers() if one.id in NEVER_WEIGHED)


def test_a_marker_is_weighed_only_with_both_figures_verified() -> None:
    for one in available_markers():
        if one.is_weighable:
            assert one.figures is FigureStatus.VERIFIED
        if one.sensitivity is None or one.specificity is None:
            assert one.figures is FigureStatus.UNKNOWN


@pytest.mark.parametrize(("name", "counts"), DERIVED_COUNTS.items())
def test_derived_counts_give_the_printed_percentages_and_say_how(
    name: str, counts: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    one = marker(name)
    assert one.counts.startswith("derived: ")
    for figure, (events, total) in zip((one.sensitivity, one.specificity), counts, strict=True):
        assert figure is not None
        assert figure.counts == (events, total)
        # Printed in whole percent, some cut instead of rounded.
        assert figure.value == pytest.approx(events / total, abs=0.0101)


def test_counts_of_central_restriction_give_its_printed_predictive_values() -> None:
    one = marker("centrally_restricted_diffusion")
    assert one.sensitivity is not None
    assert one.specificity is not None
    (found, necroses), (spared, progressions) = one.sensitivity.counts or (0, 0), one.specificity.counts or (0, 0)
    false_alarms, missed = progressions - spared, necroses - found
    assert round(100 * found / (found + false_alarms)) == 59
    assert round(100 * spared / (spared + missed)) == 85


def test_the_study_of_1994_is_taken_with_recurrence_as_its_positive_class() -> None:
    one = marker("tl201_kahn")
    assert one.positive_class is LesionClass.RECURRENCE
    assert (one.sensitivity, one.specificity) == (Accuracy(0.69, None, 11, 16), Accuracy(0.4, None, 2, 5))


def test_the_meta_analysis_of_amino_acid_pet_uses_its_printed_smaller_ratios() -> None:
    one = marker("aa_pet_mets_2023")
    assert one.uses_printed
    assert one.printed_positive is not None
    assert one.printed_negative is not None
    assert (one.printed_positive.value, one.printed_positive.ci95) == (3.8, (3.0, 4.8))
    assert (one.printed_negative.value, one.printed_negative.ci95) == (0.3, (0.2, 0.3))


def test_the_limit_of_the_pre_treatment_study_is_a_rule_and_no_weight() -> None:
    one = marker("seed_rvp_rktrans")
    assert not one.is_weighable
    assert "specificity cannot be derived" in one.why_not


def test_groups_are_those_of_the_vocabulary_and_every_group_has_a_marker() -> None:
    assert {one.group for one in available_markers()} == set(MarkerGroup)


def test_an_unknown_marker_names_the_nearest() -> None:
    with pytest.raises(ResponseError, match=r"no marker 'rcbv_met_meta'; did you mean 'rcbv_mets_meta'\?"):
        marker("rcbv_met_meta")
