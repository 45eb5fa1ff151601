"""Child processes: what they say arrives, they can be cancelled, and their errors are told."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from brachyresponse.errors import Cancelled
from brachyresponse.processes import ChildProcess, ProcessError, child_environment, library_command

LONGEST_S = 20.0


def wait_for(child: ChildProcess) -> None:
    """Poll as a panel's timer does; a child that hangs fails the test."""
    end = time.monotonic() + LONGEST_S
    while not child.poll():
        assert time.monotonic() < end, "the child did not finish"
        time.sleep(0.01)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_progress_and_other_lines_are_told_apart_and_come_in_order() -> None:
    heard: list[tuple[float, str]] = []
    lines: list[str] = []
    code = "print('hello')\nfor n in (0.1, 0.55, 1): print(f'[{n:4.0%}] step')\nprint('done: 100 % of it')"
    child = ChildProcess(python(code), report=lambda share, text: heard.append((share, text)), on_line=lines.append)
    wait_for(child)
    assert heard == [(0.1, "step"), (0.55, "step"), (1.0, "step")]
    assert lines == ["hello", "done: 100 % of it"]
    assert not child.running


def test_an_error_of_the_child_is_told_in_its_last_words() -> None:
    child = ChildProcess(python("import sys; print('Source: unknown', file=sys.stderr); sys.exit(2)"))
    with pytest.raises(ProcessError, match="ended with an error: Source: unknown"):
        wait_for(child)
    assert child.last_lines == ("Source: unknown",)


def test_findings_are_an_end_and_a_traceback_is_an_error() -> None:
    child = ChildProcess(python("import sys; print('error: D90 too low'); sys.exit(1)"))
    wait_for(child)
    assert child.has_findings
    with pytest.raises(ProcessError, match="ended with an error: ZeroDivisionError"):
        wait_for(ChildProcess(python("1 / 0")))


def test_the_command_line_of_the_library_reports_in_this_form() -> None:
    heard: list[float] = []
    code = "from brachyresponse.command_line.messages import StepsOnStderr; StepsOnStderr()(0.35, 'Dose: block 1')"
    child = ChildProcess(python(code), report=lambda share, text: heard.append(share))
    wait_for(child)
    assert heard == [0.35]


def test_cancelling_ends_the_child() -> None:
    child = ChildProcess(python("import time; print('[  5%] begun', flush=True); time.sleep(60)"))
    assert child.running
    child.cancel()
    assert child._process.poll() is not None
    child.cancel()


def test_a_report_that_cancels_ends_the_child() -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    child = ChildProcess(python("import time; print('[  5%] begun', flush=True); time.sleep(60)"), report=cancel)
    with pytest.raises(Cancelled):
        wait_for(child)
    assert child._process.poll() is not None


def test_the_library_of_this_process_is_found_on_one_blas_thread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.chdir(tmp_path)
    environment = child_environment()
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"
    assert environment["PYTHONPATH"].endswith("elsewhere")
    lines: list[str] = []
    child = ChildProcess(python("import brachyresponse; print(brachyresponse.__file__)"), on_line=lines.append)
    wait_for(child)
    assert Path(lines[0]).samefile(Path(__file__).parents[2] / "brachyresponse" / "__init__.py")


def test_the_command_is_that_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert library_command("plan", "--help")[1:] == ["-m", "brachyresponse", "plan", "--help"]
    monkeypatch.setattr("shutil.which", lambda name: f"/slicer/bin/{name}")
    assert library_command()[0] == "/slicer/bin/PythonSlicer"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ProcessError, match="no_such_program cannot be started"):
        ChildProcess(["no_such_program"])
