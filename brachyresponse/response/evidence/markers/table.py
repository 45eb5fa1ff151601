"""The table of markers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name
from brachyresponse.response.evidence.markers.marker import Accuracy, Marker, PrintedRatio
from brachyresponse.response.evidence.vocabulary import FigureStatus, LesionClass, MarkerGroup

WORDS = ("id", "title", "positive_when", "direction", "counts", "citation", "status", "notes")
LISTS = ("quantities", "statistics", "population", "from_memory", "conditions", "remarks")


@cache
def available_markers() -> tuple[Marker, ...]:
    """Return all markers, those that may never be weighed among them."""
    return tuple(_marker(row) for row in evidence_data("markers.json")["markers"])


def marker(name: str) -> Marker:
    """Return a marker by its id.

    Raises
    ------
    ResponseError
        There is none of this id; the nearest is told.
    """
    known = _by_id()
    if name not in known:
        raise unknown_name(name, known, "marker")
    return known[name]


@cache
def _by_id() -> dict[str, Marker]:
    return {one.id: one for one in available_markers()}


def _marker(row: Mapping[str, Any]) -> Marker:
    printed = row["printed_ratios"] or {}
    plain: dict[str, Any] = {name: row[name] for name in WORDS} | {name: tuple(row[name]) for name in LISTS}
    return Marker(
        **plain,
        group=MarkerGroup(row["group"]),
        positive_class=LesionClass(row["positive_class"]),
        cutoff_words="" if row["cutoff"] is None else str(row["cutoff"]),
        sensitivity=_accuracy(row["sensitivity"]),
        specificity=_accuracy(row["specificity"]),
        printed_positive=_printed(printed.get("positive")),
        printed_negative=_printed(printed.get("negative")),
        uses_printed=bool(printed.get("is_used")),
        n=row["n"] or "",
        evidence_level=row["evidence"],
        figures=FigureStatus(row["figures"]),
        why_not=row["why_not_weighed"],
        why_value_not=row["why_value_not_weighed"],
    )


def _accuracy(row: Mapping[str, Any] | None) -> Accuracy | None:
    if row is None:
        return None
    return Accuracy(row["value"], _interval(row["ci95"]), row["events"], row["total"])


def _printed(row: Mapping[str, Any] | None) -> PrintedRatio | None:
    return None if row is None else PrintedRatio(row["value"], _interval(row["ci95"]))


def _interval(ends: list[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (ends[0], ends[1])
