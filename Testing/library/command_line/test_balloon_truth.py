"""True figures of a balloon that was made: read as written, and set beside what was found."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from brachyresponse.command_line.balloon_truth import KEYS, read_balloon_truth, truth_rows, write_balloon_truth
from brachyresponse.digital_patient.gliasite import Balloon, GliaSiteTreatment, GliaSiteTruth
from brachyresponse.errors import InputFileError
from brachyresponse.planning.balloon import LeakageBalance
from brachyresponse.report.balloon_truth import balloon_truth_section


@pytest.fixture
def truth() -> GliaSiteTruth:
    return GliaSiteTruth.of(Balloon(), GliaSiteTreatment())


def found(leakage: LeakageBalance | None) -> SimpleNamespace:
    """What the rows read of an evaluation: a balloon 2 % too large, a dose 1 % too high."""
    plan = SimpleNamespace(prescription_depth_mm=10.0, activity_at_filling_mbq=10472.3, dwell_days=4.91666667)
    return SimpleNamespace(
        plan=plan,
        leakage=leakage,
        sectors=[SimpleNamespace(gap_mm=2.2), SimpleNamespace(gap_mm=0.0)],
        shape=SimpleNamespace(liquid_ml=15.3),
        sphericity=0.998,
        dose_at_depth_gy=60.9,
        surface_dose_gy=272.6,
    )


def test_the_truth_is_read_as_it_was_written(truth: GliaSiteTruth, tmp_path: Path) -> None:
    write_balloon_truth(truth.as_record(), tmp_path / "truth.json")
    assert read_balloon_truth(tmp_path / "truth.json") == dict(truth.as_record())
    assert set(truth.as_record()) == set(KEYS)


def test_each_figure_stands_beside_its_truth(truth: GliaSiteTruth) -> None:
    rows = {row.quantity: row for row in truth_rows(found(LeakageBalance(1000.0, 985.0)), truth.as_record())}
    assert rows["Liquid in the balloon (mL)"].apart == "+2.0 %"
    assert rows["Dose at 10 mm, of the equal sphere (Gy)"].apart == "+1.0 %"
    assert rows["Dwell time (h)"].result == "118.0"
    assert (rows["Thickest gap (mm)"].truth, rows["Thickest gap (mm)"].result) == ("2.5", "2.2")
    assert rows["Activity unaccounted for (%)"].apart == "+0.30"
    assert "Truth beside result" in balloon_truth_section(tuple(rows.values()))
    assert not balloon_truth_section(())


def test_what_is_not_known_is_said_and_not_compared(truth: GliaSiteTruth) -> None:
    row = truth_rows(found(None), truth.as_record())[-1]
    assert (row.result, row.apart) == ("not known", "")


def test_a_file_without_a_figure_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text('{"schema": 1, "volume_ml": 15}')
    with pytest.raises(InputFileError, match=r"truth.json: 'sphericity' is missing"):
        read_balloon_truth(tmp_path / "truth.json")
