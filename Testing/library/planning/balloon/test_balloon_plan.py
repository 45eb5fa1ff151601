"""A balloon plan as a value, and in a file."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError, PlanError, SourceError
from brachyresponse.planning.balloon import (
    BalloonPlan,
    BalloonSphere,
    Interruption,
    read_balloon,
    sphere_volume_ml,
    write_balloon,
)

from .conftest import FILLED, PlanMaker


def hours(number: float) -> datetime:
    return FILLED + timedelta(hours=number)


def test_a_sphere_by_its_fill_volume_holds_it_within_its_wall() -> None:
    sphere = BalloonSphere.holding(15.0, (1.0, 2.0, 3.0), wall_mm=0.5)
    assert sphere_volume_ml(sphere.radius_mm - 0.5) == pytest.approx(15.0)
    assert BalloonSphere.holding(15.0, (0, 0, 0)).radius_mm == pytest.approx(15.299, abs=5e-4)


def test_the_activity_is_decayed_from_the_assay_to_the_filling(balloon_plan: PlanMaker) -> None:
    plan = balloon_plan(assayed=hours(-59.4 * 24), activity_mbq=1000.0)
    assert plan.activity_at_filling_mbq == pytest.approx(500.0)
    assert balloon_plan(assayed=hours(-9.7 * 24), activity_mbq=1000.0, half_life_days=9.7).activity_at_filling_mbq == (
        pytest.approx(500.0)
    )


def test_interruptions_are_taken_off_the_dwell_time(balloon_plan: PlanMaker) -> None:
    plan = balloon_plan(interruptions=(Interruption(hours(10), hours(22)),))
    assert plan.dwell_days == pytest.approx(balloon_plan().dwell_days - 0.5)
    assert plan.hours_at_first_rate < balloon_plan().hours_at_first_rate - 11.5


def test_removal_and_activity_are_found_for_the_prescription(balloon_plan: PlanMaker) -> None:
    plan = balloon_plan().with_removal_for(52.3)
    assert plan.dwell_days * 24 == pytest.approx(118.05, abs=0.005)
    stronger = plan.with_activity_for(26.15)  # half of the rate that is wanted
    assert stronger.activity_mbq == pytest.approx(2 * plan.activity_mbq, rel=1e-5)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"activity_mbq": 0.0}, r"contained activity is 0 MBq; give a positive number"),
        ({"prescription_gy": -60.0}, r"prescription is -60 Gy"),
        ({"prescription_depth_mm": 0.0}, r"prescription's depth is 0 mm"),
        ({"wall_mm": -0.3}, r"wall is -0\.3 mm; give 0 or more"),
        ({"wall_mm": 10.0}, r"a wall of 10 mm leaves no liquid in a balloon of 20 mm"),
        ({"fill_volume_ml": 0.0}, r"fill volume is 0 mL"),
        ({"filled": hours(-5), "assayed": hours(-4)}, r"filled at 2026-03-02 05:00, before the assay at 2026-03-02 06"),
        ({"removed": hours(-1)}, r"removed at 2026-03-02 09:00, not after filling"),
        ({"name": " "}, "has no name"),
        ({"balloon": " "}, "has no balloon"),
        ({"balloon_model": "25 mm"}, "no balloon model '25 mm': choose one of 20 mm, 30 mm, 40 mm"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(balloon_plan: PlanMaker, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PlanError, match=sentence):
        balloon_plan(**changed)


def test_an_unknown_liquid_is_refused_when_the_plan_is_made(balloon_plan: PlanMaker) -> None:
    with pytest.raises(SourceError, match="no liquid source 'iotrax'"):
        balloon_plan(liquid="iotrax")


@pytest.mark.parametrize(
    ("diameter_mm", "centre_mm", "sentence"),
    [(0.0, (0, 0, 0), "diameter is 0 mm"), (20.0, (0, 0, float("nan")), "give three finite numbers")],
)
def test_a_sphere_that_cannot_be_is_refused(
    diameter_mm: float, centre_mm: tuple[float, float, float], sentence: str
) -> None:
    with pytest.raises(PlanError, match=sentence):
        BalloonSphere(centre_mm, diameter_mm)


def test_the_fallback_is_said_as_a_stand_in(balloon_plan: PlanMaker) -> None:
    plan = balloon_plan(liquid="iotrex_6702_fallback")
    assert "6702" in plan.surrogate_for
    assert "6702" in plan.dose_description
    assert not balloon_plan().surrogate_for


@pytest.fixture
def every_field(balloon_plan: PlanMaker) -> BalloonPlan:
    return balloon_plan(
        balloon="Ballon é",
        interruptions=(Interruption(hours(10), hours(22)),),
        wall_mm=0.3,
        half_life_days=9.7,
        fill_volume_ml=14.2,
        balloon_model="30 mm",
        recovered_mbq=5000.0,
        barriers=("Skull", "Ventricles"),
        gaps=("Air",),
        notes="a note",
    )


def test_a_plan_is_read_back_as_it_was_written(
    tmp_path: Path, balloon_plan: PlanMaker, every_field: BalloonPlan
) -> None:
    for plan in (balloon_plan(), every_field):
        assert read_balloon(write_balloon(plan, tmp_path / "balloon.json")) == plan


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("schema", 2, r"balloon\.json is of schema 2, this version reads schema 1"),
        ("activity_mbq_contained", "many", r"'activity_mbq_contained' is 'many', expected a number"),
        ("wall_mm", -1, r"balloon\.json: Plan 'Plan': the wall is -1 mm"),
        ("balloon", {"centre_ras_mm": [0, 0, 0]}, "balloon: 'diameter_mm' is missing"),
        ("filled", "yesterday", "'filled' is 'yesterday', expected a time"),
        ("baloon_model", "30 mm", "'baloon_model' is not known; did you mean 'balloon_model'"),
    ],
)
def test_a_damaged_file_is_refused_with_its_field(
    tmp_path: Path, balloon_plan: PlanMaker, key: str, value: object, sentence: str
) -> None:
    path = write_balloon(balloon_plan(), tmp_path / "balloon.json")
    fields = json.loads(path.read_text(encoding="utf-8")) | {key: value}
    if key == "baloon_model":
        del fields["balloon_model"]
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputFileError, match=sentence):
        read_balloon(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, balloon_plan: PlanMaker) -> None:
    with pytest.raises(InputFileError, match=r"cannot be written to balloon\.json: No such file"):
        write_balloon(balloon_plan(), tmp_path / "none" / "balloon.json")
