"""The data files of the treatment record."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def treatment_data(name: str) -> Any:
    """Return a data file of this package, read once."""
    return json.loads(files("brachyresponse.response.treatment").joinpath("data", name).read_text(encoding="utf-8"))
