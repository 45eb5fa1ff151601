"""A JSON object in a file: its fields, read one by one with errors that name the file and the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from brachyresponse.errors import BrachyResponseError, InputFileError, reason_of

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)
TYPING_ERROR = 0.8
"""Likeness from which an unknown key is taken for a misspelt known one."""
LARGEST_WHOLE = 2**31 - 1
LARGEST = 1e300


class Record:
    """A JSON object and where it stands.

    Parameters
    ----------
    where
        How errors call it: the file, and the place inside it.
    fields
        The object's keys and values.
    """

    def __init__(self, where: str, fields: Mapping[str, Any]) -> None:
        self.where = where
        self._fields = fields

    @property
    def fields(self) -> Mapping[str, Any]:
        """Keys and values as they stand, for a reader of its own."""
        return self._fields

    @contextmanager
    def locating_errors(self) -> Iterator[None]:
        """Turn what refuses the values read into an error of the file that names the place.

        Raises
        ------
        InputFileError
            As it was raised inside, or in place of another :class:`BrachyResponseError`.
        """
        try:
            yield
        except InputFileError:
            raise
        except BrachyResponseError as error:
            raise InputFileError(f"{self.where}: {error}") from error

    def refuse_misspelt(self, known: Iterable[str]) -> None:
        """Refuse keys that look like a known one; keys like none belong to somebody else and are left alone.

        Raises
        ------
        InputFileError
            A key is spelt almost like a known one.
        """
        known = tuple(known)
        for key in self._fields:
            near = () if key in known else get_close_matches(key, known, n=1, cutoff=TYPING_ERROR)
            if near and near[0] not in self._fields:
                raise InputFileError(f"{self.where}: {key!r} is not known; did you mean {near[0]!r}?")

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Refuse every key that is not known.

        Raises
        ------
        InputFileError
            A key is not known; the message names it and the known key nearest to it.
        """
        known = tuple(known)
        for key in self._fields:
            if key not in known:
                near = get_close_matches(str(key).lower(), known, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}."
                raise InputFileError(f"{self.where}: {key!r} is not known; {hint}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default the key must be there."""
        text: str = self._read(key, default, str, "a text")
        return text

    def number(self, key: str, default: float | None = None) -> float:
        """Return a finite number."""
        return self._finite(key, self._read(key, default, (int, float), "a number"))

    def optional_number(self, key: str) -> float | None:
        """Return a finite number, or None where the key is missing or null."""
        return self.number(key) if self.has(key) else None

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number."""
        number: int = self._read(key, default, int, "a whole number")
        if abs(number) > LARGEST_WHOLE:
            raise InputFileError(f"{self.where}: {key!r} is {number}, expected a number up to {LARGEST_WHOLE}.")
        return number

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        flag: bool = self._read(key, default, bool, "true or false")
        return flag

    def has(self, key: str) -> bool:
        """Tell whether a key is there with a value other than null."""
        return self._fields.get(key) is not None

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return a member of a closed vocabulary."""
        text = self.text(key, default)
        if text not in tuple(kind):
            raise InputFileError(f"{self.where}: {key!r} is {text!r}, expected one of {', '.join(kind)}.")
        return kind(text)

    def vector(self, key: str) -> list[float]:
        """Return three finite numbers."""
        values = self._read(key, None, list, "a list of three numbers")
        if len(values) != 3 or not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
            raise InputFileError(f"{self.where}: {key!r} is {values!r}, expected three numbers.")
        return [self._finite(key, value) for value in values]

    def day(self, key: str) -> date:
        """Return a date written as 2026-01-31."""
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise InputFileError(
                f"{self.where}: {key!r} is {text!r}, expected a date such as 2026-01-31 ({error})."
            ) from error

    def optional_day(self, key: str) -> date | None:
        """Return a date, or None where the key is missing or null."""
        return self.day(key) if self.has(key) else None

    def moment(self, key: str) -> datetime:
        """Return a date and time written as 2026-01-31T14:05:00, with or without a zone."""
        text = self.text(key)
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise InputFileError(
                f"{self.where}: {key!r} is {text!r}, expected a time such as 2026-01-31T14:05:00 ({error})."
            ) from error

    def records(self, key: str) -> Iterator[Record]:
        """Yield the objects of a list, each knowing its place (counted from 1)."""
        for place, item in enumerate(self._read(key, None, list, "a list"), start=1):
            where = f"{self.where}: {key} {place}"
            if not isinstance(item, dict):
                raise InputFileError(f"{where} is {item!r}, expected an object with fields in braces.")
            yield Record(where, item)

    def part(self, key: str) -> Record:
        """Return the object under a key."""
        return Record(f"{self.where}: {key}", self._read(key, None, dict, "an object with fields in braces"))

    def parts(self, key: str) -> dict[str, Record]:
        """Return the objects of an object, by their keys."""
        part = self.part(key)
        return {name: part.part(name) for name in part._fields}

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self._list(key, str, "a list of texts"))

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return a list of finite numbers."""
        return tuple(self._finite(key, value) for value in self._list(key, (int, float), "a list of numbers"))

    def optional_numbers(self, key: str) -> tuple[float | None, ...]:
        """Return a list of finite numbers, with None where it holds null."""
        values = self._list(key, (int, float, type(None)), "a list of numbers or null")
        return tuple(None if value is None else self._finite(key, value) for value in values)

    def _list(self, key: str, kind: Any, expected: str) -> list[Any]:
        values: list[Any] = self._read(key, None, list, expected)
        if not all(isinstance(value, kind) and not isinstance(value, bool) for value in values):
            raise InputFileError(f"{self.where}: {key!r} is {values!r}, expected {expected}.")
        return values

    def _read(self, key: str, default: Value | None, kind: Any, expected: str) -> Any:
        if key not in self._fields:
            if default is not None:
                return default
            near = get_close_matches(key, self._fields, n=1, cutoff=TYPING_ERROR)
            hint = f"the file has {near[0]!r} instead" if near else f"give {expected}"
            raise InputFileError(f"{self.where}: {key!r} is missing; {hint}.")
        value = self._fields[key]
        is_wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or is_wrong_bool:
            raise InputFileError(f"{self.where}: {key!r} is {value!r}, expected {expected}.")
        return value

    def _finite(self, key: str, value: float) -> float:
        if not abs(value) <= LARGEST:  # NaN too
            raise InputFileError(f"{self.where}: {key!r} holds {value}, expected a finite number.")
        return float(value)


def write_fields(fields: Mapping[str, Any], path: str | Path, what: str) -> Path:
    """Write an object as a JSON file and return its path; ``what`` is how errors call what it holds.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    path = Path(path)
    text = json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(
            f"The {what} cannot be written to {path.name}: {error.strerror}; choose another folder."
        ) from error
    return path


