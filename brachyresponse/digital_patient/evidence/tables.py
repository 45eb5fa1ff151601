"""The figures of the digital patient's diffusion and spectra, read once from JSON."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from brachyresponse.digital_patient.response.tables import ResponseVariant
from brachyresponse.errors import ResponseError


@cache
def session_table() -> dict[str, Any]:
    """Return the data file."""
    text = resources.files(__package__).joinpath("data", "session.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def session_facts(variant: ResponseVariant) -> dict[str, Any]:
    """Return a course's record.

    Raises
    ------
    ResponseError
        The course has no such session; the message says why.
    """
    table = session_table()
    why_not = why_no_session(variant)
    if why_not:
        raise ResponseError(why_not)
    facts: dict[str, Any] = table["variants"][variant]
    return facts


def why_no_session(variant: ResponseVariant) -> str:
    """Return why a course has neither diffusion nor spectra; empty where it has."""
    return str(session_table()["no_session"].get(variant, ""))
