from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from brachyresponse.cohort import CaseStatus, CaseTask, is_done, key_of_inputs, run_cases
from brachyresponse.errors import Cancelled, CohortError, PlanError


def compute(task: CaseTask) -> None:
    """Write the case's number doubled, and leave a trace of each time that it was computed."""
    with (task.folder / "times.txt").open("a") as times:
        times.write("once\n")
    if task.payload == "plan":
        raise PlanError(f"The plan of {task.name} has no seeds.")
    if task.payload == "bug":
        raise KeyError("d90")
    if task.payload == "dies":
        os._exit(9)
    if task.payload == "slow":
        time.sleep(0.2)
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    (task.folder / "result.json").write_text(json.dumps({"twice": f"{task.payload}" * 2, "threads": threads}))


def tasks_of(folder: Path, **payloads: object) -> list[CaseTask]:
    return [CaseTask(name, folder / name, key_of_inputs([payload], []), payload) for name, payload in payloads.items()]


def times(task: CaseTask) -> int:
    return len((task.folder / "times.txt").read_text().splitlines())


def test_processes_compute_the_cases_and_a_failed_one_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    tasks = tasks_of(tmp_path, a="x", b="plan", c="bug", d="y")
    seen: list[tuple[float, str]] = []
    outcomes = run_cases(tasks, compute, workers=2, report=lambda fraction, message: seen.append((fraction, message)))
    assert [(one.name, one.status) for one in outcomes] == [
        ("a", CaseStatus.DONE),
        ("b", CaseStatus.FAILED),
        ("c", CaseStatus.FAILED),
        ("d", CaseStatus.DONE),
    ]
    assert outcomes[1].error == "The plan of b has no seeds."
    assert outcomes[2].error == "Unexpected KeyError: 'd90'"
    assert "in compute" in (tmp_path / "c" / "log.txt").read_text()
    assert json.loads((tmp_path / "d" / "result.json").read_text()) == {"twice": "yy", "threads": "1"}
    assert [fraction for fraction, _ in seen] == [0.25, 0.5, 0.75, 1.0]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"


def test_a_process_that_dies_fails_its_own_case_only(tmp_path: Path) -> None:
    outcomes = run_cases(tasks_of(tmp_path, a="dies", b="slow", c="slow"), compute, workers=2)
    assert [one.status for one in outcomes] == [CaseStatus.FAILED, CaseStatus.DONE, CaseStatus.DONE]
    assert "ended from outside, or ran out of memory" in outcomes[0].error


def test_a_restarted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, a="x", b="plan", c="y")
    with ThreadPoolExecutor(1) as pool:
        run_cases(tasks, compute, executor=pool)
        outcomes = run_cases(tasks, compute, executor=pool)
        assert [one.status for one in outcomes] == [CaseStatus.KEPT, CaseStatus.FAILED, CaseStatus.KEPT]
        assert [times(task) for task in tasks] == [1, 2, 1]
        changed = [tasks[0], *tasks_of(tmp_path, c="z")]
        outcomes = run_cases(changed, compute, executor=pool)
    assert [one.status for one in outcomes] == [CaseStatus.KEPT, CaseStatus.DONE]
    assert json.loads((tmp_path / "c" / "result.json").read_text())["twice"] == "zz"


def test_a_cancelled_run_keeps_what_was_done(tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, a="x", b="slow", c="slow", d="slow")

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with ThreadPoolExecutor(1) as pool, pytest.raises(Cancelled):
        run_cases(tasks, compute, executor=pool, report=cancel)
    with ThreadPoolExecutor(1) as pool:
        outcomes = run_cases(tasks, compute, executor=pool)
    assert outcomes[0].status is CaseStatus.KEPT
    assert outcomes[-1].status is CaseStatus.DONE
    assert {times(task) for task in tasks} == {1}


def test_what_is_computed_anew_is_not_marked_as_done_meanwhile(tmp_path: Path) -> None:
    before, after = tasks_of(tmp_path, a="x") + tasks_of(tmp_path, a="y")
    marked: list[bool] = []
    with ThreadPoolExecutor(1) as pool:
        run_cases([before], compute, executor=pool)
        run_cases([after], lambda task: marked.append(is_done(before)), executor=pool)
    assert marked == [False]


def test_a_result_that_was_not_finished_is_computed_again(tmp_path: Path) -> None:
    (task,) = tasks_of(tmp_path, a="x")
    task.folder.mkdir()
    (task.folder / "case_result.json").write_text('{"schema": 1, "key": "')
    with ThreadPoolExecutor(1) as pool:
        assert run_cases([task], compute, executor=pool)[0].status is CaseStatus.DONE


def test_the_key_follows_arguments_and_files(tmp_path: Path) -> None:
    folder = tmp_path / "ct"
    folder.mkdir()
    (folder / "1.dcm").write_text("slice")
    first = key_of_inputs(["--target", "GTV"], [folder])
    assert key_of_inputs(["--target", "GTV"], [folder]) == first
    assert key_of_inputs(["--target", "PTV"], [folder]) != first
    (folder / "2.dcm").write_text("slice")
    second = key_of_inputs(["--target", "GTV"], [folder])
    assert second != first
    os.utime(folder / "2.dcm", (1, 1))
    assert key_of_inputs(["--target", "GTV"], [folder]) != second
    assert key_of_inputs([], [tmp_path / "nowhere"]) != key_of_inputs([], [tmp_path / "elsewhere"])


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    task = CaseTask("a", tmp_path, "key")
    with pytest.raises(CohortError, match="Two cases have the name 'a'"):
        run_cases([task, task], compute)


@pytest.mark.validation
def test_a_cluster_of_one_machine_serves_unchanged(tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="dask is not installed: pip install 'brachyresponse[cluster]'"
    )
    tasks = tasks_of(tmp_path, a="x", b="plan", c="y")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        outcomes = run_cases(tasks, compute, executor=client.get_executor())
    assert [one.status for one in outcomes] == [CaseStatus.DONE, CaseStatus.FAILED, CaseStatus.DONE]
    assert outcomes[1].error == "The plan of b has no seeds."
    assert json.loads((tmp_path / "c" / "result.json").read_text())["twice"] == "yy"
