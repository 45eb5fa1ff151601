"""The files of a verification in a folder; dose and difference images are left to whoever has the images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.planning import findings_table, write_csv
from brachyresponse.types import FloatArray
from brachyresponse.verification import tables
from brachyresponse.verification.record import record_of
from brachyresponse.verification.record_file import NAME, SCHEMA, record_text
from brachyresponse.verification.verification import Verification

DETECTED = "detected.json"


def write_verification(verification: Verification, folder: str | Path) -> tuple[Path, ...]:
    """Write a verification into a folder, made where it is missing, and return the paths.

    ``verification.json`` (all values; :mod:`brachyresponse.verification.record_file`), ``detected.json`` (the found
    seeds), and as tables ``seeds.csv``, ``metrics.csv``, ``dvh.csv``, ``findings.csv``, ``cold_regions.csv``,
    ``near_organs.csv`` and ``axes.csv``.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    folder = Path(folder)
    sheets = {
        "seeds": tables.seed_table(verification),
        "metrics": tables.comparison_table(verification),
        "dvh": tables.dvh_comparison_table(verification),
        "findings": findings_table(verification.findings),
        "cold_regions": tables.cold_region_table(verification),
        "near_organs": tables.near_organ_table(verification),
        "axes": tables.axis_effect_table(verification),
    }
    texts = {NAME: record_text(record_of(verification)), DETECTED: detected_text(verification)}
    written = [_write_text(text, folder / name) for name, text in texts.items()]
    return (*written, *(write_csv(table, folder / f"{name}.csv") for name, table in sheets.items()))


def detected_text(verification: Verification) -> str:
    """Return the text of ``detected.json``, schema 1: the found seeds in the form of those of a plan.

    Beside the keys of a plan's seed (``needle`` is that of the planned partner, 0 without one): ``confidence`` and
    ``axis_confidence`` (null where the seed came without), ``origin``, and ``planned_seed``, the number of the partner
    in the plan, counted from 1, or null.
    """
    request = verification.request
    head = {
        "schema": SCHEMA,
        "patient_id": request.patient_id or request.plan.patient_id,
        "frame_of_reference_uid": request.frame_of_reference_uid,
        "implant_date": verification.implant_date.isoformat(),
        "scan_date": None if request.scan_date is None else request.scan_date.isoformat(),
        "source": request.source.name,
    }
    seeds = [_seed(verification, index) for index in range(verification.found.count)]
    return json.dumps({**head, "seeds": seeds}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _seed(verification: Verification, index: int) -> dict[str, Any]:
    seeds, found = verification.implant.plan.seeds, verification.found
    partner = {int(second): int(first) for first, second in verification.match.pairs}.get(index)
    return {
        "position_ras_mm": seeds.positions_mm[index].tolist(),
        "direction_ras": seeds.directions[index].tolist(),
        "air_kerma_strength_u": float(seeds.air_kerma_strength_u[index]),
        "needle": 0 if partner is None else int(verification.planned_seeds.needle[partner]),
        "axis_known": bool(seeds.axis_known[index]),
        "confidence": _share(found.confidence, index),
        "axis_confidence": _share(found.axis_confidence, index),
        "origin": str(found.origins[index]),
        "planned_seed": None if partner is None else partner + 1,
    }


def _share(values: FloatArray | None, index: int) -> float | None:
    return None if values is None or not np.isfinite(values[index]) else float(values[index])


def _write_text(text: str, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written: {error.strerror}; choose another folder.") from error
    return path
