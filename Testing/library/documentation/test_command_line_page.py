"""The page on the command line names options, files and fields that exist."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from dataclasses import fields
from pathlib import Path

import pytest

from brachyresponse.command_line.main import main
from brachyresponse.diffusion import (
    DiffusionRecord,
    LeftOutEntry,
    PartEntry,
    PercentileEntry,
    RestrictionEntry,
    StatisticEntry,
)
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
from brachyresponse.response.case.keys import CASE_KEYS, LESION_KEYS, NEW_LESION_KEYS, OPTION_KEYS, VISIT_KEYS
from brachyresponse.response.evidence import Finding, OwnCutoff, Prior, priors
from brachyresponse.response.evidence.gathering import (
    DoseContext,
    EvidenceContext,
    EvidenceSettings,
    T1Enhancement,
    T2FlairChange,
    read_evidence_file,
    weigh_request,
)
from brachyresponse.response.evidence.gathering.request_file import ITEM_KEYS, PET_KEYS
from brachyresponse.response.evidence.gathering.request_json import ANSWER_KEYS
from brachyresponse.response.study import evaluate_response, read_request, study_as_json
from brachyresponse.response.study.case_table import COLUMNS, NOT_READ
from brachyresponse.response.study.request_json import STUDY_KEYS
from brachyresponse.response.treatment import IdhState, ReferenceChoice, TreatmentKind, TumourType
from brachyresponse.response.treatment.rows import COLUMNS as TREATMENT_COLUMNS
from command_line_run import VERIFICATION_FILES
from invented_case import glioma
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "command_line.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def usage() -> dict[str, str]:
    return {
        name: help_of(name)
        for name in ("plan", "balloon", "verify", "perfusion", "diffusion", "respond", "demo", "sources")
    }


def help_of(name: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit, match=r"^0$"):
        main([name, "--help"])
    return said.getvalue()


def test_every_option_of_the_page_exists(usage: dict[str, str]) -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    text = " ".join(usage.values())
    assert {option for option in named if not re.search(rf"{option}\b", text)} == set()


@pytest.mark.parametrize("name", ["plan", "balloon", "verify", "perfusion", "diffusion", "respond"])
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


def test_every_field_of_a_diffusion_record_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", PAGE.split("## diffusion.json")[1].split("\n## ")[0]))
    parts = (DiffusionRecord, PartEntry, StatisticEntry, PercentileEntry, RestrictionEntry, LeftOutEntry)
    assert {field.name for each in parts for field in fields(each)} - explained == set()


def test_every_key_of_a_case_and_every_column_of_its_table_is_explained() -> None:
    part = PAGE.split("## case.json")[1].split("\n## ")[0]
    keys = {*CASE_KEYS, *STUDY_KEYS, *OPTION_KEYS, *VISIT_KEYS, *LESION_KEYS, *NEW_LESION_KEYS, "expected"}
    assert {key for key in keys if f"`{key}`" not in part} == set()
    table = PAGE.split("## Assessing response")[1].split("\n## ")[0]
    assert {column for column in set(COLUMNS) - set(NOT_READ) if f"`{column}`" not in table} == set()


def test_every_key_of_evidence_is_explained_with_every_published_prior() -> None:
    part = PAGE.split("## evidence.json")[1].split("\n## ")[0]
    parts = (Prior, Finding, OwnCutoff, EvidenceSettings, EvidenceContext, DoseContext)
    keys = {*ITEM_KEYS, *PET_KEYS, *ANSWER_KEYS, *(field.name for each in parts for field in fields(each))}
    assert {key for key in keys if f"`{key}`" not in part} == set()
    growing = [one.id for one in priors() if one.of_growing_lesions]
    assert {word for word in (*growing, *T1Enhancement, *T2FlairChange) if word not in part} == set()


def test_the_example_of_evidence_can_be_weighed(tmp_path: Path) -> None:
    part = PAGE.split("## evidence.json")[1]
    (tmp_path / "evidence.json").write_text(part.split("```json\n")[1].split("```")[0], encoding="utf-8")
    (request,) = read_evidence_file(tmp_path / "evidence.json").requests
    assert {"antiangiogenic_therapy", "high_dose_steroid"} == {one.condition for one in request.answers}
    assert len(weigh_request(request).evidence.left_out) == len(request.findings)  # questions are open


def test_every_tumour_and_every_end_of_radiation_is_named() -> None:
    part = PAGE.split("## case.json")[1].split("\n## ")[0]
    assert {word for word in (*TumourType, *IdhState) if word not in part} == set()
    offered = [word.removesuffix(" % of the dose delivered") for word in ReferenceChoice if word != "own date"]
    assert [word for word in offered if word not in part] == []


def test_the_examples_of_a_case_can_be_assessed(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(PAGE.split("```json\n")[1].split("```")[0], encoding="utf-8")
    (tmp_path / "case.csv").write_text(PAGE.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    for name in ("case.json", "case.csv"):
        found = evaluate_response(read_request(tmp_path / name)).assessment.visits[-1]
        assert (found.category, found.unknown) == ("PR", ())


def test_every_column_of_a_treatment_record_is_explained_and_every_kind() -> None:
    part = PAGE.split("## treatments.csv")[1].split("\n## ")[0]
    assert {column for column in TREATMENT_COLUMNS if f"`{column}`" not in part} == set()
    assert {kind for kind in TreatmentKind if kind not in part} == set()


def test_every_field_of_a_response_is_explained() -> None:
    part = PAGE.split("## response.json")[1].split("\n## ")[0]
    record = study_as_json(evaluate_response(read_request(glioma())))
    beside = {"case", "conventions", *STUDY_KEYS}
    explained = set(re.findall(r"`(\w+)`", part))
    assert set(record) - beside - explained == set()
    assert set(record["visits"][0]) - explained == set()


def test_every_key_of_a_side_car_is_explained() -> None:
    keys = {source.key for source in BIDS_SOURCES} | {*BIDS_AGENT_KEYS, *TIME_LISTS, *Acquisition.names()}
    part = PAGE.split("## Measuring perfusion")[1].split("\n## ")[0]
    assert {key for key in keys if f"`{key}`" not in part} == set()


def test_every_field_of_a_plan_is_explained_and_no_other() -> None:
    table = PAGE.split("## plan.json")[1]
    assert set(re.findall(r"`(\w+)`", table)) == {*PLAN_KEYS, *SEED_KEYS, *NEEDLE_KEYS}
