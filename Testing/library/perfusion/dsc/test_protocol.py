"""Which row of the consensus a scan matches, and what is said when it matches none."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.perfusion.dsc import match_dsc_protocol, protocol_rows
from brachyresponse.perfusion.series import Acquisition

TIME_S = 1.3 * np.arange(130)
PRELOAD = {"te_s": 0.03, "flip_angle_deg": 60.0, "field_strength_t": 3.0, "dose_mmol_per_kg": 0.1}
BEST = Acquisition(**PRELOAD, preload_dose_mmol_per_kg=0.1)


@pytest.mark.parametrize(("field_t", "te_s"), [(3.0, 0.020), (3.0, 0.035), (2.89, 0.03), (1.5, 0.040), (1.494, 0.05)])
@pytest.mark.parametrize(
    ("preload", "flip_deg", "row"), [(0.1, 60, "preload_flip_60"), (0.0, 30, "single_dose_flip_30")]
)
def test_a_consensus_scan_matches_its_row(
    field_t: float, te_s: float, preload: float, flip_deg: float, row: str
) -> None:
    scan = Acquisition(
        te_s=te_s,
        flip_angle_deg=flip_deg,
        field_strength_t=field_t,
        dose_mmol_per_kg=0.1,
        preload_dose_mmol_per_kg=preload,
    )
    match = match_dsc_protocol(scan, 130, TIME_S)
    assert match.row is not None
    assert match.row.id == row
    assert "Boxerman et al. 2020" in match.sentences[0]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("flip_angle_deg", 90.0, "flip angle 90°, expected 60°"),
        ("te_s", 0.045, "echo time 45 ms, expected 20 to 35 ms at 3 T"),
        ("field_strength_t", 7.0, "no echo time is recommended at 7 T, only at 1.5 and 3 T"),
        ("preload_dose_mmol_per_kg", 0.05, "preload 0.05 mmol/kg, expected a full dose of 0.1 mmol/kg"),
        ("dose_mmol_per_kg", 0.05, "bolus 0.05 mmol/kg, expected a full dose"),
        ("flip_angle_deg", None, "the flip angle is not known, enter it"),
        ("te_s", None, "the echo time is not known, enter it"),
        ("field_strength_t", None, "the field strength is not known, enter it"),
        ("preload_dose_mmol_per_kg", None, "the dose before the bolus is not known, enter it"),
        ("dose_mmol_per_kg", None, "the dose of the bolus is not known, enter it"),
    ],
)
def test_a_scan_that_matches_no_row_hears_why(name: str, value: float | None, why: str) -> None:
    match = match_dsc_protocol(BEST.with_value(name, value), 130, TIME_S)
    assert match.row is None
    assert match.sentences[0] == "The scan matches no row of the consensus on DSC."
    assert why in match.sentences[1]
    assert len(match.sentences) >= 1 + len(protocol_rows())


def test_the_other_row_is_told_apart_by_the_preload() -> None:
    match = match_dsc_protocol(BEST.with_value("flip_angle_deg", 30.0), 130, TIME_S)
    assert match.row is None
    assert "preload 0.1 mmol/kg, expected none" in match.sentences[2]


def test_what_is_not_verified_is_labelled_and_never_decides() -> None:
    match = match_dsc_protocol(BEST, 60, 2.0 * np.arange(60), baseline_frames=10)
    assert match.row is not None
    said = match.sentences[1:]
    assert len(said) == 3
    assert all("recommendation not verified): not met." in each for each in said)
    assert any("Frames: 60; recommended: at least 120 frames" in each for each in said)


def test_a_long_series_with_a_long_baseline_meets_the_recommendations() -> None:
    said = match_dsc_protocol(BEST, 130, TIME_S, baseline_frames=40).sentences[1:]
    assert all(each.endswith(": met.") for each in said)
