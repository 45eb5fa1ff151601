"""The report of a perfusion study: what may be concluded first, every figure with its reason or its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import small_study
from brachyresponse.perfusion import measure_perfusion
from brachyresponse.perfusion.study import JudgedStudy, StudyDates, judge_study
from brachyresponse.report.markup import Markup
from brachyresponse.report.perfusion_report import PerfusionPictures, PerfusionReport, perfusion_report_html
from brachyresponse.report.perfusion_truth import perfusion_truth_section
from brachyresponse.report.verification_truth import TruthRow
from parsed_html import text_of

HOSTILE = "<script>alert('x')</script> & Co."


@pytest.fixture(scope="module")
def judged() -> JudgedStudy:
    """A later scan with low blood, after a hyperperfused one."""
    dates = StudyDates(scan=date(2026, 2, 20), treatment=date(2026, 3, 7))
    before = judge_study(measure_perfusion(small_study.request(dates=dates))).record
    low = small_study.dce_series(vp_lesion=small_study.VP["white matter"])
    return judge_study(measure_perfusion(small_study.request(low, notes=("A note.",))), before)


@pytest.fixture(scope="module")
def page(judged: JudgedStudy) -> str:
    return perfusion_report_html(PerfusionReport(judged, inputs=[("Series", "dce.nrrd")]))


def test_what_may_be_concluded_comes_first_with_the_rule_behind_each_sentence(page: str, judged: JudgedStudy) -> None:
    first = text_of(page).split("Lesion to white matter")[0]
    assert "Not hyperperfused: may count as evidence for necrosis" in first
    assert "6 of 14 proven recurrences" in first
    found = judged.interpretations["Lesion"]
    assert all(f"[{one.rule}]" in first for one in found.sentences)
    rules = text_of(page).split("Rules behind the sentences")[1]
    assert all(f"{one.rule} {one.source}" in rules for one in found.sentences)


def test_the_ratio_of_the_pre_treatment_scan_stands_beside(page: str, judged: JudgedStudy) -> None:
    visit = next(one for one in judged.visits() if one.after.map == "vp" and one.after.statistic == "mean")
    assert "Before treatment, 2026-02-20" in text_of(page)
    assert visit.before is not None
    for row in (visit.after, visit.before):
        assert f"{row.value:.2f} ({row.low:.2f} to {row.high:.2f})" in text_of(page)


def test_a_ratio_that_is_not_evaluable_has_its_reason(page: str) -> None:
    assert "rKtrans: Ktrans in white matter scatters" in text_of(page)
    assert "nan" not in text_of(page).lower().split()


def test_only_settings_of_the_kind_of_series_are_shown(page: str) -> None:
    shown = text_of(page).split("Settings and where they come from")[1]
    assert "Hematocrit of large vessels" in shown
    assert "oscillation index" not in shown


def test_timing_settings_and_figures_come_with_their_sources(page: str) -> None:
    text = text_of(page)
    assert "0 to 30 days before the treatment 15 days kept" in text
    assert "not checkable" in text
    assert "Shen 2015" in text
    assert "Limit of hyperperfusion 1.5 Int J Med Students 2025, abstract 4054" in text
    assert "A note." in text


def test_the_share_that_exclusions_leave_is_shown(page: str) -> None:
    assert "Lesion: 100% of " in text_of(page)


def test_a_pre_treatment_scan_says_that_it_is_one() -> None:
    dates = StudyDates(scan=date(2026, 2, 20), treatment=date(2026, 3, 7))
    scan = judge_study(measure_perfusion(small_study.request(dates=dates)))
    text = text_of(perfusion_report_html(PerfusionReport(scan)))
    assert "Pre-treatment scan." in text
    assert "Timing, against" not in text


def test_the_protocol_of_a_dsc_is_stated() -> None:
    scan = judge_study(measure_perfusion(small_study.dsc_request()))
    text = text_of(perfusion_report_html(PerfusionReport(scan)))
    assert "The scan matches: full-dose preload" in text
    assert "extrapolation" in text


def test_maps_alone_say_that_nothing_is_compared() -> None:
    scan = judge_study(measure_perfusion(small_study.request(lesions={}, white_matter=None)))
    assert "No lesion was given" in text_of(perfusion_report_html(PerfusionReport(scan)))


def test_text_from_files_is_escaped() -> None:
    lesion = replace(small_study.lesion(), name=HOSTILE)
    request = small_study.request(lesions={HOSTILE: lesion}, patient_id=HOSTILE, drug=HOSTILE)
    page = perfusion_report_html(PerfusionReport(judge_study(measure_perfusion(request))))
    assert "<script>" not in page
    assert HOSTILE in text_of(page)


def test_pictures_have_their_scales_and_missing_ones_their_reason(judged: JudgedStudy) -> None:
    pictures = PerfusionPictures(maps=[(Markup("<svg></svg>"), Markup("<svg id='bar'></svg>"))])
    assert "id='bar'" in perfusion_report_html(PerfusionReport(judged, pictures))
    without = PerfusionPictures(missing="VTK is not installed.")
    assert "VTK is not installed." in text_of(perfusion_report_html(PerfusionReport(judged, without)))


def test_truth_stands_beside_result() -> None:
    section = perfusion_truth_section([TruthRow("rVp", "3.18", "3.13", "-1.6 %")])
    assert "rVp 3.18 3.13 -1.6 %" in text_of(section)
    assert perfusion_truth_section([]) == ""
