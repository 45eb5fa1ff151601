"""The data files of the evidence, and looking a row up by its name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from brachyresponse.errors import ResponseError


@cache
def evidence_data(name: str) -> Any:
    """Return a data file of the evidence, read once."""
    return json.loads(files("brachyresponse.response.evidence").joinpath("data", name).read_text(encoding="utf-8"))


def unknown_name(name: str, known: Iterable[str], what: str) -> ResponseError:
    """Return the error for a name that is not in a table; it tells the nearest, or all where none is near."""
    names = [str(each) for each in known]
    near = get_close_matches(str(name).lower(), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(names)}."
    return ResponseError(f"There is no {what} {str(name)!r}; {hint}")
