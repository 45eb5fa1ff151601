"""The section on recurrence or necrosis: the statement first, the interval with its words, and all it rests on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import invented_evidence
from brachyresponse.pictures.response_pictures import response_pictures
from brachyresponse.report.document import document
from brachyresponse.report.markup import Markup
from brachyresponse.report.response_evidence import (
    TITLE,
    EvidencePictures,
    evidence_lines,
    evidence_section,
    evidence_sections,
)
from brachyresponse.report.response_evidence_index import EvidenceRow, evidence_truth_section
from brachyresponse.report.response_evidence_words import range_words
from brachyresponse.report.response_index import response_index_html
from brachyresponse.report.response_report import ResponseReport, response_report_html
from brachyresponse.response.evidence import Finding, LesionClass, Verdict, WeighingSettings, weigh_evidence
from brachyresponse.response.evidence.gathering import LesionEvidence
from brachyresponse.response.evidence.markers import condition
from brachyresponse.response.evidence.weighing.words import words
from brachyresponse.response.study import ResponseStudy, add_evidence, evaluate_response, read_request
from invented_case import glioma
from parsed_html import text_of


@pytest.fixture(scope="module")
def recurrence() -> LesionEvidence:
    return invented_evidence.recurrence()


@pytest.fixture(scope="module")
def left_out() -> LesionEvidence:
    return invented_evidence.left_out()


def page(found: LesionEvidence) -> str:
    return text_of(document("Evidence", evidence_section(found)))


def test_the_statement_that_it_is_no_diagnosis_stands_before_the_answer(recurrence: LesionEvidence) -> None:
    said = page(recurrence)
    assert f"{TITLE}, T1, 2026-08-03 {words('not_a_diagnosis')} favours recurrence" in said


def test_no_percentage_stands_in_large_type(recurrence: LesionEvidence) -> None:
    large = re.findall(r'<p class="verdict">(.*?)</p>|<h[123]>(.*?)</h[123]>', evidence_section(recurrence))
    assert large
    assert not [text for pair in large for text in pair if "%" in text]


def test_the_interval_is_said_in_words_and_the_bar_is_in_the_box(recurrence: LesionEvidence) -> None:
    assert recurrence.evidence.headline in page(recurrence)
    drawn = evidence_section(recurrence, EvidencePictures(Markup("<svg>bar</svg>"), Markup("<svg>chart</svg>")))
    assert drawn.index("<svg>bar</svg>") < drawn.index("What would change this") < drawn.index("<svg>chart</svg>")


def test_the_prior_has_range_source_and_who_set_it(recurrence: LesionEvidence) -> None:
    said = page(recurrence)
    assert f"Range 31 to 69 %, middle 50 % Source {invented_evidence.PRIOR.source} Set by Tumour board" in said
    assert "depending on who was biopsied and when" in said
    assert "For I-125 implants and balloons no time-resolved prior was found." in said


def test_a_used_marker_has_value_cut_off_study_population_number_fit_ratio_and_weight(
    recurrence: LesionEvidence,
) -> None:
    said = page(recurrence)
    for one in recurrence.evidence.used:
        assert one.marker.title in said
        assert one.cutoff_words in said
        assert one.marker.citation in said
        assert one.marker.n in said
        assert f"{one.likelihood_ratio:.2f} ({one.lr_interval[0]:.2f} to {one.lr_interval[1]:.2f})" in said
    assert "rCBV, lesion to white matter 3.4 (2.9 to 4), mean of the lesion DSC of 2026-08-03, series 7" in said
    assert "reference region contralateral crescent" in said
    assert "positive (high): points to recurrence" in said


def test_what_the_caller_cannot_know_is_said_in_every_section(recurrence: LesionEvidence) -> None:
    said = page(recurrence)
    for name in ("not_a_diagnosis", "mixed", "transfer", "optimism"):
        assert words(name) in said
    assert "Research use; no regulatory clearance. 200,000 random draws, seed 0." in said
    assert "Perfusion of 2026-08-03 from perfusion.json." in said
    assert "6 of 14" in said  # with every perfusion marker


def test_context_is_shown_and_said_to_have_no_weight(recurrence: LesionEvidence) -> None:
    said = page(recurrence)
    assert "none of it is weighed" in said
    assert "D50 74.2 Gy" in said
    assert "nodular or mass-like" in said


def test_answers_stand_with_how_they_are_known(recurrence: LesionEvidence) -> None:
    assert f"{condition('leakage_corrected').question} yes Answered by A. Reader." in page(recurrence)


def test_markers_left_out_stand_with_every_reason(left_out: LesionEvidence) -> None:
    said = page(left_out)
    assert "not evaluable" in said
    assert "No marker could be weighed." in said
    assert len(left_out.evidence.left_out) == len(invented_evidence.LEFT_OUT_IDS)
    for one in left_out.evidence.left_out:
        assert one.marker.title in said
        for reason in one.reasons:
            assert reason in said
    assert said.count("unverified") >= 2  # records whose figures are from memory


def test_a_question_that_nobody_answered_is_asked() -> None:
    found = invented_evidence.asked()
    said = page(found)
    assert "Open questions" in said
    assert len(found.questions) > 2
    for one in found.questions:
        assert said.count(one.question) == 1
    asked = [reason for reason in found.evidence.left_out[0].reasons if reason.startswith("Asked: ")]
    assert f"{len(asked)} conditions were asked and not answered: see the open questions below." in said
    answered = invented_evidence.met(invented_evidence.RCBV.id)[1:]
    one_left = page(invented_evidence.evidence(invented_evidence.RCBV, answers=answered))
    assert f"Asked: {condition('leakage_corrected').question}" in one_left


def test_markers_of_one_value_left_out_for_one_reason_share_a_row() -> None:
    findings = [
        Finding(name, 1.1, unit="1", statistic="voxel", source="MRS of 2026-08-03")
        for name in ("cho_naa_glioma_zhang", "cho_naa_li2016", "mrs_hgg_vandijken")
    ]
    said = page(invented_evidence.evidence(*findings))
    assert said.count("Cho/NAA 1.1, voxel of the lesion") == said.count("No cut-off for Cho/NAA is published") == 1
    for name in ("Zhang 2014", "Li WF 2016", "van Dijken 2017"):
        assert said.count(name) == 1


def test_what_the_caller_vouches_for_is_a_list_of_statements(recurrence: LesionEvidence) -> None:
    vouched = weigh_evidence(
        recurrence.request.findings, invented_evidence.PRIOR, settings=WeighingSettings(draws=1000)
    )
    said = page(replace(recurrence, evidence=vouched))
    assert "Taken for granted Nobody was asked whether these hold" in said
    for one in vouched.assumptions:
        assert one in said
    assert "Taken for granted" not in page(recurrence)


def test_conflicting_and_what_the_user_left_out_are_said() -> None:
    assert "The markers are conflicting." in page(invented_evidence.conflicting())
    said = page(invented_evidence.poor())
    assert "Left out by the user: wrong lesion." in said
    assert "rCBV is not evaluable: the leakage could not be fitted." in said


def test_a_prior_that_nobody_explained_is_said_to_be_so(recurrence: LesionEvidence) -> None:
    bare = replace(recurrence.evidence, prior=replace(recurrence.evidence.prior, source="", set_by=""))
    said = page(replace(recurrence, evidence=bare))
    assert "Source no source was given Set by nobody said who set it" in said


def test_each_lesion_has_a_section_and_a_line(recurrence: LesionEvidence, left_out: LesionEvidence) -> None:
    both = (recurrence, left_out)
    assert evidence_sections(both, {}).count("<h2>") == 2
    assert "Recurrence or necrosis, T1, 2026-08-03: favours recurrence" in text_of(evidence_lines(both))
    assert evidence_sections((), {}) == evidence_lines(()) == ""


def test_a_probability_is_never_told_as_0_or_100_percent() -> None:
    assert range_words(0.0004, 0.5, 0.9997) == "1 to 99 %, middle 50 %"


def test_the_table_of_cases_has_the_truth_beside_the_answer_and_marks_the_wrong_class() -> None:
    rows = (
        EvidenceRow("Margin", Verdict.FAVOURS_RECURRENCE, (0.69, 0.89, 0.97), LesionClass.RECURRENCE, "both", "a.html"),
        EvidenceRow("Never", Verdict.INCONCLUSIVE, (0.3, 0.5, 0.8), LesionClass.RECURRENCE, "not to be trusted"),
        EvidenceRow("Swapped", Verdict.FAVOURS_NECROSIS, (0.02, 0.1, 0.3), LesionClass.RECURRENCE),
        EvidenceRow("Neck", None, because="not in the brain"),
        EvidenceRow("Early", Verdict.FAVOURS_RECURRENCE, (0.6, 0.8, 0.9), "treatment effect"),
        EvidenceRow("Patient", Verdict.FAVOURS_RECURRENCE, (0.6, 0.8, 0.9)),
    )
    said = text_of(evidence_truth_section(rows))
    assert "Margin favours recurrence 69 to 97 %, middle 89 % recurrence both" in said
    assert "Never inconclusive 30 to 80 %, middle 50 % recurrence not to be trusted" in said
    assert [row.is_wrong for row in rows] == [False, False, True, False, True, False]
    assert said.count("wrong class") == 3  # in the note and in two rows
    assert evidence_truth_section(()) == ""


@pytest.fixture(scope="module")
def study() -> ResponseStudy:
    request = read_request(glioma())
    return evaluate_response(add_evidence(request, [invented_evidence.recurrence().request]))


def test_the_report_of_a_response_holds_the_evidence_with_its_charts(study: ResponseStudy) -> None:
    report = response_report_html(ResponseReport(study, response_pictures(study)))
    said = text_of(report)
    assert "Recurrence or necrosis, T1, 2026-08-03: " in said.split("Time line")[0]  # on the first page
    assert said.index("Perfusion ") < said.index(f"{TITLE}, T1, 2026-08-03") < said.index("What was assumed")
    assert "Probability of recurrence (%)" in said
    assert "Prior probability of recurrence (%)" in said


def test_a_report_without_evidence_says_nothing_of_it() -> None:
    said = text_of(response_report_html(ResponseReport(evaluate_response(read_request(glioma())))))
    assert TITLE not in said


def test_further_pictures_stand_in_the_section_of_their_lesion(study: ResponseStudy) -> None:
    picture = (Markup("<svg>spectrum</svg>"), "Spectrum of T1")
    place = (invented_evidence.VISIT, "T1")
    shown = response_report_html(ResponseReport(study, response_pictures(study, beside={place: [picture]})))
    assert "<figure><svg>spectrum</svg><figcaption>Spectrum of T1</figcaption>" in shown
    wide = (Markup('<svg class="chart"></svg>'), "ADC")
    drawn = response_pictures(study, beside={place: [wide]})
    assert '<figure class="wide bar"><svg class="chart">' in response_report_html(ResponseReport(study, drawn))
    other = response_pictures(study, beside={(invented_evidence.VISIT, "T2"): [picture]})
    assert "Spectrum of T1" not in response_report_html(ResponseReport(study, other))


def test_the_page_of_several_cases_holds_the_table_of_their_evidence() -> None:
    rows = (EvidenceRow("Margin", Verdict.CONFLICTING, (0.55, 0.7, 0.9), LesionClass.RECURRENCE),)
    said = text_of(response_index_html((), sections=[evidence_truth_section(rows)]))
    assert "Case Answer Probability of recurrence Truth What it rests on Margin conflicting 55 to 90 %" in said
