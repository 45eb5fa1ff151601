"""A source's JSON text, read field by field."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import numpy as np

from brachyresponse.errors import SourceError
from brachyresponse.sources.checks import ANISOTROPY, RADIAL
from brachyresponse.sources.source import Source
from brachyresponse.types import FloatArray

SCHEMA = 1
_WORDS: dict[type, str] = {str: "a text", object: "a number", list: "a list", dict: "a table of fields"}
Kind = TypeVar("Kind")


def parse_source(text: str, *, name: str, where: str) -> Source:
    """Return the source written in a JSON text of schema 1.

    Parameters
    ----------
    name
        Name the source gets.
    where
        File or model, for the errors.

    Raises
    ------
    SourceError
        Not JSON, another schema, a field missing or not valid; the message names ``where`` and the field.
    """
    try:
        return _build(read_fields(text), name)
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error


def read_fields(text: str) -> Fields:
    """Return the fields of a JSON text of schema 1, each fetched with its type checked.

    Raises
    ------
    SourceError
        Not JSON, no object, or another schema.
    """
    return Fields(_decode(text))


def _decode(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SourceError(f"the file is not JSON ({error}); give a source file of schema {SCHEMA}.") from error
    if not isinstance(data, dict):
        raise SourceError(f"the file holds a {type(data).__name__}, expected the fields of a source.")
    found = data.get("schema")
    if found != SCHEMA or isinstance(found, bool):
        raise SourceError(f"schema is {found!r}, expected {SCHEMA}: the file was written for another version.")
    return data


def _build(data: Fields, name: str) -> Source:
    radial, anisotropy = data.table(RADIAL), data.table(ANISOTROPY)
    if radial.text("geometry") != "line":
        raise SourceError(f"{RADIAL}.geometry is {radial.text('geometry')!r}, expected 'line' (line-source g_L).")
    return Source(
        name=name,
        model=data.text("model"),
        manufacturer=data.text("manufacturer"),
        radionuclide=data.text("radionuclide"),
        half_life_days=data.number("half_life_days"),
        dose_rate_constant=data.number("dose_rate_constant_cgy_per_h_per_u"),
        effective_length_cm=data.number("effective_length_cm"),
        radial_radius_cm=radial.numbers("r_cm"),
        radial_dose=radial.numbers("g"),
        anisotropy_radius_cm=anisotropy.numbers("r_cm"),
        anisotropy_theta_deg=anisotropy.numbers("theta_deg"),
        anisotropy=anisotropy.rows("f"),
        citation=data.text("citation"),
        notes=data.notes(),
    )


class Fields:
    """Fields of a JSON object, fetched with their type checked; ``prefix`` is the object's own name."""

    def __init__(self, data: dict[str, Any], prefix: str = "") -> None:
        self._data = data
        self._prefix = prefix

    def table(self, field: str) -> Fields:
        """Return the fields of an object."""
        return Fields(self._get(field, dict), f"{field}.")

    def text(self, field: str) -> str:
        """Return a text."""
        return self._get(field, str)

    def number(self, field: str) -> float:
        """Return a number."""
        return self._as_number(field, self._get(field, object))

    def numbers(self, field: str) -> FloatArray:
        """Return a list of numbers, (N,)."""
        return np.array([self._as_number(field, value) for value in self._get(field, list)], np.float64)

    def rows(self, field: str) -> FloatArray:
        """Return rows of equal length, (N, M)."""
        rows = self._get(field, list)
        if not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) > 1:
            raise SourceError(f"{self._prefix}{field} must hold rows of equal length: one row a radius.")
        return np.array([[self._as_number(field, value) for value in row] for row in rows], np.float64)

    def notes(self) -> tuple[str, ...]:
        """Return the sentences of ``notes``; none where it is missing."""
        notes = self._data.get("notes", [])
        if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
            raise SourceError("notes must be a list of sentences.")
        return tuple(notes)

    def _get(self, field: str, kind: type[Kind]) -> Kind:
        if field not in self._data:
            raise SourceError(f"{self._prefix}{field} is missing: give {_WORDS[kind]}.")
        value = self._data[field]
        if not isinstance(value, kind):
            raise SourceError(f"{self._prefix}{field} is {value!r}, expected {_WORDS[kind]}.")
        return value

    def _as_number(self, field: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SourceError(f"{self._prefix}{field} holds {value!r}, expected numbers only.")
        return float(value)
