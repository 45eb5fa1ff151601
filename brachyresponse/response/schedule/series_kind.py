"""What kind an image series is, proposed from its description, its header and its times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from brachyresponse.response.schedule.vocabulary import SeriesKind

DESCRIPTIONS = ("SeriesDescription", "ProtocolName", "SequenceName")
TIMES = {"te": "EchoTime", "tr": "RepetitionTime", "ti": "InversionTime"}
PREFIX = "DICOM."


@dataclass(frozen=True)
class SeriesKindProposal:
    """What a series is taken for, and why; a user may say otherwise."""

    kind: SeriesKind
    sentence: str


def series_kind_of(attributes: Mapping[str, Any], *, name: str = "") -> SeriesKindProposal:
    """Return what a series is, from keywords of DICOM with their values.

    Its modality decides first, then words of its description, its image type, its b-values and last its times; T1 is
    told from post-contrast T1 by the words for contrast and the agent in its header.

    Parameters
    ----------
    name
        What the image is called where the header has no description.
    """
    table = _table()
    modality = header(attributes, "Modality").upper()
    if modality in table["modalities"]:
        return SeriesKindProposal(SeriesKind(table["modalities"][modality]), f"Its modality is {modality}.")
    for found in (_by_words(attributes, name), _by_image_type(attributes), _by_b_value(attributes)):
        if found is not None:
            return _with_contrast(found, attributes, name)
    by_times = _by_times(attributes)
    if by_times is not None:
        return _with_contrast(by_times, attributes, name)
    return SeriesKindProposal(SeriesKind.OTHER, "Neither its description nor its times tell what it is: choose.")


def is_contrast_given(attributes: Mapping[str, Any], name: str = "") -> bool | None:
    """Return whether a series was made after contrast agent; None where nothing tells it."""
    table, text = _table(), _description(attributes, name)
    if re.search(table["no_contrast_words"], text, re.IGNORECASE):
        return False
    if re.search(table["contrast_words"], text, re.IGNORECASE) or header(attributes, "ContrastBolusAgent"):
        return True
    return None


def b_values_of(attributes: Mapping[str, Any], *, name: str = "") -> tuple[float, ...]:
    """Return the b-values of a series, s/mm², from its header, else from its description, as ``b0 b1000``."""
    told = re.findall(_table()["b_value_words"], _description(attributes, name), re.IGNORECASE)
    return header_numbers(attributes, "DiffusionBValue") or tuple(sorted({float(number) for number in told}))


def header(attributes: Mapping[str, Any], keyword: str) -> str:
    """Return the text under a keyword, with or without a prefix that ends in ``DICOM.``; empty where it is missing."""
    value = _value(attributes, keyword)
    return "\\".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def header_numbers(attributes: Mapping[str, Any], keyword: str) -> tuple[float, ...]:
    """Return the numbers under a keyword, from a number, a list or a text; none where it is missing or no number."""
    value = _value(attributes, keyword)
    parts: Iterable[Any] = re.split(r"[\\,;\s]+", value.strip()) if isinstance(value, str) else _listed(value)
    try:
        return tuple(float(part) for part in parts if part != "")
    except (TypeError, ValueError):
        return ()


def _value(attributes: Mapping[str, Any], keyword: str) -> Any:
    for key, value in attributes.items():
        if (key == keyword or key.endswith(PREFIX + keyword)) and value is not None:
            return value
    return ""


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, Iterable) else (value,)


def _description(attributes: Mapping[str, Any], name: str) -> str:
    """All words about the series, with underscores as spaces so that words have ends."""
    return " ".join([name, *(header(attributes, key) for key in DESCRIPTIONS)]).replace("_", " ")


def _by_words(attributes: Mapping[str, Any], name: str) -> SeriesKindProposal | None:
    # One after the other: a description says what a series is, a sequence's name only how it was made.
    for text in (name, *(header(attributes, key) for key in DESCRIPTIONS)):
        spaced = text.replace("_", " ")
        for row in _table()["words"]:
            found = re.search(row["words"], spaced, re.IGNORECASE)
            if found:
                return SeriesKindProposal(SeriesKind(row["kind"]), f"Its description {text!r} says {found[0]!r}.")
    return None


def _by_image_type(attributes: Mapping[str, Any]) -> SeriesKindProposal | None:
    image_type = header(attributes, "ImageType")
    for row in _table()["image_types"]:
        if re.search(row["words"], image_type, re.IGNORECASE):
            return SeriesKindProposal(SeriesKind(row["kind"]), f"Its image type is {image_type}.")
    return None


def _by_b_value(attributes: Mapping[str, Any]) -> SeriesKindProposal | None:
    b_values = header_numbers(attributes, "DiffusionBValue")
    if not b_values:
        return None
    return SeriesKindProposal(SeriesKind.DWI, f"It has b-values ({', '.join(f'{b:g}' for b in b_values)} s/mm²).")


def _by_times(attributes: Mapping[str, Any]) -> SeriesKindProposal | None:
    times = {name: values[0] for name, key in TIMES.items() if (values := header_numbers(attributes, key))}
    for row in _table()["times_ms"]:
        limits = {key: value for key, value in row.items() if key != "kind"}
        if all(_keeps(times.get(key.split("_")[1]), key, value) for key, value in limits.items()):
            told = ", ".join(f"{name.upper()} {value:g} ms" for name, value in times.items())
            return SeriesKindProposal(SeriesKind(row["kind"]), f"Its times are usual for {row['kind']}: {told}.")
    return None


def _keeps(value: float | None, limit: str, number: float) -> bool:
    if value is None:
        return False
    return value >= number if limit.startswith("least") else value <= number


def _with_contrast(found: SeriesKindProposal, attributes: Mapping[str, Any], name: str) -> SeriesKindProposal:
    """T1 as post-contrast T1 where an agent was given."""
    if found.kind is not SeriesKind.T1:
        return found
    is_contrast = is_contrast_given(attributes, name)
    if is_contrast:
        return SeriesKindProposal(SeriesKind.T1_POST_CONTRAST, f"{found.sentence} A contrast agent is named.")
    said = "It is named as without contrast." if is_contrast is False else "No contrast agent is named."
    return SeriesKindProposal(SeriesKind.T1, f"{found.sentence} {said}")


@cache
def _table() -> dict[str, Any]:
    text = files("brachyresponse.response.schedule").joinpath("data", "series_words.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
