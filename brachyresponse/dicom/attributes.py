"""Attributes of a DICOM dataset, read one by one with errors that name the file and the attribute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.types import FloatArray

LPS_TO_RAS = np.array([-1.0, -1.0, 1.0])


class Attributes:
    """A DICOM dataset or an item of a sequence, and where it stands.

    Parameters
    ----------
    where
        How errors call it: the file, and the place inside it.
    dataset
        The pydicom dataset.
    """

    def __init__(self, where: str, dataset: Any) -> None:
        self.where = where
        self.dataset = dataset

    def has(self, keyword: str) -> bool:
        """Tell whether an attribute is there and not empty."""
        value = self.dataset.get(keyword)
        return value is not None and not (hasattr(value, "__len__") and len(value) == 0)

    def text(self, keyword: str, default: str | None = None) -> str:
        """Return a text or UID; without a default the attribute must be there."""
        if not self.has(keyword) and default is not None:
            return default
        return str(self._value(keyword)).strip()

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a text of several values; none where it is missing."""
        if not self.has(keyword):
            return ()
        value = self._value(keyword)
        return tuple(str(part) for part in ([value] if isinstance(value, str) else value))

    def number(self, keyword: str) -> float:
        """Return one finite number."""
        return float(self.numbers(keyword, 1)[0])

    def optional_number(self, keyword: str) -> float | None:
        """Return one finite number, or None where the attribute is missing or empty."""
        return self.number(keyword) if self.has(keyword) else None

    def whole(self, keyword: str) -> int:
        """Return a whole number."""
        return int(self.number(keyword))

    def numbers(self, keyword: str, count: int | None = None) -> FloatArray:
        """Return finite numbers, (count,) where a count is expected."""
        try:
            values = np.atleast_1d(np.asarray(self._value(keyword), float))
        except (TypeError, ValueError) as error:
            raise InputFileError(f"{self.where}: {described(keyword)} does not hold numbers ({error}).") from error
        if count is not None and values.shape != (count,):
            raise InputFileError(f"{self.where}: {described(keyword)} holds {values.size} numbers, expected {count}.")
        if not np.isfinite(values).all():
            raise InputFileError(f"{self.where}: {described(keyword)} holds NaN or infinity, expected finite numbers.")
        return values

    def points_ras(self, keyword: str) -> FloatArray:
        """Return positions (or directions) of patient coordinates, (N, 3), turned from LPS to RAS."""
        values = self.numbers(keyword)
        if values.size % 3:
            raise InputFileError(f"{self.where}: {described(keyword)} holds {values.size} numbers, not three a point.")
        points: FloatArray = values.reshape(-1, 3) * LPS_TO_RAS
        return points

    def day(self, keyword: str) -> date | None:
        """Return a date, or None where the attribute is missing or empty."""
        if not self.has(keyword):
            return None
        text = self.text(keyword)
        try:
            return datetime.strptime(text.replace(".", ""), "%Y%m%d").date()  # 2026.01.31 in files of old
        except ValueError as error:
            raise InputFileError(f"{self.where}: {described(keyword)} is {text!r}, expected YYYYMMDD.") from error

    def moment(self, day_keyword: str, time_keyword: str) -> datetime | None:
        """Return a date with its time (midnight where there is no time), or None where the date is missing."""
        day = self.day(day_keyword)
        return None if day is None else datetime.combine(day, self._time(time_keyword) or time())

    def items(self, keyword: str) -> Iterator[Attributes]:
        """Yield the items of a sequence, each knowing its place (counted from 1); none where it is missing."""
        for place, item in enumerate(self.dataset.get(keyword) or (), start=1):
            yield Attributes(f"{self.where}: {name_of(keyword)} {place}", item)

    def referenced_uids(self, keyword: str) -> tuple[str, ...]:
        """Return the UIDs of the objects that a sequence refers to; an empty reference counts as none."""
        return tuple(uid for item in self.items(keyword) if (uid := item.text("ReferencedSOPInstanceUID", "")))

    def _time(self, keyword: str) -> time | None:
        if not self.has(keyword):
            return None
        text = self.text(keyword)
        whole = text.replace(":", "").split(".")[0]
        try:
            return datetime.strptime(whole.ljust(6, "0"), "%H%M%S").time()
        except ValueError as error:
            raise InputFileError(f"{self.where}: {described(keyword)} is {text!r}, expected HHMMSS.") from error

    def _value(self, keyword: str) -> Any:
        if not self.has(keyword):
            raise InputFileError(f"{self.where}: {described(keyword)} is missing; export the object again with it.")
        return self.dataset.get(keyword)


def name_of(keyword: str) -> str:
    """Return the name of an attribute as the standard writes it."""
    from pydicom.datadict import dictionary_description

    name: str = dictionary_description(keyword)
    return name


def described(keyword: str) -> str:
    """Return the name and the tag of an attribute, for errors."""
    from pydicom.datadict import tag_for_keyword

    tag = int(tag_for_keyword(keyword) or 0)
    return f"{name_of(keyword)} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
