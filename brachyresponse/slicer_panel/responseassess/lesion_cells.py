"""A lesion at a visit, as a cell of the table and as a sentence."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.measurement import MeasurementOrigin
from brachyresponse.response.vocabulary import FieldPosition, LesionKind, LesionState
from brachyresponse.scene.response_lesion_list import VisitLesion
from brachyresponse.slicer_panel.responseassess.words import FIELDS, STATES
from brachyresponse.slicer_panel.tables import Cell, Verdict

BY_HAND = "✎"
"""After a size that the reader set."""
NEW = "+"
"""Before a lesion that the baseline did not have."""


def lesion_cell(lesion: VisitLesion | None) -> Cell:
    """Return the cell; a dash where the visit has no such lesion on record."""
    if lesion is None:
        return Cell("–", _("Not on record at this visit"))
    verdict = Verdict.WARNING if lesion.notes else Verdict.NONE
    mark = f" {BY_HAND}" if is_by_hand(lesion) else ""
    new = f"{NEW} " if lesion.is_new else ""
    return Cell(f"{new}{size_of(lesion)}{mark}", describe_lesion(lesion.id, lesion), verdict)


def describe_lesion(name: str, lesion: VisitLesion | None) -> str:
    """Return name, size, where the size comes from, and what is to be looked at."""
    if lesion is None:
        return str(_("{name}: not on record at this visit.").format(name=name))
    parts = [size_of(lesion, with_units=True)]
    if lesion.volume_ml is not None and lesion.longest_mm is not None:
        parts.append(f"{lesion.volume_ml:.1f} mL")
    if lesion.origin is not None:
        parts.append(_("set by the reader") if is_by_hand(lesion) else _("from its segment"))
    if lesion.part_of:
        parts.append(_("part of {other}").format(other=lesion.part_of))
    if lesion.is_new:
        is_placed = lesion.field is not FieldPosition.NOT_APPLICABLE
        parts.append(_("new, {field}").format(field=FIELDS[lesion.field]) if is_placed else _("new"))
    return "\n".join([f"{name}: {', '.join(parts)}.", *lesion.notes])


def shorten(sentences: str) -> str:
    """Return the first two lines of many, for a label that has no room for more."""
    first = sentences.splitlines()
    return "\n".join(first[:2]) + (" …" if len(first) > 2 else "")


def size_of(lesion: VisitLesion, *, with_units: bool = False) -> str:
    """Return ``24.3 × 18.1``, the short axis of a node, or the word for what was not measured."""
    if lesion.state is LesionState.MERGED:
        return str(_("in {other}").format(other=lesion.merged_into))
    if lesion.state is not LesionState.MEASURED:
        return STATES[lesion.state]
    if lesion.kind is LesionKind.NODE and lesion.short_axis_mm is not None:
        return f"{lesion.short_axis_mm:.1f}" + (_(" mm short axis") if with_units else "")
    sizes = [f"{size:.1f}" for size in (lesion.longest_mm, lesion.perpendicular_mm) if size is not None]
    if sizes:
        return " × ".join(sizes) + (" mm" if with_units else "")
    return f"{lesion.volume_ml:.1f} mL" if lesion.volume_ml is not None else str(_("not measured"))


def has_segment(lesion: VisitLesion | None) -> bool:
    """Tell whether there is a segment to measure a lesion on."""
    return lesion is not None and lesion.segment is not None and lesion.segment.exists


def is_by_hand(lesion: VisitLesion) -> bool:
    """Tell whether the reader set the size."""
    return lesion.origin is MeasurementOrigin.MANUAL
