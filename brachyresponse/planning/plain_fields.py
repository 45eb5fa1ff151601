"""Dataclasses of numbers, texts, dates, choices and arrays as JSON objects, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.types import FloatArray

Kind = TypeVar("Kind")


def plain_fields(value: Any) -> dict[str, Any]:
    """Return a dataclass's fields as JSON takes them: arrays as lists, choices as text, dates in ISO form."""
    return {item.name: _plain(getattr(value, item.name)) for item in fields(value) if item.init}


def from_fields(record: Record, kind: type[Kind]) -> Kind:
    """Return the dataclass that :func:`plain_fields` wrote; a field that is missing has its default.

    Raises
    ------
    InputFileError
        A field is not known, has no default and is missing, or is of another type.
    BrachyResponseError
        The dataclass refuses a value.
    """
    known = [item for item in fields(kind) if item.init]  # type: ignore[arg-type]  # a dataclass
    record.refuse_unknown(item.name for item in known)
    hints = get_type_hints(kind)
    has_default = {item.name: item.default is not MISSING or item.default_factory is not MISSING for item in known}
    read = (item.name for item in known if record.has(item.name) or not has_default[item.name])
    return kind(**{name: _read(record, name, hints[name]) for name in read})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date too


def _read(record: Record, name: str, hint: Any) -> Any:
    if get_origin(hint) is UnionType:  # X | None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return record.choice(name, hint)
    simple: dict[Any, Callable[[str], Any]] = {
        float: record.number,
        int: record.whole,
        str: record.text,
        bool: record.flag,
        date: record.day,
        datetime: record.moment,
    }
    if hint in simple:
        return simple[hint](name)
    if hint == tuple[str, ...]:
        return record.texts(name)
    return tuple(record.numbers(name)) if get_origin(hint) is tuple else _array(record, name)


def _array(record: Record, name: str) -> FloatArray:
    """Return an array of any number of axes."""
    if name not in record.fields:
        raise InputFileError(f"{record.where}: {name!r} is missing; give lists of numbers.")
    try:
        return np.array(record.fields[name], np.float64)
    except (ValueError, TypeError) as error:
        raise InputFileError(f"{record.where}: {name!r} is not an array of numbers ({error}).") from error
