"""Found seeds in files: ``detected.json``, schema 1.

One JSON object, UTF-8: ``schema`` (1), ``patient_id``, ``frame_of_reference_uid`` (of the images), ``implant_date``,
``scan_date`` (or null), ``source``, ``seeds``, ``rejected`` and ``warnings`` (sentences).

- A seed has the keys of a seed in ``plan.json`` (``needle`` is that of its planned partner, 0 without one), and
  ``confidence`` and ``axis_confidence`` (0 to 1; null where the seed came without), ``origin`` (detected; confirmed: a
  reader accepted what was detected; manual), and ``planned_seed``: the number of its partner in the plan, counted from
  1, or null.
- A rejected candidate has ``position_ras_mm``, ``direction_ras``, ``confidence``, ``axis_confidence`` and ``reason``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from brachyresponse.errors import BrachyResponseError, InputFileError
from brachyresponse.planning.record import Record, read_record
from brachyresponse.seeds import DetectedSeeds, Origin, RejectedCandidate, RejectionReason, Seeds
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.verification.verification import Verification

SCHEMA = 1
NAME = "detected.json"


def detected_text(verification: Verification) -> str:
    """Return the text of ``detected.json``: the seeds of a verification, and what was not taken for one."""
    request, found = verification.request, verification.request.found
    rejected, warnings = ((), ()) if isinstance(found, Seeds) else (found.rejected, found.warnings)
    fields = {
        "schema": SCHEMA,
        "patient_id": request.patient_id or request.plan.patient_id,
        "frame_of_reference_uid": request.frame_of_reference_uid,
        "implant_date": verification.implant_date.isoformat(),
        "scan_date": None if request.scan_date is None else request.scan_date.isoformat(),
        "source": request.source.name,
        "seeds": [_seed_fields(verification, index) for index in range(verification.found.count)],
        "rejected": [_rejected_fields(candidate) for candidate in rejected],
        "warnings": list(warnings),
    }
    return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_detected(path: str | Path) -> DetectedSeeds:
    """Return the found seeds of a ``detected.json``, as a person may have corrected them.

    A seed without a confidence counts as sure (1); without an axis confidence, ``axis_known`` decides (1 or 0).

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong; the message names the
        file and the field.
    """
    record = read_record(Path(path), SCHEMA)
    seeds = list(record.records("seeds"))
    try:
        return DetectedSeeds(
            np.array([seed.vector("position_ras_mm") for seed in seeds]).reshape(-1, 3),
            _unit_rows([_direction(seed) for seed in seeds]),
            np.array([_share(seed, "confidence", 1.0) for seed in seeds]),
            np.array([_share(seed, "axis_confidence", float(seed.flag("axis_known", True))) for seed in seeds]),
            tuple(seed.choice("origin", Origin, Origin.MANUAL) for seed in seeds),
            tuple(_rejected(item) for item in record.records("rejected")) if record.has("rejected") else (),
            record.texts("warnings") if record.has("warnings") else (),
        )
    except InputFileError:
        raise
    except BrachyResponseError as error:
        raise InputFileError(f"{record.where}: {error}") from error


def _seed_fields(verification: Verification, index: int) -> dict[str, Any]:
    seeds, found = verification.implant.plan.seeds, verification.found
    partner = {int(second): int(first) for first, second in verification.match.pairs}.get(index)
    return {
        "position_ras_mm": seeds.positions_mm[index].tolist(),
        "direction_ras": seeds.directions[index].tolist(),
        "air_kerma_strength_u": float(seeds.air_kerma_strength_u[index]),
        "needle": 0 if partner is None else int(verification.planned_seeds.needle[partner]),
        "axis_known": bool(seeds.axis_known[index]),
        "confidence": None if found.confidence is None else float(found.confidence[index]),
        "axis_confidence": None if found.axis_confidence is None else float(found.axis_confidence[index]),
        "origin": str(found.origins[index]),
        "planned_seed": None if partner is None else partner + 1,
    }


def _rejected_fields(candidate: RejectedCandidate) -> dict[str, Any]:
    return {
        "position_ras_mm": candidate.position_mm.tolist(),
        "direction_ras": candidate.direction.tolist(),
        "confidence": float(candidate.confidence),
        "axis_confidence": float(candidate.axis_confidence),
        "reason": str(candidate.reason),
    }


def _rejected(item: Record) -> RejectedCandidate:
    return RejectedCandidate(
        np.array(item.vector("position_ras_mm")),
        np.array(item.vector("direction_ras")),
        item.number("confidence"),
        item.number("axis_confidence"),
        item.choice("reason", RejectionReason),
    )


def _direction(seed: Record) -> list[float]:
    direction = seed.vector("direction_ras")
    if not np.linalg.norm(direction) > 0:
        raise InputFileError(
            f"{seed.where}: 'direction_ras' is {direction}, expected the axis as a vector with length."
        )
    return direction


def _unit_rows(directions: list[list[float]]) -> FloatArray:
    rows = np.array(directions, float).reshape(-1, 3)
    unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _share(seed: Record, key: str, default: float) -> float:
    """A confidence, 0 to 1; the default where it is missing or null."""
    value = seed.number(key) if seed.has(key) else default
    if not 0 <= value <= 1:
        raise InputFileError(f"{seed.where}: {key!r} is {value:g}, expected a number from 0 to 1.")
    return value
