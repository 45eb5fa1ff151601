"""Balloon plans in files: ``balloon.json``, schema 1.

One JSON object, UTF-8. Required: ``schema`` (1), ``patient_id``, ``frame_of_reference_uid``, ``created``, ``balloon``
(the name of a structure, or ``{"centre_ras_mm": [r, a, s], "diameter_mm": d}``), ``activity_mbq_contained`` with
``assayed``, ``filled`` and ``removed`` (2026-01-31T14:05:00, zone optional), ``prescription_gy``,
``prescription_depth_mm``.

Optional: ``name``, ``interruptions`` (``{"start": .., "end": ..}`` each), ``wall_mm``, ``liquid``, ``half_life_days``,
``fill_volume_ml``, ``balloon_model``, ``recovered_mbq_contained``, ``barriers``, ``gaps``, ``notes``. Other keys are
left to other programs, unless they look like one of these, misspelt. An activity is always the one contained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brachyresponse.planning.balloon.plan import BalloonPlan
from brachyresponse.planning.balloon.sphere import BalloonSphere
from brachyresponse.planning.balloon.times import Interruption
from brachyresponse.planning.record import Record, read_record, write_fields
from brachyresponse.sources import DEFAULT_LIQUID

SCHEMA = 1
PLAN_KEYS = (
    "schema", "name", "patient_id", "frame_of_reference_uid", "created", "balloon", "activity_mbq_contained",
    "assayed", "filled", "removed", "interruptions", "prescription_gy", "prescription_depth_mm", "wall_mm", "liquid",
    "half_life_days", "fill_volume_ml", "balloon_model", "recovered_mbq_contained", "barriers", "gaps", "notes",
)  # fmt: skip
SPHERE_KEYS = ("centre_ras_mm", "diameter_mm")
INTERRUPTION_KEYS = ("start", "end")


def write_balloon(plan: BalloonPlan, path: str | Path) -> Path:
    """Write a balloon plan as JSON and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    return write_fields(balloon_fields(plan), path, "balloon plan")


def read_balloon(path: str | Path) -> BalloonPlan:
    """Return the balloon plan of a JSON file.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing, misspelt or wrong; the message
        names the file and the field.
    """
    return balloon_from_record(read_record(Path(path), SCHEMA))


def balloon_fields(plan: BalloonPlan) -> dict[str, Any]:
    """Return the fields of the JSON object that holds a balloon plan."""
    return {
        "schema": SCHEMA,
        "name": plan.name,
        "patient_id": plan.patient_id,
        "frame_of_reference_uid": plan.frame_of_reference_uid,
        "created": plan.created.isoformat(),
        "balloon": _balloon_field(plan.balloon),
        "activity_mbq_contained": plan.activity_mbq,
        "assayed": plan.assayed.isoformat(),
        "filled": plan.filled.isoformat(),
        "removed": plan.removed.isoformat(),
        "interruptions": [
            {"start": pause.start.isoformat(), "end": pause.end.isoformat()} for pause in plan.interruptions
        ],
        "prescription_gy": plan.prescription_gy,
        "prescription_depth_mm": plan.prescription_depth_mm,
        "wall_mm": plan.wall_mm,
        "liquid": plan.liquid,
        "half_life_days": plan.half_life_days,
        "fill_volume_ml": plan.fill_volume_ml,
        "balloon_model": plan.balloon_model,
        "recovered_mbq_contained": plan.recovered_mbq,
        "barriers": list(plan.barriers),
        "gaps": list(plan.gaps),
        "notes": plan.notes,
    }


def balloon_from_record(record: Record) -> BalloonPlan:
    """Return the balloon plan that a JSON object holds; errors as :func:`read_balloon`."""
    record.refuse_misspelt(PLAN_KEYS)
    with record.locating_errors():
        return BalloonPlan(
            name=record.text("name", "Plan"),
            patient_id=record.text("patient_id"),
            frame_of_reference_uid=record.text("frame_of_reference_uid"),
            created=record.moment("created"),
            balloon=_balloon(record),
            activity_mbq=record.number("activity_mbq_contained"),
            assayed=record.moment("assayed"),
            filled=record.moment("filled"),
            removed=record.moment("removed"),
            interruptions=tuple(_interruption(item) for item in _optional_records(record, "interruptions")),
            prescription_gy=record.number("prescription_gy"),
            prescription_depth_mm=record.number("prescription_depth_mm"),
            wall_mm=record.number("wall_mm", 0.0),
            liquid=record.text("liquid", DEFAULT_LIQUID),
            half_life_days=record.optional_number("half_life_days"),
            fill_volume_ml=record.optional_number("fill_volume_ml"),
            balloon_model=record.text("balloon_model", ""),
            recovered_mbq=record.optional_number("recovered_mbq_contained"),
            barriers=_names(record, "barriers"),
            gaps=_names(record, "gaps"),
            notes=record.text("notes", ""),
        )


def _balloon_field(balloon: str | BalloonSphere) -> str | dict[str, Any]:
    if isinstance(balloon, str):
        return balloon
    return {"centre_ras_mm": list(balloon.centre_mm), "diameter_mm": balloon.diameter_mm}


def _balloon(record: Record) -> str | BalloonSphere:
    if isinstance(record.fields.get("balloon"), str):
        return record.text("balloon")
    sphere = record.part("balloon")
    sphere.refuse_misspelt(SPHERE_KEYS)
    r, a, s = sphere.vector("centre_ras_mm")
    return BalloonSphere((r, a, s), sphere.number("diameter_mm"))


def _interruption(record: Record) -> Interruption:
    record.refuse_misspelt(INTERRUPTION_KEYS)
    return Interruption(record.moment("start"), record.moment("end"))


def _optional_records(record: Record, key: str) -> list[Record]:
    return list(record.records(key)) if record.has(key) else []


def _names(record: Record, key: str) -> tuple[str, ...]:
    return tuple(record.texts(key)) if record.has(key) else ()
