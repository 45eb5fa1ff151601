from __future__ import annotations

import csv
import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.cohort import CaseTask
from brachyresponse.command_line import cohort, verify_files
from brachyresponse.command_line.cohort_cases import find_cases
from brachyresponse.errors import CohortError, InputFileError, PlanError
from brachyresponse.report import VerificationPictures
from brachyresponse.verification import read_verification
from command_line_run import run
from small_implant import write_small_implant

Capture = pytest.CaptureFixture[str]
VALUES = (
    "case,patient,PTV D90 plan (Gy),PTV D90 implant (Gy),PTV V100 plan (%),PTV V100 implant (%),"
    "PTV V150 plan (%),PTV V150 implant (%),PTV HI plan,PTV HI implant"
)


def write_values(path: Path, count: int = 22) -> tuple[Path, np.ndarray, np.ndarray]:
    """A table of cases whose HI follows from V100 and V150; D90 is returned as planned and as implanted."""
    rng = np.random.default_rng(7)
    plan, implant = rng.normal(125, 15, count), rng.normal(121, 18, count)
    lines = [VALUES]
    for n in range(count):
        v100, v150 = rng.uniform(85, 99, 2), rng.uniform(45, 80, 2)
        hi = (v100 - v150) / v100
        pairs = (n + 1, f"P{n}", plan[n], implant[n], *np.stack([v100, v150, hi]).ravel())
        lines.append(",".join(map(str, pairs)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, plan, implant


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_table_of_values_becomes_the_table_of_a_paper(tmp_path: Path, capsys: Capture) -> None:
    table, plan, implant = write_values(tmp_path / "cases.csv")
    done = run(capsys, "cohort", table, "--out", tmp_path / "out")
    assert done.status == 0, done.err
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"report.html", "comparison.csv", "agreement.csv", "cases.csv", "limits.csv"}
    (d90, *others) = rows_of(tmp_path / "out" / "comparison.csv")
    assert (d90["structure"], d90["metric"], d90["n"]) == ("PTV", "D90", "22")
    assert float(d90["plan mean"]) == pytest.approx(plan.mean(), rel=1e-5)
    assert float(d90["shift"]) == pytest.approx((implant - plan).mean(), rel=1e-4)
    assert len(others) == 3
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert report.count("<svg") >= 2 * 2 * 4  # each chart is a picture in a picture, two charts a metric
    assert "paired t test" in report
    assert "PTV D90 (Gy): plan " in done.out


def test_metrics_can_be_chosen(tmp_path: Path, capsys: Capture) -> None:
    table, *_ = write_values(tmp_path / "cases.csv")
    done = run(capsys, "cohort", table, "--metrics", "d90", "--out", tmp_path / "out")
    assert done.status == 0, done.err
    (row,) = rows_of(tmp_path / "out" / "comparison.csv")
    assert row["p"] == row["p (Holm)"]
    done = run(capsys, "cohort", table, "--metrics", "d95", "--out", tmp_path / "other")
    assert (done.status, done.err) == (2, "None of 22 cases has plan and implant of d95: check cases and metrics.\n")
    assert not (tmp_path / "other" / "report.html").exists()


def test_what_cannot_be_a_cohort_is_said_in_a_sentence(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "names.csv").write_text("case,age\na,60\n", encoding="utf-8")
    for source, message in (
        ("nowhere", "does not exist: give a folder of cases, or a CSV file"),
        ("empty", "holds no case: expected folders with verification.json or case.json"),
        ("names.csv", "has neither a column 'verification' nor 'arguments' nor pairs"),
    ):
        done = run(capsys, "cohort", tmp_path / source, "--out", tmp_path / "out")
        assert done.status == 2
        assert message in done.err
        assert done.err.count("\n") == 1


@pytest.fixture(scope="module")
def cohort_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases to verify, one whose CT is missing and one whose arguments are wrong."""
    pytest.importorskip("vtkmodules", reason="vtk is not installed, which draws the pictures of a verification")
    folder = tmp_path_factory.mktemp("cohort")
    implant = write_small_implant(folder_of(folder, "files"))
    arguments = [
        *(str(part) for part in (*implant.planned_side, *implant.implant_side, "--seeds", implant.detected)),
        *shlex.split("--target GTV --dose-grid-mm 3 --image-date 2026-03-07 --register contours"),
    ]
    relative = [part.replace(str(folder / "files"), "../files") for part in arguments]
    write_case(folder, "a", relative)
    write_case(folder, "b", [*relative, "--oar", "Nerve"])
    write_case(folder, "c", [part.replace("implant.nrrd", "none.nrrd") for part in relative])
    write_case(folder, "d", ["--plan", "../files/plan.json"])
    return folder


def folder_of(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def write_case(folder: Path, name: str, arguments: list[str]) -> None:
    text = json.dumps({"schema": 1, "arguments": arguments})
    (folder_of(folder, name) / "case.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def first_run(cohort_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    from brachyresponse.command_line.main import main

    out = tmp_path_factory.mktemp("results")
    return out, main(["cohort", str(cohort_folder), "--out", str(out), "--workers", "1"])


def test_cases_are_verified_in_processes_and_failed_ones_are_listed(first_run: tuple[Path, int]) -> None:
    out, status = first_run
    assert status == 1
    cases = rows_of(out / "cases.csv")
    assert [row["case"] for row in cases] == ["a", "b"]
    record = read_verification(out / "cases" / "a")
    metric = next(one for one in record.metrics if one.id == "d90")
    column = next(name for name in cases[0] if name.endswith("D90 implant (Gy)"))
    assert float(cases[0][column]) == pytest.approx(metric.implant, rel=1e-5)
    assert (cases[0]["Seeds planned and found plan"], cases[0]["Seeds planned and found implant"]) == ("8", "7")
    why = {row["case"]: row["why"] for row in rows_of(out / "failed.csv")}
    assert set(why) == {"c", "d"}
    assert "none.nrrd" in why["c"]
    assert "Its arguments are wrong: the following arguments are required" in why["d"]
    report = (out / "report.html").read_text("utf-8")
    assert "2 evaluated, 2 failed" in report
    assert why["c"][:20] in report
    assert "2 cases are of 1 patients" in report


def test_a_restarted_run_keeps_what_is_done(
    first_run: tuple[Path, int], cohort_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = first_run
    before = {name: (out / "cases" / name / "verification.json").stat().st_mtime_ns for name in "ab"}
    arguments = json.loads((cohort_folder / "b" / "case.json").read_text("utf-8"))["arguments"]
    (cohort_folder / "b" / "case.json").write_text(
        json.dumps({"schema": 1, "arguments": [*arguments, "--match-limit-mm", "2"]}), encoding="utf-8"
    )
    no_pictures = VerificationPictures(implant_missing="No 3D picture in tests.")
    monkeypatch.setattr(verify_files, "verification_pictures", lambda *_: no_pictures)
    with ThreadPoolExecutor(1) as pool:
        cohort.compare_cohort(cohort_folder, out, executor=pool)
    after = {name: (out / "cases" / name / "verification.json").stat().st_mtime_ns for name in "ab"}
    assert after["a"] == before["a"]
    assert after["b"] > before["b"]


def test_any_executor_does_the_work(cohort_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail(task: CaseTask) -> None:
        done.append(task.name)
        raise PlanError("no seeds")

    monkeypatch.setattr(cohort, "verify_case", fail)
    with ThreadPoolExecutor(1) as pool, pytest.raises(CohortError, match=r"None of 4 cases could be evaluated; d: "):
        cohort.compare_cohort(cohort_folder, tmp_path, executor=pool)
    assert done == ["a", "b", "c"]


def test_verifications_that_are_there_are_read_from_folders_and_tables(
    first_run: tuple[Path, int], tmp_path: Path, capsys: Capture
) -> None:
    out, _ = first_run
    done = run(capsys, "cohort", out / "cases", "--out", tmp_path / "from_folder")
    assert [row["case"] for row in rows_of(tmp_path / "from_folder" / "cases.csv")] == ["a", "b"]
    assert not (tmp_path / "from_folder" / "cases").exists()
    table = tmp_path / "cases.csv"
    table.write_text(f"case,verification\nx,{out / 'cases' / 'a'}\ny,nowhere\n", encoding="utf-8")
    done = run(capsys, "cohort", table, "--out", tmp_path / "from_table")
    assert done.status == 1
    assert [row["case"] for row in rows_of(tmp_path / "from_table" / "cases.csv")] == ["x"]
    assert "failed: y: " in done.out


def test_arguments_in_a_table_are_those_of_verify(tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    line = "--plan p.json --image ct --structures 's 1.nrrd' --target GTV"
    table.write_text(f'case,arguments\nN 1/2,"{line}"\nN2,"{line} --out x"\n', encoding="utf-8")
    found = find_cases(table, tmp_path / "out")
    (task,) = found.tasks
    assert task.folder == tmp_path / "out" / "N_1_2"
    assert vars(task.payload)["structures"] == tmp_path / "s 1.nrrd"  # type: ignore[arg-type]
    assert "leave it away" in found.unusable[0].error


def test_a_case_file_that_is_misspelt_fails_its_case(tmp_path: Path) -> None:
    write_case(tmp_path, "a", [])
    (tmp_path / "a" / "case.json").write_text('{"schema": 1, "argument": []}', encoding="utf-8")
    assert "did you mean 'arguments'" in find_cases(tmp_path, tmp_path / "out").unusable[0].error


def test_tables_and_folders_without_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="holds no case"):
        find_cases(tmp_path, tmp_path / "out")
    (tmp_path / "x.csv").write_text("case,age\na,1\n", encoding="utf-8")
    with pytest.raises(CohortError, match="give one of them"):
        find_cases(tmp_path / "x.csv", tmp_path / "out")
