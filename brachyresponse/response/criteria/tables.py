"""Data files of the criteria: CSV tables laid out like the papers', and JSON facts."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any


@cache
def table_of(*path: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file of this package."""
    return tuple(csv.DictReader(StringIO(_text(*path))))


@cache
def facts_of(*path: str) -> Any:
    """Return the content of a JSON file of this package; not to be changed."""
    return json.loads(_text(*path))


def words_of(cell: str) -> frozenset[str]:
    """Return the words of a cell that holds several."""
    return frozenset(cell.split("|")) if cell else frozenset()


def _text(*path: str) -> str:
    return files("brachyresponse.response.criteria").joinpath("data", *path).read_text(encoding="utf-8")
