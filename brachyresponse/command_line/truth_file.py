"""True seeds of an image that was made: ``truth.json``, schema 1.

One JSON object: ``schema`` (1), ``plan_to_implant_ras`` (16 numbers: the patient's true motion from plan RAS to implant
RAS, row by row), ``missing_planned_index`` (counted from 0), and ``seeds``: each ``position_ras_mm``,
``direction_ras``, ``planned_index`` (counted from 0; -1 for none) and ``migrated``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import read_record
from brachyresponse.types import FloatArray, IntArray

SCHEMA = 1
MATRIX = "plan_to_implant_ras"


@dataclass(frozen=True, eq=False)
class KnownTruth:
    """What is true of an implant: seeds in the implant's space (N, 3), their planned index (N,), and who is missing."""

    positions_mm: FloatArray
    directions: FloatArray
    planned: IntArray
    missing: frozenset[int]
    migrated: frozenset[int]
    """Of the true seeds."""
    plan_to_implant: FloatArray


def write_truth(record: Mapping[str, Any], path: Path) -> None:
    """Write a record of the digital patient's truth."""
    fields = {"schema": SCHEMA, **record, MATRIX: np.ravel(record[MATRIX]).tolist()}
    path.write_text(json.dumps(fields, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_truth(path: Path) -> KnownTruth:
    """Return what a file says is true.

    Raises
    ------
    InputFileError
        The file cannot be read, or a field is missing or wrong.
    """
    record = read_record(path, SCHEMA)
    seeds, matrix = list(record.records("seeds")), record.numbers(MATRIX)
    if not seeds or len(matrix) != 16:
        raise InputFileError(
            f"{record.where} holds {len(seeds)} seeds and {len(matrix)} numbers of a matrix, expected seeds and 16: "
            "give the truth that was written with the image."
        )
    return KnownTruth(
        np.array([seed.vector("position_ras_mm") for seed in seeds]),
        np.array([seed.vector("direction_ras") for seed in seeds]),
        np.array([seed.whole("planned_index") for seed in seeds]),
        frozenset(int(index) for index in record.numbers("missing_planned_index")),
        frozenset(place for place, seed in enumerate(seeds) if seed.flag("migrated", False)),
        np.reshape(matrix, (4, 4)),
    )
