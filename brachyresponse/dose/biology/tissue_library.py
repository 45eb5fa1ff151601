"""The tissues that come with the library, and tissues of the user's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from brachyresponse.dose.biology.tissue import NO_KICK_OFF, UNITS, ParameterRange, ParameterStatus, TissueBiology
from brachyresponse.errors import DoseError, InputFileError, reason_of

if TYPE_CHECKING:
    from brachyresponse.planning.record import Record

SCHEMA = 1
SUFFIX = ".json"
RANGE_FIELDS = ("low", "mid", "high", "source", "status")


def available_tissues() -> tuple[str, ...]:
    """Return the names of the tissues that come with the library, tumours first."""
    return tuple(_shipped())


def load_tissue(name_or_json_path: str | Path) -> TissueBiology:
    """Return a tissue's parameters: by a name of :func:`available_tissues`, or from a JSON file of one tissue.

    The file holds ``{"schema": 1, "name": .., "label": .., "alpha_beta_gy": {"low": .., "mid": .., "high": ..,
    "source": .., "status": "read" or "unverified" or "entered"}, ..}`` or a number instead of a range.

    Raises
    ------
    DoseError
        The name is unknown, or a parameter cannot be used.
    InputFileError
        The file cannot be read, or a field is not valid.
    """
    path = Path(name_or_json_path)
    if path.suffix.lower() == SUFFIX or isinstance(name_or_json_path, Path):
        return _load_file(path)
    if name_or_json_path not in _shipped():
        near = get_close_matches(str(name_or_json_path), _shipped(), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise DoseError(f"There is no tissue {name_or_json_path!r}: {hint}Tissues: {', '.join(_shipped())}.")
    return _shipped()[str(name_or_json_path)]


def write_tissue(tissue: TissueBiology, path: str | Path) -> None:
    """Write a tissue as a JSON file that :func:`load_tissue` reads.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    fields: dict[str, object] = {"schema": SCHEMA, "name": tissue.name, "label": tissue.label}
    for name, values in tissue.parameters.items():
        fields[name] = {field: getattr(values, field) for field in RANGE_FIELDS}
    try:
        Path(path).write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{Path(path).name} cannot be written: {reason_of(error)}.") from error


@cache
def _shipped() -> Mapping[str, TissueBiology]:
    from brachyresponse.planning.record import parse_record  # planning builds on dose: fetched when a file is read

    text = (files("brachyresponse.dose.biology") / "data" / "tissues.json").read_text(encoding="utf-8")
    tissues = map(_tissue, parse_record(text, "tissues.json", SCHEMA).records("tissues"))
    return {tissue.name: tissue for tissue in tissues}


def _load_file(path: Path) -> TissueBiology:
    from brachyresponse.planning.record import read_record

    record = read_record(path, SCHEMA)
    record.refuse_unknown(("schema", "name", "label", *UNITS))
    return _tissue(record)


def _tissue(record: Record) -> TissueBiology:
    alpha_beta, repair = _range(record, "alpha_beta_gy"), _range(record, "repair_half_time_h")
    if alpha_beta is None or repair is None:
        raise InputFileError(f"{record.where}: 'alpha_beta_gy' and 'repair_half_time_h' are needed: give both.")
    return TissueBiology(
        name=record.text("name"),
        label=record.text("label", record.text("name")),
        alpha_beta_gy=alpha_beta,
        repair_half_time_h=repair,
        alpha_per_gy=_range(record, "alpha_per_gy"),
        doubling_time_days=_range(record, "doubling_time_days"),
        kick_off_days=_range(record, "kick_off_days") or NO_KICK_OFF,
    )


def _range(record: Record, key: str) -> ParameterRange | None:
    if not record.has(key):
        return None
    if isinstance(record.fields[key], (int, float)):
        return ParameterRange.of(record.number(key))
    part = record.part(key)
    return ParameterRange(
        part.number("low"),
        part.number("mid"),
        part.number("high"),
        part.text("source", "entered by the user"),
        part.choice("status", ParameterStatus, ParameterStatus.ENTERED),
    )
