"""Invented cases in the schema of the response cases, each made in a line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

JSON = dict[str, Any]
BASELINE = date(2024, 1, 8)


def target(longest: float | None = None, perpendicular: float | None = None, **more: Any) -> JSON:
    """A target T1 that enhances; other fields by keyword."""
    sizes = {"longest_mm": longest, "perpendicular_mm": perpendicular}
    known = {key: size for key, size in sizes.items() if size is not None}
    return {"id": "T1", "role": "target", "organ": "brain", "kind": "enhancing", **known, **more}


def absent(name: str = "T1", **more: Any) -> JSON:
    return target(id=name, state="absent", **more)


def node(short_axis: float, name: str = "T1", **more: Any) -> JSON:
    axes = {"short_axis_mm": short_axis, "longest_mm": round(1.4 * short_axis, 1)}
    return {"id": name, "role": "target", "organ": "neck", "kind": "node", **axes, **more}


def new_lesion(**more: Any) -> JSON:
    return {"id": "N1", "field": "outside", "measurable": True, "certainty": "unequivocal", **more}


def visit(day: int, *lesions: JSON, **more: Any) -> JSON:
    """A visit so many days after the baseline of 2024-01-08, everything stable and off steroids."""
    role = "baseline" if day == 0 else "follow-up" if day > 0 else "pre-baseline"
    return {
        "date": (BASELINE + timedelta(days=day)).isoformat(),
        "role": role,
        "lesions": list(lesions),
        "non_target": "none",
        "t2_flair": "stable_or_improved",
        "steroid_dose_mg": 0,
        "steroid_trend": "stable" if day > 0 else None,
        "clinical_status": "stable_or_improved",
        "new_lesions": [],
        **more,
    }


def case(criteria: str, *visits: JSON, radiation_day: int | None = None, **options: Any) -> JSON:
    """A case of these visits; the end of radiation in days after the baseline."""
    end = None if radiation_day is None else (BASELINE + timedelta(days=radiation_day)).isoformat()
    return {
        "id": "invented",
        "title": "Invented",
        "criteria": criteria,
        "options": options,
        "radiation_end": end,
        "treatment_start": None,
        "visits": list(visits),
    }
