"""Whether a patient belongs to the population of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name

FILE = "populations.json"


def populations() -> tuple[str, ...]:
    """Return the words that a patient's tumour may be told by; those of the treatment record are among them."""
    return tuple(_words())


def population_fits(patient: str, study: Iterable[str]) -> bool | None:
    """Tell whether a patient belongs to the population of a study; None where the patient's tumour is not told.

    Parameters
    ----------
    patient
        One of :func:`populations`; empty where it is not known.
    study
        The populations of a marker's record.

    Raises
    ------
    ResponseError
        A word that is not known; the nearest is told.
    """
    if not patient:
        return None
    tumours = _row(patient)["tumours"]
    return any(tumour in _studied()[text] for text in study for tumour in tumours)


def population_is_in_brain(patient: str) -> bool | None:
    """Tell whether a tumour lies in the brain, where all markers were studied; None where it is not told.

    Raises
    ------
    ResponseError
        A word that is not known; the nearest is told.
    """
    return bool(_row(patient)["in_brain"]) if patient else None


def _row(patient: str) -> Mapping[str, Any]:
    words = _words()
    if patient not in words:
        raise unknown_name(patient, words, "population")
    return words[patient]


@cache
def _words() -> dict[str, Mapping[str, Any]]:
    return {row["word"]: row for row in evidence_data(FILE)["words"]}


@cache
def _studied() -> dict[str, frozenset[str]]:
    return {row["text"]: frozenset(row["tumours"]) for row in evidence_data(FILE)["populations"]}
