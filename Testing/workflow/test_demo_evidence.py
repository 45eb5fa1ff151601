"""The evidence part of the demo: what is asked of each course, and that no answer takes the wrong side."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from brachyresponse.command_line import demo as demo_command
from brachyresponse.command_line import demo_advanced, demo_evidence
from brachyresponse.command_line.demo import Shown
from brachyresponse.command_line.demo_answers import CourseAnswer, answers_html, print_answers, read_answers
from brachyresponse.command_line.demo_cases import measured_case
from brachyresponse.command_line.demo_evidence import AskedCourse, CourseFiles, write_evidence, write_other_evidence
from brachyresponse.command_line.main import main
from brachyresponse.diffusion import read_diffusion_record
from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.response import ResponseVariant
from brachyresponse.progress import ignore_progress
from brachyresponse.response.evidence import (
    Answer,
    Finding,
    LesionEvidence,
    Prior,
    Verdict,
    read_evidence_request,
    weigh_request,
)
from brachyresponse.response.evidence.gathering import persons_answer
from brachyresponse.spectroscopy import SpectraKind, read_spectra
from brachyresponse.spectroscopy.study import read_spectroscopy_record
from parsed_html import text_of
from response_courses import the_course

FIRST, PSEUDOPROGRESSION = ResponseVariant.PROGRESSION_AT_MARGIN, ResponseVariant.PSEUDOPROGRESSION
NEVER, NECROSIS, NECK = ResponseVariant.NEVER_HYPERPERFUSED, ResponseVariant.NECROSIS, ResponseVariant.NECK_NODE


def respond(*arguments: str) -> str:
    """What ``respond`` prints."""
    with pytest.MonkeyPatch.context() as patch:
        said = StringIO()
        patch.setattr("sys.stdout", said)
        patch.setattr("sys.stderr", StringIO())
        main(["respond", *arguments])
    return said.getvalue()


def answered(folder: Path, cases: Mapping[ResponseVariant, Mapping[str, Any]]) -> list[CourseAnswer]:
    """Write, weigh and read the evidence of courses, as the demo does."""
    asked = write_other_evidence(Head(), cases, folder / "files", None, ignore_progress)
    results = {each.variant: folder / "results" / each.variant for each in asked}
    for each in asked:
        if each.file is not None:
            respond("--evidence", str(each.file), "--out", str(results[each.variant]))
    return read_answers(asked, results, folder / "results")


A_CASE = {
    "id": "pseudoprogression",
    "criteria": "RANO-2.0",
    "visits": [
        {"date": day, "role": role, "lesions": [{"id": "T1", "role": "target", "kind": "enhancing", **size}]}
        for day, role, size in (
            ("2026-04-06", "baseline", {"longest_mm": 25.0, "perpendicular_mm": 21.3}),
            ("2026-05-01", "follow-up", {"longest_mm": 30.2, "perpendicular_mm": 25.8}),
        )
    ],
}
"""As the course has it, without its images, which take most of the time to make."""


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[CourseAnswer]]:
    """Courses without perfusion, whose scan takes seconds."""
    folder = tmp_path_factory.mktemp("evidence")
    return folder, answered(folder, {PSEUDOPROGRESSION: A_CASE, NECK: {}})


def test_a_lesion_among_the_seeds_is_not_evaluable_and_says_why(quick: tuple[Path, list[CourseAnswer]]) -> None:
    answer = quick[1][0]
    assert answer.found is not None
    assert answer.found.verdict is Verdict.NOT_EVALUABLE
    reasons = " ".join(reason for one in answer.found.evidence.left_out for reason in one.reasons)
    assert "of the enhancing part is valid, at least 25% are needed" in reasons
    assert "A seed lies in the voxel" in reasons
    assert answer.against_truth == "takes no side"


def test_the_neck_node_is_not_asked_about_and_says_why(quick: tuple[Path, list[CourseAnswer]]) -> None:
    answer = quick[1][1]
    assert answer.found is None
    assert (answer.word, answer.interval, answer.link) == ("not evaluable", "–", "")
    assert "brain lesions" in answer.remarks[0]


def test_the_files_of_a_course_are_those_that_a_clinic_would_have(quick: tuple[Path, list[CourseAnswer]]) -> None:
    folder = quick[0] / "files" / PSEUDOPROGRESSION
    names = {file.name for file in folder.iterdir()}
    assert {"adc.nrrd", "dwi_b_0.nrrd", "dwi_b_1000.nrrd", "structures.seg.nrrd", "single_voxel.nii.gz"} <= names
    assert {"evidence.json", "case.json", "truth.json", "diffusion.json", "spectroscopy.json"} <= names
    assert read_spectra(folder / "single_voxel.nii.gz").kind is SpectraKind.SINGLE_VOXEL
    assert read_diffusion_record(folder).lesions == ("T1",)
    assert read_spectroscopy_record(folder).lesion("T1") is not None
    assert json.loads((folder / "truth.json").read_text("utf-8"))["diagnosis"] == "treatment effect"


def test_what_the_truth_answers_is_told_as_its_word(quick: tuple[Path, list[CourseAnswer]]) -> None:
    request = read_evidence_request(quick[0] / "files" / PSEUDOPROGRESSION / "evidence.json")
    answers = {each.condition: each for each in request.answers}
    assert "the truth of the digital patient" in answers["infection_possible"].source
    assert any("No perfusion was scanned" in sentence for sentence in request.inputs)


def an_answer(verdict: str, truth: str) -> CourseAnswer:
    """An answer by the sign of MET PET: positive, negative, or none."""
    positive = {"favours_recurrence": True, "favours_necrosis": False}.get(verdict)
    findings = [] if positive is None else [Finding("aa_pet_mets_2023", positive=positive)]
    evidence = weigh(findings)
    assert evidence.verdict == verdict
    return CourseAnswer(AskedCourse(FIRST, "A course", truth, "N1", date(2026, 10, 6), Path("evidence.json")), evidence)


def weigh(findings: list[Finding]) -> LesionEvidence:
    from brachyresponse.response.evidence import ConditionAnswer, EvidenceRequest, conditions

    answers = [ConditionAnswer(one.id, Answer(one.holds_when), "Told.") for one in conditions()]
    prior = Prior(0.45, 0.5, 0.55, "for a test", "a test")
    return weigh_request(EvidenceRequest("N1", date(2026, 10, 6), prior, tuple(findings), tuple(answers)))


@pytest.mark.parametrize(
    ("verdict", "truth", "said"),
    [
        ("favours_recurrence", "recurrence", "right"),
        ("favours_recurrence", "necrosis", "WRONG"),
        ("favours_recurrence", "treatment effect", "WRONG"),
        ("favours_necrosis", "necrosis", "right"),
        ("favours_necrosis", "recurrence", "WRONG"),
        ("not_evaluable", "recurrence", "takes no side"),
    ],
)
def test_an_answer_is_held_against_the_truth(verdict: str, truth: str, said: str) -> None:
    assert an_answer(verdict, truth).against_truth == said


def test_the_page_and_the_print_show_every_course(
    quick: tuple[Path, list[CourseAnswer]], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [an_answer("favours_recurrence", "recurrence"), *quick[1]]
    print_answers(answers)
    printed, page = capsys.readouterr().out, text_of(answers_html(answers))
    for one in answers:
        assert str(one.asked.variant) in printed
        assert one.asked.title in page
        assert f"truth: {one.asked.truth}" in printed
        for words in (one.word, one.asked.truth, *one.remarks):
            assert words in printed
            assert words in page
        assert one.interval in printed
    low, mid, high = (round(100 * each) for each in answers[0].found.evidence.interval)  # type: ignore[union-attr]
    assert f"{low} to {high} %, middle {mid} %" in page
    assert f'href="{PSEUDOPROGRESSION}/report.html"' in answers_html(answers)


def test_the_demo_leaves_the_markers_one_by_one_to_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    said = [
        "T1: RANO 2010",
        "  T1, 2026-10-06: The evidence favours recurrence.",
        "    left out: ADC",
        "Report: r.html",
    ]
    command = SimpleNamespace(add_arguments=lambda _: None, run=lambda _: sys.stdout.write("\n".join([*said, ""])) > 0)
    printed = {}
    for shown in Shown:
        demo_command._run(command, "respond", [], shown=shown)
        printed[shown] = capsys.readouterr().out.splitlines()[:-1]  # the last line is the command
    assert printed == {Shown.ALL: said, Shown.HEADLINES: [said[0], said[1], said[3]], Shown.WHERE: said[3:]}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[ResponseVariant, CourseAnswer]:
    cases = {variant: measured_case(the_course(variant)) for variant in ResponseVariant}
    return {one.asked.variant: one for one in answered(tmp_path_factory.mktemp("every"), cases)}


@pytest.mark.validation
def test_no_course_of_the_digital_patient_favours_the_wrong_class(
    every: dict[ResponseVariant, CourseAnswer],
) -> None:
    assert {variant: one.against_truth for variant, one in every.items()} == {
        FIRST: "right",
        NECROSIS: "right",
        NEVER: "takes no side",
        PSEUDOPROGRESSION: "takes no side",
        NECK: "takes no side",
    }


@pytest.mark.validation
@pytest.mark.parametrize("random_seed", range(1, 6))
def test_other_noise_gives_no_answer_for_the_wrong_class(
    random_seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the demo does, with the question on steroids answered that the case answers there."""
    scan, perfusion = demo_evidence.evidence_session, demo_advanced.perfusion_visit
    monkeypatch.setattr(demo_evidence, "evidence_session", partial(scan, random_seed=random_seed))
    monkeypatch.setattr(demo_advanced, "perfusion_visit", partial(perfusion, random_seed=random_seed))
    told = persons_answer("high_dose_steroid", Answer.NO)
    against = {}
    for variant in (FIRST, NECROSIS, NEVER, PSEUDOPROGRESSION):
        asked = write_evidence(variant, Head(), None, CourseFiles(tmp_path / variant), ignore_progress)
        assert asked.file is not None
        request = read_evidence_request(asked.file).with_answers([told])
        against[variant] = CourseAnswer(asked, weigh_request(request)).against_truth
    assert against == {
        FIRST: "right", NECROSIS: "right", NEVER: "takes no side", PSEUDOPROGRESSION: "takes no side"
    }  # fmt: skip