def read_record(path: Path, schema: int) -> Record:
    """Return the object of a JSON file with a ``schema`` number.

    Raises
    ------
    InputFileError
        The file cannot be read, is not JSON, holds no object, or is of another schema.
    """
    try:
        return parse_record(path.read_text(encoding="utf-8-sig"), path.name, schema)
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error


def read_result(path: str | Path, name: str, schema: int, read: Callable[[Record], Value]) -> Value:
    """Return what a JSON file of results holds, or the file of this name in a folder of results.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or ``read`` refuses it; the message names folder and
        file, for there are many of one name.
    """
    path = Path(path)
    path = path / name if path.is_dir() else path
    where = Path(path.parent.name, path.name).as_posix()
    try:
        record = parse_record(path.read_text(encoding="utf-8-sig"), where, schema)
        with record.locating_errors():
            return read(record)
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{where} cannot be read: {reason_of(error)}.") from error


def parse_record(text: str, where: str, schema: int) -> Record:
    """Return the object of a JSON text with a ``schema`` number; ``where`` is the file's name for errors.

    Raises
    ------
    InputFileError
        The text is not JSON, holds no object, or is of another schema.
    """
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{where} is not JSON: {error}; the file is damaged or of another kind.") from error
    if not isinstance(fields, dict):
        raise InputFileError(f"{where} holds {type(fields).__name__}, expected an object with fields in braces.")
    record = Record(where, fields)
    found = record.whole("schema")
    if found != schema:
        raise InputFileError(f"{where} is of schema {found}, this version reads schema {schema}: update one of them.")
    return record
