"""The perfusion part of the demo on the digital patient: what is found, and how far it lies from the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from brachyresponse.command_line.demo import follow_up
from brachyresponse.digital_patient import build_patient
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.perfusion.interpretation import Verdict
from brachyresponse.perfusion.study import PerfusionRecord, read_study_record
from parsed_html import text_of

pytestmark = pytest.mark.validation
WITHIN = 0.10
"""The issue's tolerance: the ratio of an evaluable lesion within 10 % of the truth at the stated noise."""
VISITS = ("before", "follow_up")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, patient = tmp_path_factory.mktemp("demo"), build_patient()
    follow_up(patient, schematic_seeds(patient.truth.head), folder)
    return folder


def record(demo: Path, kind: str, visit: str) -> PerfusionRecord:
    return read_study_record(demo / f"perfusion_{kind}_{visit}")


def true_ratio(demo: Path, kind: str, visit: str, quantity: str) -> float:
    truth = json.loads((demo / "visits" / f"{kind}_{visit}" / "truth.json").read_text("utf-8"))
    return float(truth["ratios"][quantity])


@pytest.mark.parametrize("visit", VISITS)
@pytest.mark.parametrize(("kind", "name", "quantity"), [("dce", "vp", "vp"), ("dsc", "rcbv", "cbv_ml_per_100ml")])
def test_the_ratio_is_within_a_tenth_of_the_truth(demo: Path, kind: str, name: str, quantity: str, visit: str) -> None:
    row = record(demo, kind, visit).ratio("Lesion", name)
    assert row is not None
    assert row.value == pytest.approx(true_ratio(demo, kind, visit, quantity), rel=WITHIN)


def test_the_ratio_of_ktrans_is_refused_because_the_barrier_of_white_matter_is_intact(demo: Path) -> None:
    row = record(demo, "dce", "follow_up").ratio("Lesion", "ktrans")
    assert row is not None
    assert row.value is None
    assert "noise" in " ".join(row.reasons)


@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_the_recurrence_is_hyperperfused_and_the_first_visit_is_not_judged(demo: Path, kind: str) -> None:
    (found,) = record(demo, kind, "follow_up").interpretations
    assert found.verdict is Verdict.HYPERPERFUSED
    assert record(demo, kind, "before").interpretations == ()


@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_the_report_shows_the_truth_beside_the_result(demo: Path, kind: str) -> None:
    text = text_of((demo / f"perfusion_{kind}_follow_up" / "report.html").read_text("utf-8"))
    assert "Truth beside result" in text
    assert "What the lesion is recurrence Hyperperfused" in text
