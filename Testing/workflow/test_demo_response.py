"""The response part of the demo: what is read from the digital patient's images, and how far it lies from the truth."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.command_line import demo_reading, demo_response
from brachyresponse.command_line.demo import respond_to_treatment
from brachyresponse.command_line.demo_cases import measured_case, measured_request
from brachyresponse.command_line.demo_reading import grow_visit
from brachyresponse.command_line.main import main
from brachyresponse.digital_patient import build_patient
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.digital_patient.response import ResponseCourse, ResponseVariant, true_case
from brachyresponse.geometry import Structure
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.progress import ignore_progress
from brachyresponse.response.criteria import assess_response
from brachyresponse.response.matching import VisitRegistration, register_visits
from brachyresponse.response.study import ResponseStudy, evaluate_response, read_response_record
from brachyresponse.response.vocabulary import Category, FieldPosition
from brachyresponse.types import FloatArray
from parsed_html import text_of
from response_courses import the_course

VARIANTS = list(ResponseVariant)
IN_THE_HEAD = [variant for variant in VARIANTS if variant is not ResponseVariant.NECK_NODE]
PIXEL_MM, COARSE_MM = 1.0, 2.0
Drawn = Mapping[date, Mapping[str, Structure]]


def study_of(course: ResponseCourse, drawn: Drawn) -> ResponseStudy:
    return evaluate_response(measured_request(course, drawn))


def errors_mm(course: ResponseCourse, study: ResponseStudy) -> FloatArray:
    """How far each longest diameter and its perpendicular lie from the truth, mm, (N, 2)."""
    found = []
    for visit in course.visits:
        for name, true in visit.sizes.items():
            measured = study.measurement(visit.date, name)
            assert measured is not None
            assert measured.longest_mm is not None
            assert measured.perpendicular_mm is not None
            found.append((measured.longest_mm - true.longest_mm, measured.perpendicular_mm - true.perpendicular_mm))
    return np.abs(found)


def assert_assessed_as_stated(course: ResponseCourse, study: ResponseStudy) -> None:
    found, truth = study.assessment, course.truth
    assert tuple(visit.category for visit in found.visits) == truth.categories
    assert found.best_overall_response == truth.best_overall_response
    assert found.progression_date == truth.progression_date


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_criteria_say_of_the_exact_sizes_what_was_stated_by_hand(variant: ResponseVariant) -> None:
    course = the_course(variant)
    found, truth = assess_response(true_case(course)), course.truth
    assert tuple(visit.category for visit in found.visits) == truth.categories
    assert found.best_overall_response == truth.best_overall_response
    assert found.progression_date == truth.progression_date
    assert [visit.sum for visit in found.visits] == pytest.approx(truth.sums, abs=0.01)  # rounded to 0.01


def respond(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", StringIO())
        patch.setattr("sys.stderr", StringIO())
        return main(["respond", *arguments])


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first course as the demo reads it, on coarse voxels and without the half minute of registering."""
    folder, course = tmp_path_factory.mktemp("first"), the_course(voxel_mm=COARSE_MM)
    motions = iter([visit.to_baseline for visit in course.visits[1:]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_response, "response_course", lambda *_, **__: course)
        patch.setattr(
            demo_reading, "register_visits", lambda *_, **__: VisitRegistration(next(motions), 0.1, "Known beforehand.")
        )
        arguments = demo_response.write_first(None, course.seeds, [], folder / "files", ignore_progress)
    respond(*arguments, "--out", str(folder / "out"))
    return folder


def test_lesions_of_clicks_are_named_by_matching(read: Path) -> None:
    record = read_response_record(read / "out")
    assert [entry.lesion for entry in record.request.measurements] == ["T1", "T1", "T1", "N1", "T1", "N1"]
    assert [len(visit.new_lesions) for visit in record.request.case.visits] == [0, 0, 1, 1]
    assert tuple(visit.category for visit in record.visits) == the_course().truth.categories
    assert {site.lesion for site in record.request.sites} == {"N1"}
    (new,) = record.request.case.visits[-1].new_lesions
    assert new.field is FieldPosition.STRADDLES
    assert any("residual of the registration 0.10 mm" in note for note in record.request.notes)


def test_the_first_report_shows_key_images_and_the_truth(read: Path) -> None:
    report = (read / "out" / "report.html").read_text("utf-8")
    assert report.count('class="slice"') == 6
    text = text_of(report)
    assert "Truth beside result" in text
    assert "differs" not in text


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The courses as ``respond`` lists them, from outlines on coarse voxels."""
    folder = tmp_path_factory.mktemp("courses")
    cases = [measured_case(the_course(variant, COARSE_MM)) for variant in VARIANTS]
    (folder / "courses.json").write_text(json.dumps({"cases": cases}), encoding="utf-8")
    assert respond(str(folder / "courses.json"), "--out", str(folder / "out")) == 1  # a reader says otherwise of one
    return folder / "out"


def test_a_page_lists_the_courses_with_the_truth_beside_the_result(listed: Path) -> None:
    text = text_of((listed / "index.html").read_text("utf-8"))
    assert len(re.findall(r"all \d+ agree", text)) == len(VARIANTS)
    assert "differ" not in text
    assert "proven by a biopsy PD reader: SD" in text
    for variant in VARIANTS:
        course = the_course(variant)
        assert f"{course.title} {course.truth.categories[-1]}" in text


def test_the_pseudoprogression_is_shown_as_a_state_of_its_own(listed: Path) -> None:
    record = read_response_record(listed / "pseudoprogression")
    assert [visit.category for visit in record.visits][1] == Category.PRELIMINARY_PD
    assert record.progression_date is None


def test_the_necrosis_keeps_the_computed_category_beside_the_readers(listed: Path) -> None:
    record = read_response_record(listed / "necrosis")
    (said,) = record.request.adjudications
    assert record.visits[-1].category == Category.PD
    assert (said.visit, said.category) == (record.visits[-1].date, Category.SD)
    assert "Biopsy: radiation necrosis" in text_of((listed / "necrosis" / "report.html").read_text("utf-8"))


def test_the_low_ratio_of_the_recurrence_that_was_never_hyperperfused_is_on_record(listed: Path) -> None:
    ratios = read_response_record(listed / "never_hyperperfused").request.perfusion
    assert [point.ratio for point in ratios] == pytest.approx([1.09, 1.18], abs=0.01)


def test_the_report_of_the_neck_node_tells_the_departure_from_recist_and_thyroglobulin(listed: Path) -> None:
    text = text_of((listed / "neck_node" / "report.html").read_text("utf-8"))
    assert "15 mm" in text
    assert "Seeds that remain visible are not disease" in text
    assert "hyroglobulin" in text


@pytest.mark.validation
@pytest.mark.parametrize("variant", VARIANTS)
def test_drawn_lesions_are_measured_within_a_pixel_and_assessed_as_stated(variant: ResponseVariant) -> None:
    course = the_course(variant, voxel_mm=PIXEL_MM)
    study = study_of(course, {visit.date: visit.lesions for visit in course.visits})
    assert errors_mm(course, study).max() < 0.5 * PIXEL_MM
    assert_assessed_as_stated(course, study)


@pytest.mark.validation
@pytest.mark.parametrize("variant", IN_THE_HEAD)
def test_lesions_of_one_click_are_measured_within_a_pixel_and_assessed_as_stated(variant: ResponseVariant) -> None:
    course = the_course(variant, voxel_mm=PIXEL_MM)
    drawn = {visit.date: dict(zip(visit.clicks_mm, grow_visit(visit).values(), strict=True)) for visit in course.visits}
    study = study_of(course, drawn)
    longest_mm, perpendicular_mm = errors_mm(course, study).max(axis=0)
    assert longest_mm < PIXEL_MM
    assert perpendicular_mm < 1.5 * PIXEL_MM  # whole voxels: the longest may be found one or two slices off the middle
    assert_assessed_as_stated(course, study)


@pytest.mark.validation
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_last_scan_registers_to_the_baseline_within_a_fifth_of_a_millimetre(variant: ResponseVariant) -> None:
    course = the_course(variant, voxel_mm=PIXEL_MM)
    first, last = course.baseline, course.visits[-1]
    found = register_visits(first.volume, last.volume)
    places = np.array(list(last.clicks_mm.values()))
    apart = found.to_fixed(places) - moved_points(places, last.to_baseline)
    assert np.linalg.norm(apart, axis=1).max() < 0.2


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, patient = tmp_path_factory.mktemp("demo"), build_patient()
    respond_to_treatment(patient, schematic_seeds(patient.truth.head), folder)
    return folder


@pytest.mark.validation
def test_the_demo_reads_the_first_course_from_its_images(demo: Path) -> None:
    record, course = read_response_record(demo / "response"), the_course(voxel_mm=PIXEL_MM)
    assert tuple(visit.category for visit in record.visits) == course.truth.categories
    assert record.progression_date == course.truth.progression_date
    assert [entry.lesion for entry in record.request.measurements] == ["T1", "T1", "T1", "N1", "T1", "N1"]
    assert {site.site for site in record.request.sites} == {"marginal"}


@pytest.mark.validation
def test_the_report_of_the_demo_shows_the_truth_and_the_page_the_other_courses(demo: Path) -> None:
    text = text_of((demo / "response" / "report.html").read_text("utf-8"))
    assert "Truth beside result" in text
    assert "differs" not in text
    listing = text_of((demo / "other_courses" / "index.html").read_text("utf-8"))
    assert "4 cases" in listing
    assert "differ" not in listing
