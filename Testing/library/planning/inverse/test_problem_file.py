"""Problems in files: what is written is read again, and a damaged file is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure
from brachyresponse.planning import ImplantPlan, PlanAnatomy, PlanRoles, Template, parse_limit
from brachyresponse.planning.inverse import (
    FanTracks,
    ImplantProblem,
    Loading,
    Locked,
    NeedleTracks,
    ParallelTracks,
    PlanDetails,
    SeedPlacement,
    TemplateTracks,
)
from brachyresponse.planning.inverse.problem_file import read_problem, write_problem
from brachyresponse.sources import load_source

TEMPLATE = TemplateTracks(Template((0, 0, 1), (5.0, 5.0), (1.0, 2.0, 3.0), origin_hole="D4"), entry_distance_mm=40.0)
PARALLEL = ParallelTracks((1.0, 2.0, -0.5), pitch_mm=9.0, cone_deg=30.0, directions=5)
FAN = FanTracks(np.array([[0.0, 60.0, 1.0], [0.0, 61.0, 9.0]]), needles_per_entry=3, opening_mm=7.0)


@pytest.fixture
def problem(box: Callable[..., Structure], ball: Callable[..., Structure], a_plan: ImplantPlan) -> ImplantProblem:
    """A problem in which nothing is at its default."""
    parts = [ball("GTV", 8.0), box("Vein", (12, -9, -9), (15, 9, 9)), box("Body", (-20, -20, -20), (20, 20, 20))]
    limits = (parse_limit("Vein:D0.1cc<=61.23456789Gy"), parse_limit("GTV:V150<=50%"))
    roles = PlanRoles(gtv="GTV", body="Body", organs=("Vein",), avoid=("Vein",), limits=limits)
    return ImplantProblem(
        anatomy=PlanAnatomy({part.name: part for part in parts}, roles),
        source=load_source("amersham_6711").as_surrogate_for("another seed"),
        strengths_u=(0.5, 1 / 3),
        prescription_gy=120.1,
        tracks=TEMPLATE,
        placement=SeedPlacement(7.5, Loading.STRANDED, -1.0, 8.0, 2.0, 9, 44),
        weights="spare_organs",
        limit_weights={"GTV:V150<=50%": 0.3},
        target_margin_mm=1.5,
        locked=Locked(a_plan.needles[:1], a_plan.seeds.select([0, 1]), frozenset({1})),
        start=a_plan,
        random_seed=17,
        moves=123,
        details=PlanDetails("A plan", "PAT-1", "1.2.3", datetime(2026, 3, 1, 14, 5, 6), date(2026, 3, 6)),
    )


def as_plain(value: Any) -> Any:
    """A value that can be compared: dataclasses as dictionaries, arrays as lists."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.tolist()
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(as_plain(item) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return {item.name: as_plain(getattr(value, item.name)) for item in fields(value) if item.init}
    return value


@pytest.mark.parametrize("tracks", [TEMPLATE, PARALLEL, FAN], ids=["template", "parallel", "fan"])
def test_a_problem_is_read_as_it_was_written(problem: ImplantProblem, tracks: NeedleTracks, tmp_path: Path) -> None:
    written = replace(problem, tracks=tracks)
    found = read_problem(write_problem(written, tmp_path / "problem"))
    assert as_plain(found) == as_plain(written)


def test_a_problem_without_a_start_and_with_nothing_locked_is_read_again(
    problem: ImplantProblem, tmp_path: Path
) -> None:
    found = read_problem(write_problem(replace(problem, start=None, locked=Locked()), tmp_path))
    assert found.start is None
    assert found.locked.needles == ()
    assert found.locked.seeds.count == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "problem.json is of schema 2"),
        ({"prescription_gy": 0}, "problem.json: The prescription is 0 Gy"),
        ({"strengths_u": []}, "No strength of a seed is given"),
        ({"tracks": {"kind": "spiral"}}, "'kind' is 'spiral', expected template, parallel, fan"),
        ({"tracks": {"kind": "fan", "entries_mm": [[0, "a", 1]]}}, "'entries_mm' is not an array of numbers"),
        ({"weights": {"underdos": 1}}, "weights: 'underdos' is not known; did you mean 'underdose'"),
        ({"structures": [{"name": "GTV", "shape_kji": [2, 2, 2], "first_kji": [0, 0, 0]}]}, "'ijk_to_ras' is missing"),
    ],
)
def test_a_damaged_problem_is_refused(
    problem: ImplantProblem, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    file = write_problem(problem, tmp_path) / "problem.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputFileError, match=message):
        read_problem(tmp_path)


def test_voxels_that_do_not_fit_or_cannot_be_read_are_refused(problem: ImplantProblem, tmp_path: Path) -> None:
    write_problem(problem, tmp_path)
    np.savez(tmp_path / "structures.npz", **{"0": np.ones((200, 2, 2), bool)})
    with pytest.raises(InputFileError, match=r"structures 1: its voxels in structures\.npz are missing or do not fit"):
        read_problem(tmp_path)
    (tmp_path / "structures.npz").write_bytes(b"no archive")
    with pytest.raises(InputFileError, match=r"structures\.npz cannot be read"):
        read_problem(tmp_path)
    (tmp_path / "structures.npz").unlink()
    with pytest.raises(InputFileError, match=r"structures\.npz cannot be read: No such file"):
        read_problem(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(problem: ImplantProblem, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputFileError, match="cannot be written to taken"):
        write_problem(problem, tmp_path / "taken")
