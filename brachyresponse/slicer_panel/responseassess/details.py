"""The details of a treatment as rows that can be typed into: which its kind has, in which unit."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from slicer.i18n import tr as _

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment import DETAILS, Treatment, TreatmentKind
from brachyresponse.slicer_panel.tables import Cell

NOTE = "note"
LABELS: dict[str, str] = {
    "prescription_gy": _("Prescription (Gy)"),
    "dose_volume": _("Dose volume (its name)"),
    "source": _("Seed model"),
    "half_life_days": _("Half-life (days)"),
    "inserted_on": _("Inserted on"),
    "fractions": _("Fractions"),
    "agent": _("Drug"),
    "dose_mg": _("Dexamethasone (mg/day)"),
    "result": _("Result"),
    "lesion": _("Lesion"),
    "score": _("Score"),
    "scale": _("Scale"),
    "grade": _("RTOG/EORTC grade"),
    "organ": _("Organ"),
    "phase": _("Phase"),
    "value_ug_per_l": _("Thyroglobulin (µg/L)"),
    "tsh_mu_per_l": _("TSH (mU/L)"),
    "antibodies": _("Antibodies"),
    "method": _("Assay"),
    NOTE: _("Note"),
}


@dataclass(frozen=True)
class Detail:
    """A detail of a kind of treatment: its field, and what can be typed."""

    name: str
    kind: type

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return LABELS.get(self.name, self.name)

    @property
    def words(self) -> str:
        """The words of a closed vocabulary; empty for any other."""
        return ", ".join(self.kind) if issubclass(self.kind, StrEnum) else ""

    def cells(self, value: str = "") -> list[Cell]:
        """Return the row, with what is known."""
        tool_tip = _("{label}: {words}").format(label=self.label, words=self.words) if self.words else self.label
        return [Cell(self.label, tool_tip), Cell(value, tool_tip, editable=True)]

    def value_of(self, treatment: Treatment | None) -> str:
        """Return what a treatment has, as it would be typed; empty where nothing is known."""
        value = None if treatment is None else getattr(treatment.details, self.name, None)
        if self.name == NOTE and treatment is not None:
            value = treatment.note
        return "" if value is None else _shown(value)

    def read(self, text: str) -> Any:
        """Return what was typed, as the treatment takes it; words and dates are left to it.

        Raises
        ------
        ResponseError
            A number is not one.
        """
        if self.kind not in (int, float):
            return text.strip()
        try:
            return self.kind(text)
        except ValueError:
            raise ResponseError(f"{self.label}: {text.strip()!r} is not a number; type one, as 60.") from None


def details_of(kind: TreatmentKind) -> tuple[Detail, ...]:
    """Return the details that a kind of treatment has, and the note that each has."""
    types = get_type_hints(DETAILS[kind])
    return (*(Detail(field.name, _plain(types[field.name])) for field in fields(DETAILS[kind])), Detail(NOTE, str))


def describe_details(treatment: Treatment) -> str:
    """Return what is known of a treatment beside its dates, in one line."""
    given = [(detail, detail.value_of(treatment)) for detail in details_of(treatment.kind)]
    return "; ".join(value if detail.name == NOTE else f"{detail.label}: {value}" for detail, value in given if value)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(kind: Any) -> type:
    """The type without its None."""
    inner = [each for each in get_args(kind) if each is not type(None)]
    plain: type = inner[0] if inner else kind
    return plain
