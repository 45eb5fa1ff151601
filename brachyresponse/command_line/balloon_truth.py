"""True figures of a balloon that was made, beside what was found: ``truth.json``, schema 1.

One JSON object: ``schema`` (1), ``volume_ml``, ``sphericity``, ``activity_at_filling_mbq`` (contained), ``dwell_days``,
``dose_at_depth_gy`` and ``surface_dose_gy`` of the sphere that holds as much, ``gap_mm`` (thickest), and
``missing_percent`` of the activity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brachyresponse.planning.balloon import BalloonEvaluation
from brachyresponse.planning.record import read_record
from brachyresponse.report.verification_truth import TruthRow

SCHEMA = 1
HOURS_PER_DAY = 24.0
KEYS = (
    "volume_ml", "sphericity", "activity_at_filling_mbq", "dwell_days", "dose_at_depth_gy", "surface_dose_gy",
    "gap_mm", "missing_percent",
)  # fmt: skip


def write_balloon_truth(record: Mapping[str, Any], path: Path) -> None:
    """Write a record of the digital patient's truth."""
    path.write_text(json.dumps({"schema": SCHEMA, **record}, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_balloon_truth(path: Path) -> Mapping[str, float]:
    """Return what a file says is true, by the keys of :data:`KEYS`.

    Raises
    ------
    InputFileError
        The file cannot be read, or a field is missing or wrong.
    """
    record = read_record(path, SCHEMA)
    return {key: record.number(key) for key in KEYS}


def truth_rows(evaluation: BalloonEvaluation, truth: Mapping[str, float]) -> tuple[TruthRow, ...]:
    """Return truth beside result: shape, activity, time, doses, gap and leakage."""
    plan, leakage = evaluation.plan, evaluation.leakage
    gap_mm = max(sector.gap_mm for sector in evaluation.sectors)
    dose_at_depth = f"Dose at {plan.prescription_depth_mm:g} mm, of the equal sphere (Gy)"
    return (
        _row("Liquid in the balloon (mL)", truth["volume_ml"], evaluation.shape.liquid_ml, 2),
        _row("Sphericity", truth["sphericity"], evaluation.sphericity, 3),
        _row("Contained activity at filling (MBq)", truth["activity_at_filling_mbq"], plan.activity_at_filling_mbq, 0),
        _row("Dwell time (h)", truth["dwell_days"] * HOURS_PER_DAY, plan.dwell_days * HOURS_PER_DAY, 1),
        _row(dose_at_depth, truth["dose_at_depth_gy"], evaluation.dose_at_depth_gy, 1),
        _row("Surface dose, of the equal sphere (Gy)", truth["surface_dose_gy"], evaluation.surface_dose_gy, 1),
        _row("Thickest gap (mm)", truth["gap_mm"], gap_mm, 1, in_percent=False),
        _row(
            "Activity unaccounted for (%)",
            truth["missing_percent"],
            None if leakage is None else leakage.missing_percent,
            2,
            in_percent=False,
        ),
    )


def _row(quantity: str, true: float, found: float | None, decimals: int, *, in_percent: bool = True) -> TruthRow:
    if found is None:
        return TruthRow(quantity, f"{true:.{decimals}f}", "not known")
    apart = f"{100 * (found / true - 1):+.1f} %" if in_percent else f"{found - true:+.{decimals}f}"
    return TruthRow(quantity, f"{true:.{decimals}f}", f"{found:.{decimals}f}", apart)
