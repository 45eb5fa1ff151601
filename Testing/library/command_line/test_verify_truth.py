"""What a verification got right, where the truth is known."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.command_line.truth_file import KnownTruth, read_truth, write_truth
from brachyresponse.command_line.verify_truth import true_seeds, truth_rows
from brachyresponse.errors import InputFileError
from brachyresponse.report.verification_truth import TruthRow, truth_section
from brachyresponse.verification import Verification
from parsed_html import text_of
from verified_implant import MISSING, SHIFT_MM, found_seeds, small_plan, small_verification

OFF_MM = 0.3
TURNED_DEG = 5.0


@pytest.fixture(scope="module")
def verification() -> Verification:
    return small_verification()


def known_truth(**changes: object) -> KnownTruth:
    """Every found seed but the stray one is true, 0.3 mm beside where it was found and turned by 5 degrees."""
    found = found_seeds(small_plan()).select(slice(0, 7))
    turn = np.deg2rad(TURNED_DEG)
    matrix = np.eye(4)
    matrix[:3, 3] = SHIFT_MM
    fields: dict[str, object] = {
        "positions_mm": found.positions_mm + [OFF_MM, 0, 0],
        "directions": np.tile([np.sin(turn), 0, -np.cos(turn)], (7, 1)),
        "planned": np.delete(np.arange(8), MISSING),
        "missing": frozenset({MISSING}),
        "migrated": frozenset(),
        "plan_to_implant": matrix,
    }
    return KnownTruth(**(fields | changes))


def row(rows: tuple[TruthRow, ...], quantity: str) -> TruthRow:
    return next(one for one in rows if one.quantity.startswith(quantity))


def test_seeds_found_missed_and_false_are_counted(verification: Verification) -> None:
    rows = truth_rows(verification, known_truth())
    assert row(rows, "Seeds") == TruthRow("Seeds", "7", "8 found", "missed: none; false: 8")
    missing = str(MISSING + 1)
    said = TruthRow("Missing planned seeds", f"{missing}; migrated: none", missing, "the same")
    assert row(rows, "Missing planned seeds") == said
    assert row(rows, "Migrated seeds").apart == "others"  # the stray seed is none
    pairs = row(rows, "Pairs of planned and found seeds")
    assert (pairs.truth, pairs.result) == ("7", "7, 7 right")


def test_a_seed_that_migrated_is_missing_where_it_was_planned(verification: Verification) -> None:
    truth = known_truth(missing=frozenset(), migrated=frozenset({6}), planned=np.array([0, 1, 2, 4, 5, 6, MISSING]))
    shown = row(truth_rows(verification, truth), "Missing planned seeds")
    assert (shown.truth, shown.apart) == (f"none; migrated: {MISSING + 1}", "the same")
    assert row(truth_rows(verification, truth), "Pairs of planned and found seeds").truth == "6"  # without the migrated


def test_errors_of_position_and_axis_are_those_that_were_made(verification: Verification) -> None:
    rows = truth_rows(verification, known_truth())
    assert row(rows, "Position").apart == "mean 0.30 mm, median 0.30 mm, largest 0.30 mm"
    assert row(rows, "Axis").apart == "mean 5.00 °, median 5.00 °, largest 5.00 °"


def test_the_registration_is_held_against_the_true_motion(verification: Verification) -> None:
    rows = truth_rows(verification, known_truth())
    assert row(rows, "Registration on bone").apart.startswith("mean 0.00 mm")
    assert row(rows, "Registration on bone").truth == f"moved by {np.linalg.norm(SHIFT_MM):.1f} mm"
    matrix = known_truth().plan_to_implant.copy()
    matrix[0, 3] += 2
    moved = truth_rows(verification, known_truth(plan_to_implant=matrix))
    assert row(moved, "Registration on bone").apart.startswith("mean 2.00 mm")
    assert float(re.search(r"mean ([\d.]+)", row(moved, "Displacement").apart)[1]) > 0.5


def test_the_dose_of_the_true_seeds_stands_beside_that_of_the_found_ones(verification: Verification) -> None:
    right = small_verification(found=true_seeds(verification, known_truth()))
    shown = row(truth_rows(verification, known_truth()), "D90 of PTV")
    d90 = right.metric("PTV", "d90")
    assert d90 is not None
    assert shown.truth == f"{d90.implant:.1f} Gy"
    assert shown.result == f"{verification.metric('PTV', 'd90').implant:.1f} Gy"


def test_truth_that_is_found_nowhere_has_nothing_to_compare(verification: Verification) -> None:
    rows = truth_rows(verification, known_truth(positions_mm=known_truth().positions_mm + 100))
    assert row(rows, "Position").apart == "nothing to compare"
    assert row(rows, "Seeds").apart == "missed: 1, 2, 3, 4, 5, 6, 7; false: 1, 2, 3, 4, 5, 6, 7, 8"


def test_the_section_says_that_the_image_was_made(verification: Verification) -> None:
    text = text_of(truth_section([TruthRow("Seeds", "7", "8 found", "false: 8"), TruthRow("Axis", "", "", "5 °")]))
    assert "A clinical image is harder" in text
    assert "Seeds 7 8 found false: 8 Axis – – 5 °" in text


def record() -> dict[str, object]:
    return {
        "seeds": [
            {"position_ras_mm": [1.0, 2, 3], "direction_ras": [0, 0, 1.0], "planned_index": 4, "migrated": True},
        ],
        "missing_planned_index": [2, 3],
        "plan_to_implant_ras": np.eye(4).tolist(),
    }


def test_truth_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_truth(record(), tmp_path / "truth.json")
    truth = read_truth(tmp_path / "truth.json")
    np.testing.assert_array_equal(truth.positions_mm, [[1, 2, 3]])
    assert truth.planned.tolist() == [4]
    assert (truth.missing, truth.migrated) == ({2, 3}, {0})
    np.testing.assert_array_equal(truth.plan_to_implant, np.eye(4))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seeds": []}, "holds 0 seeds"),
        ({"plan_to_implant_ras": [1.0]}, "1 numbers of a matrix, expected seeds and 16"),
        ({"missing_planned_index": "none"}, "'missing_planned_index' is 'none'"),
        ({"schema": 2}, "schema 2"),
    ],
)
def test_damaged_truth_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    write_truth(record(), tmp_path / "truth.json")
    fields = json.loads((tmp_path / "truth.json").read_text("utf-8")) | change
    (tmp_path / "truth.json").write_text(json.dumps(fields))
    with pytest.raises(InputFileError, match=re.escape(message)):
        read_truth(tmp_path / "truth.json")
