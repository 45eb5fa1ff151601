"""What is true of a case beside what was found: the ``expected`` part of the schema of worked cases.

``visits``, each with ``date`` and any of ``category``, ``sum``, ``target_response``, ``percent_from_baseline``,
``percent_from_nadir``, ``confirmed`` and ``lesions`` (``id`` and sizes); ``best_overall_response`` and
``progression_date``. What is absent is not compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.planning.record import Record
from brachyresponse.report.verification_truth import TruthRow

if TYPE_CHECKING:
    from brachyresponse.response.criteria import VisitAssessment
    from brachyresponse.response.study import ResponseStudy

WORDS = ("category", "target_response", "confirmed")
NUMBERS = ("sum", "percent_from_baseline", "percent_from_nadir")
SIZES = ("longest_mm", "perpendicular_mm", "short_axis_mm", "volume_ml")
SIZE_TOLERANCE = 0.005
"""Differences of sums and sizes below it are those of rounding."""
DIFFERS, PERCENT = "differs", " %"
NUMBER = re.compile(r"-?[\d.]+")


def read_truth_of_case(path: Path) -> dict[str, Any]:
    """Return what a file says is true: the object itself, or its ``expected`` part.

    Raises
    ------
    InputFileError
        The file cannot be read, or has no visits with an answer.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputFileError(f"{path.name} cannot be read as truth: {reason_of(error)}.") from error
    truth = checked_truth(fields.get("expected", fields) if isinstance(fields, dict) else fields, path.name)
    if not any(key in visit for visit in truth.get("visits", ()) for key in (*WORDS, *NUMBERS)):
        raise InputFileError(f"{path.name} holds no known answer: give visits with {', '.join((*WORDS, *NUMBERS))}.")
    return truth


def checked_truth(expected: Any, where: str) -> dict[str, Any]:
    """Return the ``expected`` part of a worked case; nothing for null.

    Raises
    ------
    InputFileError
        It is no object with visits, or a field is of another type.
    """
    if expected is None:
        return {}
    if not isinstance(expected, dict):
        raise InputFileError(f"{where}: what is expected is {expected!r}, expected an object with 'visits'.")
    record = Record(f"{where}: expected", expected)
    for visit in record.records("visits"):
        visit.day("date")
        for key in NUMBERS:
            visit.optional_number(key)
        for lesion in visit.records("lesions") if visit.has("lesions") else ():
            lesion.text("id")
            for key in SIZES:
                lesion.optional_number(key)
    return expected


def truth_rows(study: ResponseStudy, expected: Mapping[str, Any]) -> tuple[TruthRow, ...]:
    """Return truth beside result, visit by visit; only what the truth speaks of."""
    rows: list[TruthRow] = []
    found = {visit.date.isoformat(): visit for visit in study.assessment.visits}
    for true in expected.get("visits", ()):
        visit = found.get(true["date"])
        if visit is None:
            rows.append(TruthRow(true["date"], "a visit", "no visit", DIFFERS))
            continue
        rows += _visit_rows(true, visit)
        rows += _lesion_rows(true, study, visit)
    if "best_overall_response" in expected:
        rows.append(
            _word("Best overall response", expected["best_overall_response"], study.assessment.best_overall_response)
        )
    if "progression_date" in expected:
        day = study.assessment.progression_date
        rows.append(_word("Day of progression", expected["progression_date"], day.isoformat() if day else None))
    return tuple(rows)


def differences(rows: Iterable[TruthRow]) -> tuple[TruthRow, ...]:
    """Return the rows whose category or day is other than it should be; sizes are measured, and always differ."""
    return tuple(row for row in rows if row.apart == DIFFERS)


def truth_words(rows: Sequence[TruthRow]) -> str:
    """Return in a few words how truth and result agree: the words of it, and by how much sizes differ at most."""
    sizes = [abs(float(row.apart.removesuffix(PERCENT))) for row in rows if row.apart.endswith(PERCENT)]
    words = [row for row in rows if not NUMBER.fullmatch(row.truth)]
    wrong = differences(words)
    said = f"{len(words) - len(wrong)} of {len(words)} agree" if wrong else f"all {len(words)} agree"
    return f"{said}, sizes within {max(sizes):.1f} %" if sizes else said


def _visit_rows(true: Mapping[str, Any], visit: VisitAssessment) -> Iterator[TruthRow]:
    for key in WORDS:
        if key in true:
            yield _word(f"{visit.date}: {key.replace('_', ' ')}", true[key], getattr(visit, key))
    for key in NUMBERS:
        if key in true:
            yield _number(f"{visit.date}: {key.replace('_', ' ')}", true[key], getattr(visit, key))


def _lesion_rows(true: Mapping[str, Any], study: ResponseStudy, visit: VisitAssessment) -> Iterator[TruthRow]:
    case_visit = next(one for one in study.case.visits if one.date == visit.date)
    lesions = {lesion.id: lesion for lesion in case_visit.lesions}
    for each in true.get("lesions") or ():
        sized = lesions.get(each["id"]) or study.measurement(visit.date, each["id"])  # a new one is only measured
        for key in SIZES:
            if each.get(key) is not None:
                name = f"{visit.date}: {each['id']}, {key.removesuffix('_mm').removesuffix('_ml').replace('_', ' ')}"
                yield _number(name, each[key], getattr(sized, key) if sized else None)


def _word(quantity: str, true: object, found: object) -> TruthRow:
    shown, result = _shown(true), _shown(found)
    return TruthRow(quantity, shown, result, "" if shown == result else DIFFERS)


def _number(quantity: str, true: float | None, found: float | None) -> TruthRow:
    if true is None or found is None:
        return _word(quantity, true, found)
    difference = found - true
    apart = f"{difference:+.1f}" if "percent" in quantity or not true else f"{100 * difference / true:+.1f} %"
    return TruthRow(quantity, f"{true:.2f}", f"{found:.2f}", apart if abs(difference) >= SIZE_TOLERANCE else "")


def _shown(word: object) -> str:
    if isinstance(word, bool):
        return "yes" if word else "no"
    return "none" if word is None else str(word)
