"""The page on the command line names options, files and fields that exist."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from brachyresponse.planning.plan_file import NEEDLE_KEYS, PLAN_KEYS, SEED_KEYS
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "command_line.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def usage() -> str:
    command = [sys.executable, "-m", "brachyresponse", "plan", "--help"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def test_every_option_of_the_page_exists(usage: str) -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    assert {option for option in named if not re.search(rf"{option}\b", usage)} == set()


def test_every_file_that_the_help_promises_is_explained(usage: str) -> None:
    promised = set(re.findall(r"\b[a-z_]+\.(?:html|json|csv|nrrd)\b", usage.split("exit status")[0]))
    assert promised - set(re.findall(r"[a-z_]+\.(?:html|json|csv|nrrd)", PAGE)) == set()


def test_every_field_of_a_plan_is_explained_and_no_other() -> None:
    table = PAGE.split("## plan.json")[1]
    assert set(re.findall(r"`(\w+)`", table)) == {*PLAN_KEYS, *SEED_KEYS, *NEEDLE_KEYS}
