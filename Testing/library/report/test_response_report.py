"""The report of a response assessment says what was found, why, what would change it and what it rests on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.report.markup import Markup
from brachyresponse.report.response_index import IndexRow, response_index_html
from brachyresponse.report.response_report import (
    KeyPicture,
    ResponsePictures,
    ResponseReport,
    response_report_html,
    write_response_report,
)
from brachyresponse.report.response_summary import state_sentence
from brachyresponse.report.response_truth import response_truth_section
from brachyresponse.report.response_words import size_text
from brachyresponse.report.verification_truth import TruthRow
from brachyresponse.response.study import ResponseStudy, evaluate_response, read_request
from brachyresponse.response.vocabulary import Category
from invented_case import glioma
from parsed_html import text_of

MARK = 'class="unverified"'


def study(**changes: Any) -> ResponseStudy:
    return evaluate_response(read_request(glioma(**changes)))


def text(**changes: Any) -> str:
    return text_of(response_report_html(ResponseReport(study(**changes))))


def test_the_first_page_says_category_reason_next_scan_and_the_readers_word() -> None:
    page = text()
    assert "On 2026-08-03: PD reader: SD" in page
    assert "Why: 520 mm² is 73.3 % more than the nadir of 2026-06-01 (300 mm²); 25 % count as progression." in page
    assert "Adjudicated SD by Board on 2026-08-12: Biopsy of 2026-08-10 showed necrosis." in page
    assert "Schedule: " in page
    assert "Day of progression 2026-08-03" in page


def test_the_state_is_a_sentence_of_category_rule_and_next_scan() -> None:
    said = state_sentence(study())
    assert said.startswith("2026-08-03: PD. 520 mm² is 73.3 % more")
    assert study().schedule.sentence in said  # type: ignore[union-attr]
    visits = glioma()["visits"]
    visits[2] |= {"non_target": "PD", "lesions": visits[1]["lesions"]}
    unverified = state_sentence(study(visits=visits, adjudications=None, measurements=None))
    assert "Disease that is not measured has clearly progressed (unverified rule)." in unverified


def test_sums_lesions_treatments_schedule_ratios_and_site_are_tables() -> None:
    page = text()
    assert "2026-06-01 300 -61.5 % -61.5 %" in page
    assert "T1 target, brain 30.0 × 20.0 600 6.00 measured automatic, axial slice 17" in page
    assert "2026-01-05 – Source removal, 60 Gy" in page
    assert "First year, month 2" in page
    assert "2.10 (1.80 to 2.50) mean" in page
    assert "2026-08-03 T1 in field" in page


def test_the_rows_of_the_table_show_what_each_leaves_open() -> None:
    page = text()
    assert "Row of the table Found Leaves open enhancing (SPD) increase PD" in page
    assert "What would change it:" in page
    stable = glioma()["visits"]
    stable[1]["lesions"][0] |= {"longest_mm": 29.0, "perpendicular_mm": 20.0}
    stable[1]["lesions"][1] = {"id": "T2", "longest_mm": 15.0, "perpendicular_mm": 12.0}
    page = text(visits=stable[:2], adjudications=None, measurements=None, perfusion=None, sites=None)
    assert "enhancing (SPD) between the thresholds SD" in page


def test_the_row_that_decided_is_in_bold() -> None:
    page = response_report_html(ResponseReport(study()))
    last, second = page.split('class="reading why"')[1:3]
    assert "<b>enhancing (SPD)</b></td><td><b>increase</b>" in last
    assert "<b>enhancing (SPD)</b></td><td><b>decrease</b>" in second
    assert "<b>clinical status</b>" not in last


def test_a_category_of_images_alone_is_labelled_with_what_it_would_become() -> None:
    visits = glioma()["visits"]
    visits[2] |= {"clinical_status": "not_assessed", "lesions": visits[1]["lesions"]}
    page = text(visits=visits, adjudications=None, measurements=None)
    assert "From what is known (imaging only: clinical status not known): If the patient" in page
    assert "If it were known: " in page


def test_rano_2_carries_its_badge_and_marks_rules_that_were_not_checked() -> None:
    page = response_report_html(ResponseReport(study(criteria="RANO-2.0")))
    assert "Response by RANO 2.0, 2D not checked against the paper's full text" in text_of(page)
    assert page.count(MARK) >= 2
    assert MARK not in response_report_html(ResponseReport(study()))


def test_the_first_page_says_how_much_of_a_permanent_implants_dose_was_given_by_the_end_of_radiation() -> None:
    implant = [{"kind": "implant", "start": "2026-01-05", "prescription_gy": 60}]
    page = text(treatments=implant, radiation_end=None, reference="90 % of the dose delivered")
    assert "End of radiation 2026-07-21, 90 % of the dose delivered" in page
    assert "End of radiation not known" in text(treatments=implant, radiation_end=None)


def test_an_organ_that_nobody_told_is_left_out() -> None:
    lesion = {"id": "T1", "kind": "soft tissue", "organ": "not said", "longest_mm": 30.0}
    visits = [{"date": "2026-02-02", "role": "baseline", "lesions": [lesion]}]
    beside = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None}
    assert "T1 target, soft tissue 30.0" in text(criteria="RECIST-1.1", visits=visits, **beside)


def test_every_rule_has_a_number_that_leads_to_its_words_and_its_publication() -> None:
    page = response_report_html(ResponseReport(study()))
    numbers = set(re.findall(r'href="#rule-(\d+)"', page))
    assert numbers == set(re.findall(r'id="rule-(\d+)"', page)) != set()
    assert "Any unequivocal new lesion" not in page  # only what was used
    assert "Wen PY et al." in text_of(page).partition("Rules that were used")[2]
    assert not re.search(r"\[[a-z_]+\]", text_of(page))


def test_the_definition_of_the_site_of_failure_is_told_with_what_it_was_made_for() -> None:
    assert "The definition was made for external beam; it is carried over to implants" in text()
    assert "made for external beam" not in text(sites=None)


def test_ratios_stand_beside_the_studys_limit_with_what_it_is_not() -> None:
    page = text(perfusion=[{**entry, "map": "vp"} for entry in glioma()["perfusion"]])
    assert "That is no cut-off between recurrence and necrosis." in page
    assert "6 of 14 proven recurrences had a low repeat ratio" in page
    assert "no cut-off" not in text()  # of a map of DSC


def test_a_category_that_hangs_on_the_end_of_radiation_says_so_on_the_first_page() -> None:
    visits = glioma()["visits"]
    visits[2]["steroid_trend"] = "stable"
    page = text(visits=visits, treatments=None, adjudications=None, radiation_end=None)
    assert "From what is known: If the scan lies within 12 weeks of the end of radiation, which is not" in page


def test_what_criteria_beside_say_otherwise_is_to_be_watched() -> None:
    visits = glioma()["visits"]
    visits[2]["lesions"][0] |= {"longest_mm": 22.0, "perpendicular_mm": 20.0}  # over the nadir, not over the baseline
    page = text(visits=visits, adjudications=None, measurements=None)
    assert (
        "Simplified RANO of the GliaSite protocol, shown beside, says otherwise: 2026-08-03 SD instead of PD." in page
    )


def test_deviations_of_a_protocols_targets_stand_beside_every_category() -> None:
    node = {"id": "N1", "kind": "node", "organ": "lymph node", "short_axis_mm": 12.0}
    visits = [
        {"date": "2026-02-02", "role": "baseline", "lesions": [node]},
        {"date": "2026-08-03", "role": "follow-up", "lesions": [{**node, "short_axis_mm": 8.0}]},
    ]
    beside = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None}
    page = text(criteria="RECIST-1.1", options={"protocol_targets": True}, visits=visits, **beside)
    assert page.count("baseline deviates") == 1
    assert page.count("CR deviates") == 1
    assert "node N1 with a short axis of 12 mm is summed because the protocol says so" in page


def test_the_criteria_that_the_treatments_ask_for_stand_beside() -> None:
    page = text()
    assert "Beside: Simplified RANO of the GliaSite protocol Visit Category Why" in page
    assert "leaves out: confirmation" in page


def test_thyroglobulin_is_told_with_what_decides_whether_it_can_be_read() -> None:
    def marker(day: str, value: float, antibodies: str) -> dict[str, Any]:
        told = {"tsh_mu_per_l": 0.1, "method": "immunoassay", "antibodies": antibodies}
        return {"kind": "serum marker", "start": day, "value_ug_per_l": value, **told}

    rows = [marker("2026-02-02", 10, "absent"), marker("2026-06-02", 20, "absent"), marker("2026-08-03", 5, "present")]
    page = text(treatments=rows)
    assert "2026-02-02 10 0.1 absent immunoassay yes – –" in page
    assert "2026-06-02 20 0.1 absent immunoassay yes +100.0 % 120" in page  # doubled in four months
    assert "2026-08-03 5 0.1 present immunoassay no – –" in page
    watched = page.partition("What to watch")[2].partition("Sums and categories")[0]
    assert "thyroglobulin of 2026-08-03 cannot be read as a tumour marker" in watched
    assert "Can be read" not in text()


def test_key_pictures_truth_and_inputs_are_shown_where_they_are_given() -> None:
    pictures = ResponsePictures(keys=(KeyPicture(Markup("<svg></svg>"), "2026-02-02, T1"),))
    truth = response_truth_section([TruthRow("Day of progression", "none", "2026-08-03", "differs")])
    report = ResponseReport(study(), pictures, [truth], [("Image", "a.nrrd")])
    page = text_of(response_report_html(report))
    assert "2026-02-02, T1 Outline and diameters" in page
    assert "Day of progression none 2026-08-03 differs" in page
    assert "Image a.nrrd" in page


def test_what_is_typed_in_cannot_become_markup() -> None:
    page = response_report_html(ResponseReport(study(title="<script>alert(1)</script>")))
    assert "<script>" not in page


def test_a_report_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"report\.html cannot be written: No such file"):
        write_response_report(study(), ResponsePictures(), tmp_path / "nowhere" / "report.html")
    path = write_response_report(study(), ResponsePictures(), tmp_path / "report.html")
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_page_of_several_cases_counts_them_and_links_their_reports() -> None:
    rows = [
        IndexRow(
            "A", "", "RANO 2010", Category.PD, Category.SD, "It grew.", "SD", "2026-08-03", 2, link="A/report.html"
        ),
        IndexRow("B", "Second", "RECIST 1.1", Category.SD, None, "It did not.", "SD", "", 0, truth="all 9 agree"),
    ]
    page = response_index_html(rows, title="Two cases")
    assert '<a href="A/report.html">A</a>' in page
    assert "2 cases; 1 with something that needs a person. At the last visit: PD 1, SD 1." in text_of(page)
    assert "all 9 agree" in page


@pytest.mark.parametrize(("value", "shown"), [(375.0, "375"), (12.345, "12.35"), (100.04, "100"), (0.5, "0.5")])
def test_sizes_have_the_digits_that_matter(value: float, shown: str) -> None:
    assert size_text(value) == shown
