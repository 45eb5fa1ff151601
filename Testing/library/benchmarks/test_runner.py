"""The benchmarks' own code: limits, and files that can be run. What they measure is not judged here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from Benchmarks.figures import Figure
from reference import PROJECT

FILES = sorted((PROJECT / "Benchmarks").glob("bench_*.py"))


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(0.4, False, True), (0.6, False, False), (0.4, True, False), (0.6, True, True)]
)
def test_a_limit_holds_from_its_own_side(value: float, at_least: bool, met: bool) -> None:
    figure = Figure("dose", value, "s", limit=0.5, at_least=at_least)
    assert figure.met is met
    assert str(figure).endswith("| met |" if met else "| NOT MET |")


def test_a_figure_without_a_limit_is_for_information() -> None:
    assert str(Figure("dose", 1234.5, "ms")) == "| dose | 1234 ms |  |  |"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_benchmarks_has_one(path: Path) -> None:
    assert re.search(r"^def bench_\w+\(\)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_runner_prints_the_machine_and_a_row(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "Benchmarks" / "run.py"), "bench_import.bench_library"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "cores; Python" in printed.splitlines()[0]
    assert re.search(r"^\| import brachyresponse \| \d+(\.\d+)? ms \| ≤ 50 ms \| met \|$", printed, flags=re.MULTILINE)
