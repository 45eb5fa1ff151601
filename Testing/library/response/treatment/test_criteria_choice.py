"""Criteria are proposed from the tumour and the treatments, and a choice of others is commented."""

from __future__ import annotations

from datetime import date

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import (
    IdhState,
    Treatment,
    Tumour,
    TumourType,
    criteria_warnings,
    new_treatment,
    propose_criteria,
)
from brachyresponse.response.treatment.criteria_choice import _CONDITIONS
from brachyresponse.response.treatment.data_files import treatment_data
from brachyresponse.response.vocabulary import CriteriaName

DAY = date(2026, 1, 31)
IMPLANT, REMOVAL = new_treatment("implant", DAY), new_treatment("source removal", DAY)
BEVACIZUMAB = new_treatment("bevacizumab", DAY)
RECURRENT, NODE = TumourType.RECURRENT_HIGH_GRADE_GLIOMA, TumourType.NECK_NODE_METASTASIS


def said(chosen: str, tumour: Tumour | None, *treatments: Treatment, earlier: str | None = None) -> str:
    return "\n".join(criteria_warnings(chosen, tumour, treatments, earlier=earlier))


@pytest.mark.parametrize(
    ("tumour", "idh", "criteria"),
    [
        (TumourType.NEW_HIGH_GRADE_GLIOMA, "wildtype", CriteriaName.RANO_2_0),
        (TumourType.NEW_HIGH_GRADE_GLIOMA, "unknown", CriteriaName.RANO_2010),
        (RECURRENT, "mutant", CriteriaName.RANO_2_0),
        (RECURRENT, "unknown", CriteriaName.RANO_2010),
        (TumourType.BRAIN_METASTASIS, "unknown", CriteriaName.RANO_BM),
        (NODE, "unknown", CriteriaName.RECIST_1_1),
        (TumourType.OTHER_SOLID_TUMOUR, "unknown", CriteriaName.RECIST_1_1),
    ],
)
def test_criteria_follow_from_the_tumour(tumour: TumourType, idh: str, criteria: CriteriaName) -> None:
    proposal = propose_criteria(Tumour(tumour, IdhState(idh)))
    assert proposal.criteria is criteria
    assert proposal.sentence
    assert proposal.beside == ()


def test_every_tumour_has_one_row_of_the_table() -> None:
    rows = treatment_data("tumours.json")["tumours"]
    for tumour in TumourType:
        states = sorted(state for row in rows if row["type"] == tumour for state in row["idh"])
        assert states == (sorted(IdhState) if Tumour(tumour).is_glioma else ["unknown"])


def test_treated_neck_nodes_are_targets_by_protocol() -> None:
    proposal = propose_criteria(Tumour(NODE), [IMPLANT])
    assert proposal.options == {"has_protocol_targets": True}
    assert "every category says that this departs from RECIST" in proposal.sentence


def test_a_removed_source_shows_the_short_rano_beside() -> None:
    assert propose_criteria(Tumour(RECURRENT), [REMOVAL]).beside == (CriteriaName.RANO_GLIASITE,)
    assert propose_criteria(Tumour(TumourType.BRAIN_METASTASIS), [REMOVAL]).beside == (CriteriaName.RANO_GLIASITE,)
    assert propose_criteria(Tumour(NODE), [REMOVAL]).beside == ()


def test_bevacizumab_makes_t2_flair_count_from_its_begin_on_so_not_by_an_option() -> None:
    proposal = propose_criteria(Tumour(RECURRENT, IdhState.WILDTYPE), [BEVACIZUMAB])
    assert proposal.options == {}
    assert "T2/FLAIR counts for progression from its begin on" in proposal.sentence
    assert "pseudoresponse" in proposal.sentence


def test_without_a_tumour_type_nothing_is_proposed() -> None:
    with pytest.raises(ResponseError, match="No tumour type is on record"):
        propose_criteria(None)


def test_the_proposed_criteria_need_few_words() -> None:
    assert criteria_warnings("RANO-2010", Tumour(RECURRENT), [REMOVAL]) == ()
    assert criteria_warnings("RECIST-1.1", Tumour(TumourType.OTHER_SOLID_TUMOUR)) == ()


def test_rano_2_needs_the_idh_state_for_t2_flair() -> None:
    assert "RANO 2.0 needs the IDH state for T2/FLAIR" in said("RANO-2.0", Tumour(RECURRENT))
    wildtype = said("RANO-2.0", Tumour(RECURRENT, IdhState.WILDTYPE))
    assert "needs the IDH state" not in wildtype
    assert "not checked against the paper's full text" in wildtype


def test_rano_bm_has_no_early_window() -> None:
    metastasis = Tumour(TumourType.BRAIN_METASTASIS)
    assert "RANO-BM has no early window after radiation" in said("RANO-BM", metastasis, IMPLANT)
    assert said("RANO-BM", metastasis) == ""


def test_recist_for_the_brain_is_commented() -> None:
    words = said("RECIST-1.1", Tumour(RECURRENT), BEVACIZUMAB)
    assert 'proposed for "high-grade glioma, recurrent; IDH state unknown" is RANO-2010: RANO 2.0 asks' in words
    assert "knows neither steroids nor clinical status nor an early window" in words
    assert "RECIST-1.1 does not look at T2/FLAIR" in words


def test_rano_for_the_neck_is_commented() -> None:
    assert 'RANO-2010 is made for the brain, and was chosen for "neck node metastasis"' in said(
        "RANO-2010", Tumour(NODE)
    )


def test_bevacizumab_asks_for_care_with_a_response() -> None:
    assert "Bevacizumab is on record from 2026-01-31: less enhancement since then may be pseudoresponse" in (
        said("RANO-2010", Tumour(RECURRENT), BEVACIZUMAB)
    )


def test_immunotherapy_in_rano_bm_is_told() -> None:
    drug = new_treatment("immunotherapy", DAY, agent="nivolumab")
    assert "new lesions alone do not define progression" in said("RANO-BM", Tumour(TumourType.BRAIN_METASTASIS), drug)


def test_changed_criteria_are_told() -> None:
    assert "changed from RANO-2.0 to RANO-2010" in said("RANO-2010", Tumour(RECURRENT), earlier="RANO-2.0")
    assert said("RANO-2010", Tumour(RECURRENT), earlier="RANO-2010") == ""


def test_the_short_rano_is_for_removed_sources() -> None:
    assert "No removed source is on record" in said("RANO-GliaSite", Tumour(RECURRENT), IMPLANT)
    assert "No removed source" not in said("RANO-GliaSite", Tumour(RECURRENT), REMOVAL)


def test_the_response_of_implanted_nodes_is_approximate() -> None:
    assert "a node needs a short axis of 15 mm to be a target" in said("RECIST-1.1", Tumour(NODE), IMPLANT)


def test_an_unknown_tumour_is_said() -> None:
    assert "The tumour type is not on record" in said("RANO-2010", None)


def test_unknown_criteria_are_told_with_the_nearest() -> None:
    with pytest.raises(ResponseError, match="no set of criteria 'RANO 2010'; did you mean 'RANO-2010'"):
        criteria_warnings("RANO 2010", None)


def test_every_warning_of_the_table_has_its_condition() -> None:
    rows = treatment_data("criteria_warnings.json")["warnings"]
    assert {row["id"] for row in rows} == set(_CONDITIONS)
    assert all(set(row["criteria"]) <= set(CriteriaName) and row["source"] for row in rows)
