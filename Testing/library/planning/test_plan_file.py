from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brachyresponse.errors import InputFileError
from brachyresponse.planning import ActivityBasis, ImplantPlan, Needle, read_plan, write_plan
from brachyresponse.planning.plan_file import plan_fields
from brachyresponse.seeds import Seeds

coordinates = st.tuples(*[st.floats(-1e3, 1e3)] * 3)
vectors = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)
words = st.text(max_size=20)
names = words.filter(lambda text: text.strip())
moments = st.datetimes(timezones=st.none() | st.just(UTC))
days = st.dates()


@st.composite
def needles_and_seeds(draw: st.DrawFn) -> tuple[tuple[Needle, ...], Seeds]:
    numbers = draw(st.lists(st.integers(1, 99), unique=True, max_size=4))
    needles = [(n, np.array(draw(coordinates)), np.array(draw(vectors)), draw(words)) for n in numbers]
    made = tuple(Needle(n, entry, entry + 50 * direction, hole) for n, entry, direction, hole in needles)
    count = draw(st.integers(0, 5))
    seeds = Seeds(
        np.array([draw(coordinates) for _ in range(count)]).reshape(-1, 3),
        np.array([draw(vectors) for _ in range(count)]).reshape(-1, 3),
        np.array([draw(st.floats(1e-3, 10)) for _ in range(count)]),
        np.array([draw(st.booleans()) for _ in range(count)], bool),
        np.array([draw(st.sampled_from([0, *numbers])) for _ in range(count)], int),
    )
    return made, seeds


