"""The page on the command line names options, files and fields that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields

import pytest

from brachyresponse.perfusion import Acquisition
from brachyresponse.perfusion.series.attributes import BIDS_AGENT_KEYS, BIDS_SOURCES
from brachyresponse.perfusion.series.file_times import TIME_LISTS
from brachyresponse.perfusion.study.record import (
    AifEntry,
    CurveEntry,
    InterpretationEntry,
    LesionEntry,
    MapEntry,
    PerfusionRecord,
    RatioEntry,
    SeriesEntry,
)
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


def test_every_field_of_a_perfusion_record_is_explained() -> None:
    part = PAGE.split("## perfusion.json")[1].split("\n## ")[0]
    explained = set(re.findall(r"`(\w+)`", part))
    parts = (PerfusionRecord, SeriesEntry, AifEntry, LesionEntry, RatioEntry, InterpretationEntry, MapEntry, CurveEntry)
    assert {field.name for each in parts for field in fields(each)} - explained == set()


def test_every_key_of_a_side_car_is_explained() -> None:
    keys = {source.key for source in BIDS_SOURCES} | {*BIDS_AGENT_KEYS, *TIME_LISTS, *Acquisition.names()}
    part = PAGE.split("## Measuring perfusion")[1].split("\n## ")[0]
    assert {key for key in keys if f"`{key}`" not in part} == set()


def test_every_field_of_a_plan_is_explained_and_no_other() -> None:
    table = PAGE.split("## plan.json")[1]
    assert set(re.findall(r"`(\w+)`", table)) == {*PLAN_KEYS, *SEED_KEYS, *NEEDLE_KEYS}
