"""Dataclasses to JSON and back: the types of their fields say how each is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from brachyresponse.planning.record import Record

Value = TypeVar("Value")

READERS: dict[object, Callable[[Record, str], Any]] = {
    str: Record.text,
    float: Record.number,
    int: Record.whole,
    bool: Record.flag,
    date: Record.day,
    tuple[str, ...]: Record.texts,
    tuple[float, ...]: Record.numbers,
    tuple[float | None, ...]: Record.optional_numbers,
}


def read_fields(kind: type[Value], record: Record) -> Value:
    """Return a dataclass whose fields have the names and types of a JSON object.

    Fields are text, numbers, dates, closed vocabularies, lists of them, other dataclasses, or lists of those; a field
    that may be None is null or missing, one with a default may be missing.

    Raises
    ------
    InputFileError
        A field is missing or of another type; the message names it.
    """
    types = get_type_hints(kind)
    asked = [each.name for each in fields(kind) if _is_needed(each) or record.has(each.name)]  # type: ignore[arg-type]
    return kind(**{name: _value(record, name, types[name]) for name in asked})


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(record: Record, key: str, expected: Any) -> Any:
    if expected in READERS:
        return READERS[expected](record, key)
    parts = get_args(expected)
    if NoneType in parts:
        inner = next(part for part in parts if part is not NoneType)
        return _value(record, key, inner) if record.has(key) else None
    if get_origin(expected) is tuple:
        return tuple(read_fields(parts[0], item) for item in record.records(key))
    if is_dataclass(expected):
        return read_fields(expected, record.part(key))  # type: ignore[arg-type]
    if issubclass(expected, StrEnum):
        return record.choice(key, expected)
    raise TypeError(f"{key}: there is no reader for {expected}.")


def plain_fields(value: Any) -> Any:
    """Return a value as JSON knows it, for :func:`read_fields` to read again; dataclasses become objects."""
    if is_dataclass(value):
        return {each.name: plain_fields(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain_fields(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain_fields(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
