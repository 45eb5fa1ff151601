"""Serum markers of a response report: each value, whether it can be read, and how fast it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, section, table
from brachyresponse.report.markup import NOTHING, Markup, element
from brachyresponse.report.response_words import DASH, percent
from brachyresponse.response.treatment import marker_changes, marker_readings

if TYPE_CHECKING:
    from brachyresponse.response.study import ResponseStudy
    from brachyresponse.response.treatment import MarkerChange, MarkerReading

READABLE = {True: ("pass", "yes"), False: ("fail", "no"), None: ("open", "not known")}
NO_RULE = "Serum markers inform the reader; no criteria count them."


def marker_section(study: ResponseStudy) -> Markup:
    """Return thyroglobulin over time with TSH and antibodies; nothing where it was not measured."""
    readings = marker_readings(study.treatments) if study.treatments else ()
    if not readings or study.treatments is None:
        return NOTHING
    changes = {change.after: change for change in marker_changes(study.treatments)}
    headings = ["Blood of", "Thyroglobulin (µg/L)", "TSH (mU/L)", "Antibodies", "Method", "Can be read", "Change"]
    rows = [_row(one, changes.get(one.date)) for one in readings]
    doubts = [one.sentence for one in readings if one.sentence]
    doubts += [sentence for change in changes.values() for sentence in change.sentences]
    return section(
        "Thyroglobulin",
        table([*headings, "Doubles in (days)"], rows, numbers=(1, 2, 6, 7)),
        bullets(dict.fromkeys(doubts)),
        element("p", f"{NO_RULE} When it can be read: {readings[0].source}", class_="quiet"),
    )


def _row(one: MarkerReading, change: MarkerChange | None) -> list[object]:
    marker = one.marker
    colour, word = READABLE[one.is_interpretable]
    tsh = DASH if marker.tsh_mu_per_l is None else f"{marker.tsh_mu_per_l:g}"
    readable = element("span", word, class_=colour)
    values = [one.date, f"{marker.value_ug_per_l:g}", tsh, str(marker.antibodies), marker.method or DASH, readable]
    return [*values, percent(change.percent if change else None), _doubling(change)]


def _doubling(change: MarkerChange | None) -> str:
    """Return the time in which it doubles; of a falling marker that in which it halves."""
    if change is None or change.doubling_days is None:
        return DASH
    days = f"{abs(change.doubling_days):.0f}"
    return days if change.doubling_days > 0 else f"halves in {days}"
