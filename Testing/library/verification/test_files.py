"""A verification written to files and read again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid
from brachyresponse.planning import load_profile, parse_limit
from brachyresponse.seeds import DetectedSeeds, Origin, RejectedCandidate, RejectionReason
from brachyresponse.verification import (
    CARRIED_STAMP,
    OedemaModel,
    Verification,
    read_detected,
    read_verification,
    record_of,
    verify_implant,
    write_verification,
)
from brachyresponse.verification.record_text import record_text

FILES = {
    "verification.json", "detected.json", "seeds.csv", "metrics.csv", "dvh.csv", "findings.csv", "organ_limits.csv",
    "cold_regions.csv", "near_organs.csv", "axes.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def eventful(request_of: Callable, plan_of: Callable, shift: Callable, anatomy_of: Callable) -> Verification:
    """An implant on a carried target with a missing, an extra and a migrated seed, near an organ, with oedema."""
    places = shift(plan_of().seeds.select(slice(1, 23)), 1.0, 0.0, 0.0).positions_mm.copy()
    places[0] = [50.0, 0.0, 0.0]
    places[1] = [0.0, -15.0, 0.0]
    count = len(places)
    rejected = RejectedCandidate(np.array([1.0, 2, 3]), np.array([0, 0, 1.0]), 0.2, 0.1, RejectionReason.BRIGHTER)
    found = DetectedSeeds(
        places, np.tile([0.0, 1.0, 0.0], (count, 1)), np.linspace(0.5, 1, count), np.linspace(0.3, 0.9, count),
        (Origin.MANUAL, *(Origin.DETECTED,) * (count - 1)), (rejected,), ("a warning of the finder",),
    )  # fmt: skip
    return verify_implant(
        request_of(
            plan=plan_of(prescription_gy=240.0),
            found=found,
            plan_anatomy=anatomy_of(limits=(parse_limit("Cord:D0.1cc<=10Gy"),)),
            implant_anatomy=None,
            profile=load_profile("neck_node"),
            oedema=OedemaModel(0.5),
            scan_date=date(2026, 3, 7),
            implant_grid=Grid.covering([-24, -24, -24], [24, 24, 24], 2.0),
        )
    )


@pytest.fixture(scope="module")
def folder(eventful: Verification, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was written."""
    path = tmp_path_factory.mktemp("verified") / "case"
    assert {written.name for written in write_verification(eventful, path)} == FILES
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_written_is_read_again(eventful: Verification, folder: Path) -> None:
    read, kept = read_verification(folder), record_of(eventful)
    assert record_text(read) == record_text(kept)
    assert (read.metrics, read.seeds, read.oedema) == (kept.metrics, kept.seeds, kept.oedema)
    assert read.displacement == kept.displacement
    assert read_verification(folder / "verification.json").target == "GTV"


def test_every_value_is_in_the_file_with_schema_stamps_and_methods(eventful: Verification, folder: Path) -> None:
    fields = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
    assert fields["schema"] == 1
    assert fields["target_stamp"] == CARRIED_STAMP
    assert (fields["days_after_implant"], fields["scan_date"]) == (1, "2026-03-07")
    assert fields["seeds"]["planned"] == 23
    assert len(fields["seeds"]["missing"]) == 23 - fields["seeds"]["paired"]
    for kind in ("metrics", "organ_limits", "cold_regions", "near_organs", "axis_effects"):
        assert fields[kind]
        assert {row["stamp"] for row in fields[kind]} == {CARRIED_STAMP}
    d90 = next(row for row in fields["metrics"] if row["id"] == "d90")
    assert d90["difference"] == pytest.approx(d90["implant"] - d90["plan"])
    assert any("TG-43U1" in sentence for sentence in fields["methods"])
    assert any("seeds never register anything" in sentence for sentence in fields["methods"])
    assert any("Oedema model (an assumption" in sentence for sentence in fields["methods"])


def test_seeds_are_counted_from_one_in_files(eventful: Verification, folder: Path) -> None:
    fields = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
    assert [seed["seed"] for seed in fields["migrated"]] == [1]
    assert [seed.seed for seed in read_verification(folder).migrated] == [0]


def test_the_seed_table_has_each_seed_once(eventful: Verification, folder: Path) -> None:
    rows = rows_of(folder / "seeds.csv")
    states = [row["state"] for row in rows]
    match = eventful.match
    assert [states.count(state) for state in ("paired", "missing", "extra")] == [
        match.count, len(match.missing), len(match.extra),
    ]  # fmt: skip
    assert sorted(int(row["planned seed"]) for row in rows if row["planned seed"]) == list(range(1, 24))
    assert sorted(int(row["found seed"]) for row in rows if row["found seed"]) == list(range(1, 23))
    (strayed,) = [row for row in rows if "may have migrated" in row["remarks"]]
    assert (strayed["state"], strayed["found seed"], strayed["origin"]) == ("extra", "1", "manual")
    assert strayed["dose computed with"] == "point source"


def test_the_metric_table_stamps_every_row_and_has_the_oedema_apart(folder: Path) -> None:
    rows = rows_of(folder / "metrics.csv")
    assert {row["stamp"] for row in rows} == {CARRIED_STAMP}
    d90 = next(row for row in rows if row["metric"] == "D90")
    assert float(d90["implant with oedema model"]) > float(d90["implant"])
    assert float(d90["difference"]) == pytest.approx(float(d90["implant"]) - float(d90["plan"]), abs=2e-3)  # six digits


