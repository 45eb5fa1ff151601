"""The page on the command line names options, files and fields that exist."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from brachyresponse.planning.plan_file import NEEDLE_KEYS, PLAN_KEYS, SEED_KEYS
from command_line_run import VERIFICATION_FILES
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "command_line.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def usage() -> dict[str, str]:
    return {name: help_of(name) for name in ("plan", "verify", "perfusion", "demo", "sources")}


def help_of(name: str) -> str:
    command = [sys.executable, "-m", "brachyresponse", name, "--help"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def test_every_option_of_the_page_exists(usage: dict[str, str]) -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    text = " ".join(usage.values())
    assert {option for option in named if not re.search(rf"{option}\b", text)} == set()


@pytest.mark.parametrize("name", ["plan", "verify", "perfusion"])
def test_every_file_that_the_help_promises_is_explained(name: str, usage: dict[str, str]) -> None:
    promised = set(re.findall(r"\b[a-z_]+\.(?:html|json|csv|nrrd|tfm)\b", usage[name].split("exit status")[0]))
    assert promised - set(re.findall(r"[a-z_]+\.(?:html|json|csv|nrrd|tfm)", PAGE)) == set()


def test_every_file_of_a_verification_is_explained() -> None:
    part = PAGE.split("## Verifying one implant")[1].split("\n## ")[0]
    assert {name for name in VERIFICATION_FILES if f"`{name}`" not in part} == set()


def test_every_field_of_a_plan_is_explained_and_no_other() -> None:
    table = PAGE.split("## plan.json")[1]
    assert set(re.findall(r"`(\w+)`", table)) == {*PLAN_KEYS, *SEED_KEYS, *NEEDLE_KEYS}
