"""The schedules that are shipped say what their sources say; schedules of the user's own are read or refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.schedule import (
    Anchor,
    SeriesKind,
    available_schedules,
    load_protocol,
    load_schedule,
)
from reference import REFERENCE, needs_reference

OWN: dict[str, Any] = {
    "schema": 1,
    "id": "own",
    "title": "Own schedule",
    "source": "clinic's own",
    "tolerance_days": 7,
    "visits": [
        {"id": "first", "label": "First", "anchor": "implant", "months": 3, "imaging": ["CT"]},
        {
            "id": "later",
            "label": "Later",
            "anchor": "implant",
            "every_months": 6,
            "until_months": 12,
            "imaging": ["CT"],
        },
    ],
}


def write(folder: Path, **changes: Any) -> Path:
    path = folder / "own.json"
    path.write_text(json.dumps({**OWN, **changes}), encoding="utf-8")
    return path


def visit(**changes: Any) -> list[dict[str, Any]]:
    row = {"id": "x", "label": "X", "anchor": "implant", "months": 3, "imaging": ["CT"], **changes}
    return [{key: value for key, value in row.items() if value is not None}]


def test_the_schedules_of_both_studies_are_shipped() -> None:
    assert available_schedules() == ("gliasite", "i125_brain_example", "i125_neck_node")
    assert all(load_schedule(name).source and load_schedule(name).open_points for name in available_schedules())


def test_gliasite_counts_from_the_removal_of_the_source() -> None:
    schedule = load_schedule("gliasite")
    assert [visit.months for visit in schedule.visits] == [None, 1, 2, 4, 6, 8, 10, 12]
    assert schedule.anchors == (Anchor.SURGERY, Anchor.SOURCE_REMOVAL)
    assert schedule.tolerance_source == "tolerance of this software: the protocol gives none"


@needs_reference("response", "followup_schedule.json")
def test_gliasite_agrees_with_the_reference() -> None:
    reference = json.loads((REFERENCE / "response" / "followup_schedule.json").read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in reference["schedule"]}
    schedule = load_schedule("gliasite")
    post_op, baseline, *first_year = schedule.visits
    assert (list(post_op.hours or ()), post_op.anchor, post_op.purpose) == (
        rows["post-op"]["hours"], rows["post-op"]["anchor"], rows["post-op"]["purpose"]
    )  # fmt: skip
    assert (baseline.months, baseline.anchor) == (rows["baseline"]["months"], rows["baseline"]["anchor"])
    every, until = rows["first-year"]["every_months"], rows["first-year"]["until_months"]
    assert [visit.months for visit in first_year] == list(range(every, until + 1, every))
    assert " and ".join(schedule.when_ambiguous) == rows["problem"]["imaging"]
    assert len(schedule.open_points) == len(reference["open_points"])


@needs_reference("response", "followup_schedule.json")
def test_the_mri_protocol_agrees_with_the_reference() -> None:
    reference = json.loads((REFERENCE / "response" / "followup_schedule.json").read_text(encoding="utf-8"))
    protocol = load_protocol("gliasite_mri")
    asked = {str(rule.kind): (list(rule.planes), list(rule.b_values)) for rule in protocol.sequences}
    assert asked.pop("ADC") == (["axial"], [])  # of the DWI, asked for in the text of the protocol
    assert asked == {row["sequence"]: (row["plane"], row.get("b_s_mm2", [])) for row in reference["standard_mri"]}
    assert protocol.max_slice_thickness_mm == reference["max_slice_thickness_mm"]
    assert protocol.advanced == (SeriesKind.PERFUSION, SeriesKind.SPECTROSCOPY)


def test_the_node_study_asks_for_ct_and_ultrasound_at_6_months() -> None:
    (only,) = load_schedule("i125_neck_node").visits
    assert (only.anchor, only.months, only.imaging) == (Anchor.IMPLANT, 6, ("CT", "ultrasound"))


def test_a_schedule_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    schedule = load_schedule(write(tmp_path))
    assert [(each.id, each.months) for each in schedule.visits] == [("first", 3), ("later-6", 6), ("later-12", 12)]
    assert load_schedule(str(write(tmp_path))) == schedule


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, due: date) -> None:
    visits = {visit.months: visit for visit in load_schedule("gliasite").visits}
    assert visits[months].window(day, 14)[1] == due


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gliasit", "no schedule 'gliasit'; did you mean 'gliasite'"),
        ("x", "choose one of gliasite, i125_brain_example, i125_neck_node"),
    ],
)
def test_an_unknown_schedule_is_told_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        load_schedule(name)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tolerance": 7}, "'tolerance' is not known; did you mean 'tolerance_"),
        ({"tolerance_days": -1}, "'tolerance_days' is -1, expected 0 to 366"),
        ({"tolerance_days": 10_000}, "'tolerance_days' is 10000, expected 0 to 366"),
        ({"visits": visit() + visit(months=6)}, "the id 'x' is there twice"),
        ({"visits": visit(months=1_000_000)}, "'months' is 1000000, expected 0 to 1200"),
        ({"visits": visit(months=None, hours=[0, 1e300])}, r"'hours' is \[0.0, 1e\+300\], expected \[from, to\]"),
        (
            {"visits": visit(months=None, every_months=1, until_months=10_000_000)},
            "at least 1 and no less than that, up",
        ),
        ({"visits": []}, "'visits' is empty"),
        ({"visits": visit(anchor="radiation")}, "'anchor' is 'radiation', expected one of surgery"),
        ({"visits": visit(months=-1)}, "'months' is -1"),
        ({"visits": visit(month=3)}, "'month' is not known; did you mean 'months'"),
        ({"visits": visit(months=None)}, "time of the visit is given by none, expected one of"),
        ({"visits": visit(hours=[0, 48])}, "given by 'hours' and 'months'"),
        ({"visits": visit(months=None, hours=[48, 0])}, r"'hours' is \[48.0, 0.0\], expected \[from, to\]"),
        ({"visits": visit(months=None, every_months=6, until_months=3)}, "every 6 months until month 3"),
        ({"visits": visit(months=None, every_months=0, until_months=3)}, "every 0 months until month 3"),
        ({"visits": visit(months="3")}, "'months' is '3', expected a whole number"),
        ({"schema": 2}, "is of schema 2, this version reads schema 1"),
    ],
)
def test_a_wrong_schedule_is_refused_with_its_place(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=f"own.json.*{message}"):
        load_schedule(write(tmp_path, **changes))


def test_a_schedule_with_an_unknown_protocol_is_refused_when_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="no imaging protocol 'gliasite_mr'; did you mean 'gliasite_mri'"):
        load_schedule(write(tmp_path, protocol="gliasite_mr"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"nowhere\.json cannot be read"):
        load_schedule(tmp_path / "nowhere.json")