def test_the_histograms_name_what_was_carried(folder: Path) -> None:
    columns = list(rows_of(folder / "dvh.csv")[0])
    assert "plan GTV (%)" in columns
    assert f"implant GTV (%; {CARRIED_STAMP})" in columns


def test_an_organs_limit_shows_plan_and_implant(folder: Path) -> None:
    (row,) = rows_of(folder / "organ_limits.csv")
    assert (row["limit"], row["result"]) == ("Cord:D0.1cc<=10Gy", "fail")
    assert float(row["plan"]) > 0


class TestFoundSeedsInFiles:
    def test_they_come_back_with_confidences_and_origins(self, eventful: Verification, folder: Path) -> None:
        found, read = eventful.request.found, read_detected(folder / "detected.json")
        np.testing.assert_array_equal(read.positions_mm, found.positions_mm)
        np.testing.assert_array_equal(read.axis_confidence, found.axis_confidence)
        assert (read.origins, read.warnings) == (found.origins, found.warnings)
        assert read.rejected[0].reason is RejectionReason.BRIGHTER

    def test_each_has_the_keys_of_a_planned_seed_and_its_partner(self, eventful: Verification, folder: Path) -> None:
        seeds = json.loads((folder / "detected.json").read_text(encoding="utf-8"))["seeds"]
        plan_keys = {"position_ras_mm", "direction_ras", "air_kerma_strength_u", "needle", "axis_known"}
        assert plan_keys | {"confidence", "axis_confidence", "origin", "planned_seed"} == set(seeds[0])
        assert (seeds[0]["planned_seed"], seeds[0]["needle"]) == (None, 0)
        partners = {planned + 1 for planned, _ in eventful.match.pairs}
        assert {seed["planned_seed"] for seed in seeds} - {None} == partners

    def test_a_seed_written_by_hand_is_sure(self, tmp_path: Path) -> None:
        seed = {"position_ras_mm": [1, 2, 3], "direction_ras": [0, 0, 2]}
        path = tmp_path / "detected.json"
        path.write_text(json.dumps({"schema": 1, "seeds": [seed, {**seed, "axis_known": False}]}), encoding="utf-8")
        read = read_detected(path)
        assert read.origins == (Origin.MANUAL, Origin.MANUAL)
        np.testing.assert_array_equal(read.confidence, [1, 1])
        np.testing.assert_array_equal(read.axis_confidence, [1, 0])
        np.testing.assert_array_equal(read.directions, [[0, 0, 1], [0, 0, 1]])

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"confidence": 1.5}, "seeds 1: 'confidence' is 1.5, expected a number from 0 to 1"),
            ({"direction_ras": [0, 0, 0]}, "seeds 1: 'direction_ras' is .*expected the axis as a vector with length"),
            ({"position_ras_mm": [0, 0]}, "'position_ras_mm' is .*expected three numbers"),
            ({"origin": "guessed"}, "'origin' is 'guessed', expected one of planned, manual, detected"),
        ],
    )
    def test_a_seed_that_cannot_be_is_refused_by_file_and_field(
        self, change: dict, message: str, tmp_path: Path
    ) -> None:
        seed = {"position_ras_mm": [1, 2, 3], "direction_ras": [0, 0, 1]} | change
        path = tmp_path / "detected.json"
        path.write_text(json.dumps({"schema": 1, "seeds": [seed]}), encoding="utf-8")
        with pytest.raises(InputFileError, match=f"detected.json.*{message}"):
            read_detected(path)


class TestDamagedFiles:
    @pytest.fixture
    def changed(self, folder: Path, tmp_path: Path) -> Callable[..., Path]:
        def change(**fields: object) -> Path:
            known = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
            path = tmp_path / "verification.json"
            path.write_text(json.dumps(known | fields), encoding="utf-8")
            return path

        return change

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"schema": 2}, "is of schema 2, this version reads schema 1"),
            ({"prescription_gy": "much"}, "'prescription_gy' is 'much', expected a number"),
            ({"metrics": [{"role": "ctv"}]}, "metrics 1: 'role' is 'ctv', expected one of gtv, ptv"),
            ({"seeds": 4}, "'seeds' is 4, expected an object"),
            ({"methods": [1]}, r"'methods' is \[1\], expected a list of texts"),
            ({"oedema": {"swelling": -1, "half_life_days": 1, "exponent": 2}}, "oedema's swelling is -1"),
        ],
    )
    def test_they_are_refused_by_file_and_field(self, fields: dict, message: str, changed: Callable) -> None:
        with pytest.raises(InputFileError, match=f"verification.json.*{message}"):
            read_verification(changed(**fields))

    def test_a_folder_without_a_verification_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InputFileError, match=r"verification.json cannot be read"):
            read_verification(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(eventful: Verification, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"cannot be written: .*choose another folder"):
        write_verification(eventful, blocked)


def test_what_is_not_known_is_null_and_blank(eventful: Verification, tmp_path: Path) -> None:
    nameless = replace(eventful, request=replace(eventful.request, scan_date=None, oedema=None))
    write_verification(nameless, tmp_path)
    read = read_verification(tmp_path)
    assert (read.scan_date, read.share_delivered, read.days_after_implant, read.oedema) == (None, None, None, None)
