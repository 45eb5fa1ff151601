"""The text of a NRRD header: what an image library does not pass on, as the kind and unit of the axis of frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from brachyresponse.errors import InputFileError, reason_of

SUFFIXES = (".nrrd", ".nhdr")
LARGEST_HEADER = 50_000_000
FRAME_KINDS = ("list", "time", "domain", "none", "???")
"""Kinds of an axis whose values are not the components of one quantity, as a colour or a vector has."""


@dataclass(frozen=True)
class NrrdHeader:
    """Fields (``kinds``, ``sizes``) and key/value pairs (``MultiVolume.FrameLabels``) of a NRRD file."""

    fields: Mapping[str, str]
    keys: Mapping[str, str]

    def frame_axis(self) -> int | None:
        """Return which axis is not of space, counted from 0; None where all are, or there is more than one."""
        directions = re.findall(r"none|\([^)]*\)", self.fields.get("space directions", ""))
        others = [number for number, text in enumerate(directions) if text == "none"]
        return others[0] if len(others) == 1 else None

    def of_axis(self, field: str, axis: int) -> str:
        """Return the entry of a field such as ``kinds`` or ``units`` for an axis; empty where there is none."""
        entries = re.findall(r'"([^"]*)"|(\S+)', self.fields.get(field, ""))
        return "".join(entries[axis]) if axis < len(entries) else ""

    def index_values(self) -> tuple[str, ...]:
        """Return the values of a sequence's index, one a frame, as Slicer writes them; empty where there are none."""
        for key in ("axis 3 index values", "axis 0 index values"):
            if key in self.keys:
                return tuple(unquote(value) for value in self.keys[key].split())
        return ()


def read_nrrd_header(path: Path) -> NrrdHeader:
    """Return the header of a NRRD file, which ends at its first empty line.

    Raises
    ------
    InputFileError
        The file cannot be read, or is no NRRD file.
    """
    fields: dict[str, str] = {}
    keys: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            if not file.readline().startswith(b"NRRD"):
                raise InputFileError(
                    f"{path.name!r} does not start as a NRRD file does: it is damaged or another format."
                )
            for line in iter(lambda: file.readline(LARGEST_HEADER).decode("utf-8", "replace").rstrip("\r\n"), ""):
                _take(line, fields, keys)
    except OSError as error:
        raise InputFileError(f"The file {str(path)!r} cannot be read: {reason_of(error)}.") from error
    return NrrdHeader(fields, keys)


def _take(line: str, fields: dict[str, str], keys: dict[str, str]) -> None:
    """Sort a line of the header in."""
    if line.startswith("#"):
        return
    key, is_key, value = line.partition(":=")
    if is_key:
        keys[key] = value.replace("\\n", "\n").replace("\\\\", "\\")
        return
    field, _, value = line.partition(":")
    fields[field.strip().lower()] = value.strip()
