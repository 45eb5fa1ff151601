"""A gathered request weighed: what it says, what it asks, and that it reads back to itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.evidence import (
    Answer,
    Finding,
    Prior,
    Verdict,
    conditions,
    evidence_table,
    lesion_evidence_from_json,
    marker,
    weigh_request,
)
from brachyresponse.response.evidence.gathering import (
    EvidenceContext,
    EvidenceRequest,
    EvidenceSettings,
    PerfusionScans,
    persons_answer,
    pet_findings,
    request_as_json,
    with_diffusion,
    with_distances,
    with_perfusion,
    with_spectroscopy,
    with_treatments,
)
from brachyresponse.response.treatment import TreatmentRecord, Tumour, TumourType, new_treatment
from evidence_records import LESION, before, dce, diffusion, dsc, spectroscopy

VISIT = date(2026, 8, 3)
PRIOR = Prior(0.31, 0.5, 0.69, "a range", "Dr Roe")


def asked(*findings: Finding, **changes: object) -> EvidenceRequest:
    return EvidenceRequest(LESION, VISIT, PRIOR, findings, **changes)  # type: ignore[arg-type]


def met(request: EvidenceRequest) -> EvidenceRequest:
    """The request with every condition that nothing answered so answered that markers may be weighed."""
    known = {one.condition for one in request.answers if one.answer is not Answer.UNKNOWN}
    return request.with_answers(
        persons_answer(one.id, one.holds_when, "Dr Roe") for one in conditions() if one.id not in known
    )


def test_what_is_not_answered_is_asked_and_needs_a_person() -> None:
    found = weigh_request(with_perfusion(asked(population="brain metastasis"), PerfusionScans((dsc(),))))
    assert found.verdict is Verdict.NOT_EVALUABLE
    assert found.needs_person
    assert "antiangiogenic_therapy" in [question.id for question in found.questions]


def test_answers_turn_a_measured_ratio_into_evidence() -> None:
    request = met(with_perfusion(asked(population="brain metastasis"), PerfusionScans((dsc(rcbv=3.4),))))
    found = weigh_request(request)
    assert found.verdict is Verdict.FAVOURS_RECURRENCE
    assert [used.marker.id for used in found.evidence.used] == ["rcbv_mets_meta"]  # the population decides
    assert found.questions == ()
    assert not found.needs_person


def test_a_lesion_that_never_was_hyperperfused_gives_its_low_ratio_no_weight() -> None:
    scans = PerfusionScans((dce(vp=0.9, ktrans=0.8),), (before(dce(vp=1.1, ktrans=1.0)),))
    found = weigh_request(met(with_perfusion(asked(), scans)))
    assert found.verdict is Verdict.NOT_EVALUABLE
    told = " ".join(reason for left in found.evidence.left_out for reason in left.reasons)
    assert "carries no weight" in told
    assert any("6 of 14" in sentence for sentence in found.evidence.statements)


def test_without_a_scan_before_treatment_a_low_ratio_weighs_less_by_the_setting() -> None:
    scans = PerfusionScans((dce(vp=0.9),))
    powers = {}
    for weight in (0.0, 0.5, 1.0):
        settings = EvidenceSettings(weight_without_pre_treatment=weight)
        found = weigh_request(met(with_perfusion(asked(settings=settings), scans)))
        powers[weight] = [used.power for used in found.evidence.used]
    assert powers == {0.0: [], 0.5: [0.5], 1.0: [1.0]}


def test_a_high_ratio_hangs_on_no_scan_before_treatment() -> None:
    found = weigh_request(met(with_perfusion(asked(), PerfusionScans((dce(vp=4.0),)))))
    assert [(used.power, used.side) for used in found.evidence.used] == [(1.0, "positive")]


def test_a_bevacizumab_on_record_takes_the_weight_from_perfusion_and_says_which() -> None:
    record = TreatmentRecord((new_treatment("bevacizumab", date(2026, 5, 1)),), Tumour(TumourType.BRAIN_METASTASIS))
    request = with_treatments(with_perfusion(asked(), PerfusionScans((dsc(rcbv=3.4),))), record)
    found = weigh_request(met(request))
    reasons = " ".join(reason for left in found.evidence.left_out for reason in left.reasons)
    assert found.evidence.used == ()
    assert "Bevacizumab of 2026-05-01 is on record" in reasons


def test_a_drug_that_was_begun_after_the_scan_does_not_count() -> None:
    """The scan is of 1 August, the visit of 3 August."""
    record = TreatmentRecord((new_treatment("bevacizumab", date(2026, 8, 2)),))
    told = {one.condition: one.answer for one in with_treatments(asked(), record).answers}
    assert told["antiangiogenic_therapy"] is Answer.YES  # without a scan the visit's day counts
    scanned = with_treatments(with_perfusion(asked(), PerfusionScans((dce(),))), record)
    assert scanned.scan_dates == (date(2026, 8, 1),)
    assert {one.condition: one.answer for one in scanned.answers}["antiangiogenic_therapy"] is Answer.NO


def test_every_measured_quantity_is_used_or_left_out_with_a_reason() -> None:
    request = with_perfusion(asked(), PerfusionScans((dce(vp=None), dsc())))
    request = with_spectroscopy(with_diffusion(request, diffusion()), spectroscopy(cho_naa=None))
    found = weigh_request(request).evidence
    told = {one.finding.id for one in (*found.used, *found.left_out)}
    assert told == {finding.id for finding in request.findings}
    assert all(left.reasons for left in found.left_out)
    reasons = " ".join(reason for left in found.left_out for reason in left.reasons)
    assert "NAA has a bound of 34 %" in reasons
    assert "rVp is not evaluable" in reasons


def test_a_seed_near_the_lesion_takes_dsc_and_diffusion_away() -> None:
    request = asked(context=EvidenceContext(distance_to_seeds_mm=1.0))
    request = with_distances(with_perfusion(request, PerfusionScans((replace(dsc(rcbv=3.4), exclusions=()),))))
    found = weigh_request(met(request)).evidence
    assert found.used == ()
    assert "The nearest seed lies 1.0 mm" in " ".join(reason for left in found.left_out for reason in left.reasons)


def test_an_excluded_marker_is_left_out_with_the_users_reason() -> None:
    findings = [
        replace(finding, is_included=False, reason="The scan was repeated.")
        for finding in pet_findings("18F-FET", "TBRmax", 3.1, "cortex")
    ]
    found = weigh_request(met(asked(*findings))).evidence
    assert found.used == ()
    assert all("The scan was repeated" in left.reasons[0] for left in found.left_out)


def test_no_marker_at_all_is_not_evaluable() -> None:
    found = weigh_request(asked())
    assert found.verdict is Verdict.NOT_EVALUABLE
    assert found.needs_person
    assert tuple(found.evidence.interval) == (PRIOR.low, PRIOR.mid, PRIOR.high)


def test_context_moves_nothing() -> None:
    request = met(with_perfusion(asked(), PerfusionScans((dce(vp=4.0),))))
    bare = weigh_request(request)
    told = weigh_request(replace(request, context=EvidenceContext(radiomics_score=0.99, is_after_balloon=True)))
    assert told.evidence.interval == bare.evidence.interval
    assert told.context
    assert not bare.context


def test_evidence_reads_back_to_itself() -> None:
    request = with_spectroscopy(with_perfusion(asked(random_seed=3), PerfusionScans((dce(), dsc()))), spectroscopy())
    found = weigh_request(met(request))
    item = json.loads(json.dumps(found.as_json(), allow_nan=False))
    again = lesion_evidence_from_json(item)
    assert again.request == found.request
    assert again.as_json() == found.as_json()
    assert set(item) == {*request_as_json(request), "result"}


def test_a_damaged_object_is_refused_by_its_name() -> None:
    with pytest.raises(InputFileError, match=r"evidence 2: 'lesoin' is not known; did you mean 'lesion'"):
        lesion_evidence_from_json({"lesoin": "T1"}, "response.json: evidence 2")


def test_the_table_has_a_row_for_each_marker_and_one_for_a_lesion_without_any() -> None:
    found = weigh_request(met(with_perfusion(asked(), PerfusionScans((dce(vp=4.0),)))))
    empty = weigh_request(replace(asked(), lesion="T2"))
    table = evidence_table([found, empty])
    used = table.columns.index("used")
    assert len(table.rows) == len(found.request.findings) + 1
    assert [row[used] for row in table.rows] == ["yes", "no", "no", "no", "no", ""]
    study = table.columns.index("study")
    assert table.rows[0][study] == marker(str(table.rows[0][table.columns.index("marker")])).citation_words
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_table_tells_where_a_value_lies_that_was_left_out() -> None:
    table = evidence_table([weigh_request(with_perfusion(asked(), PerfusionScans((dce(vp=4.0),))))])
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["used"], row["side"], row["likelihood ratio"]) == ("no", "positive", "")
    assert "1.5" in str(row["cut-off"])


def test_a_finding_without_unit_or_a_condition_twice_names_the_lesion() -> None:
    bare = Finding("fet_tbrmax_romagna", 2.9, details={"reference_region": "cortex"})
    with pytest.raises(ResponseError, match=r"Evidence of 'T1' on 2026-08-03: The marker 'fet_tbrmax_romagna' is 2.9"):
        asked(bare)
    twice = (persons_answer("near_cortex", Answer.NO), persons_answer("near_cortex", Answer.YES))
    with pytest.raises(ResponseError, match="'near_cortex' is answered twice"):
        asked(answers=twice)
