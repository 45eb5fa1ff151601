"""Plans in files: ``plan.json``, schema 1.

One JSON object, UTF-8. Required: ``schema`` (1), ``patient_id``, ``frame_of_reference_uid``, ``created``
(2026-01-31T14:05:00, zone optional), ``implant_date`` (2026-01-31), ``target``, ``source``, ``prescription_gy``,
``seeds`` and ``needles``.

- A seed: ``position_ras_mm`` and ``direction_ras`` (three numbers each), ``air_kerma_strength_u`` at implantation,
  ``needle`` (number of its needle, 0 for a free seed; default 0), ``axis_known`` (default true).
- A needle: ``entry_ras_mm``, ``tip_ras_mm``, ``number`` (default: its place in the list), ``hole`` (default empty).

Optional: ``name``, ``surrogate_for``, ``activity_basis`` (apparent or contained), ``planning_image_date``, ``notes``.
Other keys are left to other programs, unless they look like one of these, misspelt.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ActivityBasis, ImplantPlan
from brachyresponse.planning.record import Record, read_record, write_fields
from brachyresponse.seeds import Seeds

SCHEMA = 1
PLAN_KEYS = (
    "schema", "name", "patient_id", "frame_of_reference_uid", "created", "implant_date", "planning_image_date",
    "target", "source", "surrogate_for", "activity_basis", "prescription_gy", "notes", "needles", "seeds",
)  # fmt: skip
SEED_KEYS = ("position_ras_mm", "direction_ras", "air_kerma_strength_u", "needle", "axis_known")
NEEDLE_KEYS = ("number", "hole", "entry_ras_mm", "tip_ras_mm")


def write_plan(plan: ImplantPlan, path: str | Path) -> Path:
    """Write a plan as JSON and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    return write_fields(plan_fields(plan), path, "plan")


def read_plan(path: str | Path) -> ImplantPlan:
    """Return the plan of a JSON file.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing, misspelt or wrong; the
        message names the file and the field.
    """
    return plan_from_record(read_record(Path(path), SCHEMA))


def plan_fields(plan: ImplantPlan) -> dict[str, Any]:
    """Return the fields of the JSON object that holds a plan."""
    day = plan.planning_image_date
    return {
        "schema": SCHEMA,
        "name": plan.name,
        "patient_id": plan.patient_id,
        "frame_of_reference_uid": plan.frame_of_reference_uid,
        "created": plan.created.isoformat(),
        "implant_date": plan.implant_date.isoformat(),
        "planning_image_date": None if day is None else day.isoformat(),
        "target": plan.target,
        "source": plan.source,
        "surrogate_for": plan.surrogate_for,
        "activity_basis": str(plan.activity_basis),
        "prescription_gy": plan.prescription_gy,
        "notes": plan.notes,
        **implant_fields(plan.needles, plan.seeds),
    }


def implant_fields(needles: Iterable[Needle], seeds: Seeds) -> dict[str, Any]:
    """Return the fields of a JSON object that hold needles and seeds."""
    return {
        "needles": [_needle_fields(needle) for needle in needles],
        "seeds": [_seed_fields(seeds, index) for index in range(seeds.count)],
    }


def plan_from_record(record: Record) -> ImplantPlan:
    """Return the plan that a JSON object holds; errors as :func:`read_plan`."""
    record.refuse_misspelt(PLAN_KEYS)
    with record.locating_errors():
        needles, seeds = implant_from_record(record)
        return ImplantPlan(
            name=record.text("name", "Plan"),
            patient_id=record.text("patient_id"),
            frame_of_reference_uid=record.text("frame_of_reference_uid"),
            created=record.moment("created"),
            implant_date=record.day("implant_date"),
            planning_image_date=record.optional_day("planning_image_date"),
            target=record.text("target"),
            source=record.text("source"),
            surrogate_for=record.text("surrogate_for", ""),
            activity_basis=record.choice("activity_basis", ActivityBasis, ActivityBasis.APPARENT),
            prescription_gy=record.number("prescription_gy"),
            notes=record.text("notes", ""),
            needles=needles,
            seeds=seeds,
        )


def implant_from_record(record: Record) -> tuple[tuple[Needle, ...], Seeds]:
    """Return the needles and seeds that a JSON object holds, as :func:`implant_fields` wrote them."""
    needles = tuple(_needle(place, item) for place, item in enumerate(record.records("needles"), start=1))
    return needles, _seeds(list(record.records("seeds")))


def _needle_fields(needle: Needle) -> dict[str, Any]:
    return {
        "number": needle.number,
        "hole": needle.hole,
        "entry_ras_mm": needle.entry_mm.tolist(),
        "tip_ras_mm": needle.tip_mm.tolist(),
    }


def _seed_fields(seeds: Seeds, index: int) -> dict[str, Any]:
    return {
        "position_ras_mm": seeds.positions_mm[index].tolist(),
        "direction_ras": seeds.directions[index].tolist(),
        "air_kerma_strength_u": float(seeds.air_kerma_strength_u[index]),
        "needle": int(seeds.needle[index]),
        "axis_known": bool(seeds.axis_known[index]),
    }


def _needle(place: int, record: Record) -> Needle:
    record.refuse_misspelt(NEEDLE_KEYS)
    entry, tip = np.array(record.vector("entry_ras_mm")), np.array(record.vector("tip_ras_mm"))
    return Needle(record.whole("number", place), entry, tip, record.text("hole", ""))


def _seeds(records: list[Record]) -> Seeds:
    for record in records:
        record.refuse_misspelt(SEED_KEYS)
    return Seeds(
        np.array([record.vector("position_ras_mm") for record in records]).reshape(-1, 3),
        np.array([record.vector("direction_ras") for record in records]).reshape(-1, 3),
        np.array([record.number("air_kerma_strength_u") for record in records], float),
        np.array([record.flag("axis_known", True) for record in records], bool),
        np.array([record.whole("needle", 0) for record in records], int),
    )
