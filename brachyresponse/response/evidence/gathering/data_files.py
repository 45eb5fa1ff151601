"""The data files of this package, read once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def gathering_data(name: str) -> dict[str, Any]:
    """Return a data file of this package."""
    text = files("brachyresponse.response.evidence.gathering").joinpath("data", name).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def limit(name: str) -> float:
    """Return a limit of the table of limits."""
    return float(gathering_data("limits.json")[name]["value"])