plans = st.builds(
    lambda implant, **fields: ImplantPlan(needles=implant[0], seeds=implant[1], **fields),
    implant=needles_and_seeds(),
    name=names,
    patient_id=words,
    frame_of_reference_uid=words,
    created=moments,
    implant_date=days,
    planning_image_date=st.none() | days,
    target=names,
    source=names,
    surrogate_for=words,
    activity_basis=st.sampled_from(ActivityBasis),
    prescription_gy=st.floats(0.1, 1e4),
    notes=words,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(plans)
def test_a_plan_comes_back_from_its_file_as_it_was(tmp_path: Path, plan: ImplantPlan) -> None:
    assert read_plan(write_plan(plan, tmp_path / "plan.json")) == plan


def test_the_file_holds_the_documented_keys(a_plan: ImplantPlan, tmp_path: Path) -> None:
    data = json.loads(write_plan(a_plan, tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert data["schema"] == 1
    assert data["created"] == "2026-03-01T14:05:00"
    assert data["implant_date"] == "2026-03-06"
    assert (data["target"], data["source"], data["prescription_gy"]) == ("GTV", "amersham_6711", 120.0)
    assert data["seeds"][0] == {
        "position_ras_mm": [-10.0, 5.0, 0.0],
        "direction_ras": [0.0, -1.0, 0.0],
        "air_kerma_strength_u": 0.6,
        "needle": 1,
        "axis_known": True,
    }
    assert data["needles"][2] == {
        "number": 3,
        "hole": "",
        "entry_ras_mm": [10.0, 50.0, 0.0],
        "tip_ras_mm": [10.0, -50.0, 0.0],
    }


def test_a_file_with_the_required_keys_only_is_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(  # with the mark that some editors put before UTF-8
        '\ufeff{"schema": 1, "patient_id": "P", "frame_of_reference_uid": "1.2", "created": "2026-03-01T14:05:00Z", '
        '"implant_date": "2026-03-06", "target": "PTV", "source": "amersham_6711", "prescription_gy": 145, '
        '"seeds": [{"position_ras_mm": [0, 0, 5], "direction_ras": [0, 0, 2], '
        '"air_kerma_strength_u": 0.5, "needle": 1}], '
        '"needles": [{"entry_ras_mm": [0, 0, -50], "tip_ras_mm": [0, 0, 10]}], "made_by": "another program"}',
        encoding="utf-8",
    )
    plan = read_plan(path)
    assert (plan.seeds.count, plan.needles[0].number, plan.activity_basis) == (1, 1, "apparent")
    assert plan.created == datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
    assert plan.planning_image_date is None
    np.testing.assert_array_equal(plan.seeds.directions, [[0, 0, 1]])


@pytest.fixture
def file_with(a_plan: ImplantPlan, tmp_path: Path) -> Callable[..., Path]:
    """A plan's file after a change of its fields."""

    def write(change: Callable[[dict], object]) -> Path:
        fields = plan_fields(a_plan)
        change(fields)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(fields))
        return path

    return write


def put(*place: str | int, value: object) -> Callable[[dict], object]:
    def change(fields: dict) -> None:
        *path, last = place
        for step in path:
            fields = fields[step]
        fields[last] = value

    return change


def take(*place: str | int) -> Callable[[dict], object]:
    def change(fields: dict) -> None:
        *path, last = place
        for step in path:
            fields = fields[step]
        del fields[last]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (take("prescription_gy"), r"changed.json: 'prescription_gy' is missing; give a number"),
        (
            lambda f: f.update(presription_gy=f.pop("prescription_gy")),
            "'presription_gy' .* did you mean 'prescription_gy'",
        ),
        (lambda f: f.update(sourc=f.pop("source")), "'sourc' is not known; did you mean 'source'"),
        (put("schema", value=2), "is of schema 2, this version reads schema 1"),
        (put("schema", value="1"), "'schema' is '1', expected a whole number"),
        (put("prescription_gy", value="145"), "'prescription_gy' is '145', expected a number"),
        (put("prescription_gy", value=True), "'prescription_gy' is True, expected a number"),
        (put("prescription_gy", value=-5), "prescription is -5.0 Gy; give a positive dose"),
        (put("prescription_gy", value=float("nan")), "'prescription_gy' holds nan, expected a finite number"),
        (put("prescription_gy", value=float("inf")), "'prescription_gy' holds inf"),
        (put("implant_date", value="06.03.2026"), "'implant_date' is '06.03.2026', expected a date such as 2026-01-31"),
        (put("implant_date", value="2026-02-30"), "'implant_date' is '2026-02-30'"),
        (put("created", value="yesterday"), "'created' is 'yesterday', expected a time such as"),
        (put("activity_basis", value="real"), "'activity_basis' is 'real', expected one of apparent, contained"),
        (put("target", value=""), "has no target"),
        (put("seeds", value={}), r"'seeds' is \{\}, expected a list"),
        (put("seeds", 2, value=5), "seeds 3 is 5, expected an object"),
        (take("seeds", 1, "position_ras_mm"), "changed.json: seeds 2: 'position_ras_mm' is missing"),
        (put("seeds", 1, "position_ras_mm", value=[1, 2]), r"seeds 2: 'position_ras_mm' is \[1, 2\], expected three"),
        (put("seeds", 1, "position_ras_mm", value=[1, 2, "x"]), "seeds 2: 'position_ras_mm' .* expected three numbers"),
        (put("seeds", 1, "position_ras_mm", value=[1, 2, float("nan")]), "seeds 2: 'position_ras_mm' holds nan"),
        (put("seeds", 1, "air_kerma_strength_u", value=0), "changed.json: Seed 2 has an air-kerma strength of 0 U"),
        (put("seeds", 1, "air_kerma_strength_u", value=10**400), "'air_kerma_strength_u' holds 1000"),
        (put("seeds", 1, "direction_ras", value=[0, 0, 0]), "Seed 2 has a direction without length"),
        (put("seeds", 1, "needle", value=8), "seed 2 is on needle 8, which the plan does not have"),
        (put("seeds", 1, "needle", value=1.5), "seeds 2: 'needle' is 1.5, expected a whole number"),
        (put("seeds", 1, "needle", value=10**12), "expected a number up to 2147483647"),
        (put("seeds", 1, "axis_known", value="yes"), "seeds 2: 'axis_known' is 'yes', expected true or false"),
        (put("seeds", 1, "positions_ras_mm", value=[0, 0, 0]), None),
        (put("needles", 1, "tip_ras_mm", value=[0, 50, 0]), "changed.json: Needle 2 has its tip at its entry"),
        (put("needles", 1, "number", value=1), "Two needles have the number 1"),
        (lambda f: f["needles"][0].update(tip_mm=f["needles"][0].pop("tip_ras_mm")), "'tip_ras_mm' is missing"),
    ],
)
def test_a_damaged_file_is_refused_with_file_and_field(
    change: Callable, message: str | None, file_with: Callable[..., Path]
) -> None:
    path = file_with(change)
    if message is None:  # beside the right key a similar one is somebody else's
        assert read_plan(path).seeds.count == 7
        return
    with pytest.raises(InputFileError, match=message):
        read_plan(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "plan.json is not JSON: .* the file is damaged"),
        (b"[1, 2]", "plan.json holds list, expected an object"),
        (b"\xff\xfe\x00", "plan.json cannot be read"),
        (b"", "plan.json is not JSON"),
        (b"[" * 100_000, "plan.json is not JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=message):
        read_plan(path)


def test_files_that_cannot_be_read_or_written_are_named(a_plan: ImplantPlan, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"^nowhere\.json cannot be read: No such file or directory\.$"):
        read_plan(tmp_path / "nowhere.json")
    with pytest.raises(InputFileError, match=r"cannot be written to plan.json: No such file.*choose another folder"):
        write_plan(a_plan, tmp_path / "missing" / "plan.json")


def test_an_implant_time_is_kept_as_its_day(plan_of: Callable) -> None:
    assert plan_of((), Seeds.none(), implant_date=datetime(2026, 3, 6, 8)).implant_date == date(2026, 3, 6)
