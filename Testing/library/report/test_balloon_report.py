"""The report of a balloon plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from brachyresponse.pictures.balloon_pictures import balloon_pictures
from brachyresponse.planning import PlanAnatomy, PlanRoles
from brachyresponse.planning.balloon import (
    BalloonEvaluation,
    BalloonPlan,
    BalloonSphere,
    balloon_shape,
    evaluate_balloon,
    evaluation_grid,
    load_balloon_profile,
)
from brachyresponse.report.balloon_report import BalloonReport, balloon_report_html
from parsed_html import text_of

HOSTILE = "<script>alert('x')</script> & Co."
FILLED = datetime(2026, 3, 2, 10)
NOBODY = PlanAnatomy({}, PlanRoles())


@pytest.fixture(scope="module")
def evaluation() -> BalloonEvaluation:
    plan = BalloonPlan(
        patient_id=HOSTILE,
        frame_of_reference_uid="",
        created=FILLED,
        balloon=BalloonSphere((0, 0, 0), 20.0),
        activity_mbq=6179.0,
        assayed=FILLED,
        filled=FILLED,
        removed=datetime(2026, 3, 7, 8, 3),
        prescription_gy=60.0,
        prescription_depth_mm=10.0,
        fill_volume_ml=5.0,
        recovered_mbq=5500.0,
    )
    grid = evaluation_grid(plan, NOBODY, balloon_shape(plan, NOBODY), 2.0)
    return evaluate_balloon(plan, NOBODY, grid, profile=load_balloon_profile())


@pytest.fixture(scope="module")
def page(evaluation: BalloonEvaluation) -> str:
    return balloon_report_html(BalloonReport(evaluation, balloon_pictures(evaluation, NOBODY, None)))


def test_the_surface_dose_stands_beside_the_prescription(page: str) -> None:
    text = text_of(page)
    assert "60 Gy at 10 mm outside the balloon" in text
    assert "391 Gy, mean over the balloon's surface" in text
    assert "With 60.0 Gy at 10 mm the surface of the balloon gets 391 Gy, 6.50 times as much." in text


def test_activity_is_called_contained_and_time_is_said(page: str) -> None:
    text = text_of(page)
    assert "6179 MBq (167 mCi) contained" in text
    assert re.search(r"118\.[01] h \(4\.92 days\)", text)  # 118.05 h
    assert "1.313 U a mCi" in text


def test_what_was_assumed_is_said_and_no_organ_dose_is_given(page: str) -> None:
    text = text_of(page)
    assert "Dose is to water" in text
    assert "wall of the balloon was taken to be 0 mm thick" in text
    assert "no verified figure for bladder wall or thyroid was found" in text
    assert not re.search(r"(bladder|thyroid)[^.]*\d+(\.\d+)? m?Gy", text)


def test_sectors_rules_balance_and_charts_are_there(page: str) -> None:
    text = text_of(page)
    for part in ("Sectors of the surface", "Anterior", "Tatter 2003", "unaccounted for", "Dose against depth"):
        assert part in text
    assert page.count('class="chart"') == 2
    assert "There is no image, so that there are no slices." in text


def test_a_name_cannot_write_into_the_page(page: str) -> None:
    assert "<script" not in page
    assert HOSTILE in text_of(page)


def test_a_stand_in_and_a_broken_rule_are_said(evaluation: BalloonEvaluation) -> None:
    warned = replace(evaluation, warnings=("The dose was computed with a stand-in: 6702.",))
    text = text_of(balloon_report_html(BalloonReport(warned)))
    assert "The dose was computed with a stand-in: 6702." in text
    assert "rules and limits broken" in text