@pytest.mark.validation
def test_perfusion_is_not_trusted_where_the_lesion_was_never_hyperperfused(
    every: dict[ResponseVariant, CourseAnswer],
) -> None:
    (remark,) = every[NEVER].remarks
    assert remark.startswith("Perfusion cannot be trusted here:")
    assert "absent hyperperfusion is unreliable in this lesion" in remark
    found = every[NEVER].found
    assert found is not None
    assert any("6 of 14 proven recurrences" in sentence for sentence in found.evidence.statements)


@pytest.mark.validation
def test_the_pet_value_of_the_necrosis_is_told_to_be_typed_in(every: dict[ResponseVariant, CourseAnswer]) -> None:
    found = every[NECROSIS].found
    assert found is not None
    assert any("typed in" in one.finding.source for one in found.evidence.used)
    assert any("PET value is typed in" in sentence for sentence in found.request.inputs)
    assert "central restriction is present" in found.request.context.central_restriction


@pytest.mark.validation
def test_the_grid_of_spectra_is_written_beside_the_single_voxel(tmp_path: Path) -> None:
    no_perfusion = CourseFiles(tmp_path / "first", studies=[tmp_path])
    asked = write_evidence(FIRST, Head(), None, no_perfusion, ignore_progress)
    assert asked.file is not None
    grid = asked.file.parent / "csi"
    assert read_spectra(grid / "csi.nii.gz").kind is SpectraKind.MULTI_VOXEL
    record = read_spectroscopy_record(grid)
    highest = record.lesion_ratio("N1", "Cho/NAA", "maximum")
    assert highest is not None
    assert (highest.value or 0.0) > 1.5
    assert (grid / record.maps[0].file).is_file()
