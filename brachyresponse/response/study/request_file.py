"""Patients to be assessed, in files: one case, many cases, or a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.response.case.keys import STUDY_KEYS
from brachyresponse.response.study.case_table import read_case_table
from brachyresponse.response.study.entries import InputEntry
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.study.request_json import request_from_json

CASES = "cases"
TABLE = ".csv"
HASH_DIGITS = 12


def read_request(source: Mapping[str, Any] | str | Path, *, today: date | None = None) -> ResponseRequest:
    """Return the request of a JSON object, or of a file with one case.

    Parameters
    ----------
    today
        The day of the assessment, before the one that the case names.

    Raises
    ------
    InputFileError
        The file cannot be read or holds several cases, or a key, a word or a value is wrong.
    ResponseError
        The case contradicts itself.
    """
    if isinstance(source, Mapping):
        request = request_from_json(source)
    else:
        requests = read_requests(source)
        if len(requests) > 1:
            raise InputFileError(
                f"{Path(source).name} holds {len(requests)} cases, expected one: read them one by one."
            )
        request = requests[0]
    return request if today is None else replace(request, today=today)


def read_requests(path: str | Path) -> tuple[ResponseRequest, ...]:
    """Return the requests of a file: a case, an object with a list ``cases``, or a CSV table.

    Raises
    ------
    InputFileError
        The file cannot be read or holds no case, or a key, a word or a value is wrong.
    ResponseError
        A case contradicts itself.
    """
    items, entry = read_items(Path(path))
    requests = (request_from_json(item) for item in items)
    return tuple(replace(request, inputs=(*request.inputs, entry)) for request in requests)


def read_items(path: Path) -> tuple[list[dict[str, Any]], InputEntry]:
    """Return the cases of a file as objects that nothing was checked of yet, and the file with its hash.

    A ``response.json`` gives the case that was assessed.

    Raises
    ------
    InputFileError
        The file cannot be read or holds no case.
    """
    content = _content(path)
    items = read_case_table(path) if path.suffix.lower() == TABLE else _cases(path.name, content)
    return items, InputEntry(path.name, f"case file, SHA-256 {hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error


def _cases(name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError too
        raise InputFileError(f"{name} is not JSON: {error}; the file is damaged or of another kind.") from error
    cases = _as_written(fields) if isinstance(fields, dict) else None
    if not isinstance(cases, list) or not cases or not all(isinstance(case, dict) for case in cases):
        raise InputFileError(
            f"{name} holds no cases: give one as an object in braces, or several as a list under {CASES!r}."
        )
    return cases


def _as_written(fields: dict[str, Any]) -> Any:
    """Return the cases of an object: a list of them, the case that a result holds, or itself."""
    if CASES in fields:
        return fields[CASES]
    if isinstance(fields.get("case"), dict):
        return [{**fields["case"], **{key: fields[key] for key in STUDY_KEYS if key in fields}}]
    return [fields]
