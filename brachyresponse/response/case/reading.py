"""Cases from JSON objects and files; the names of the fields are those of ``cases.json``.

A case has ``id``, ``title``, ``criteria``, ``options``, ``radiation_end``, ``treatment_start`` and ``visits``; a visit
``date``, ``role``, ``lesions``, ``non_target``, ``t2_flair``, ``steroid_dose_mg``, ``steroid_trend``,
``clinical_status``, ``histology``, ``new_lesions`` and, where they differ between visits, ``antiangiogenic`` and
``immunotherapy``. What is unknown is null or left out. Dates are ISO 8601, sizes
mm and mL. Any other key is refused, save those in :data:`KEYS_OF_OTHERS`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.planning.record import Record
from brachyresponse.response.case.case import CaseLesion, CaseOptions, CaseVisit, LesionPart, NewLesion, ResponseCase
from brachyresponse.response.case.checks import check_case
from brachyresponse.response.case.keys import (
    CASE_KEYS,
    DRUG_FLAGS,
    FLAGS,
    HISTOLOGY_OF_TUMOUR,
    KEYS_OF_OTHERS,
    LESION_KEYS,
    NEW_LESION_KEYS,
    OPTION_KEYS,
    PART_KEYS,
    SIZES,
    VISIT_KEYS,
)
from brachyresponse.response.vocabulary import (
    Certainty,
    ClinicalStatus,
    CriteriaName,
    FieldPosition,
    LesionKind,
    LesionRole,
    LesionState,
    Measure,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
    VisitRole,
)

Value = TypeVar("Value")


def read_case(source: Mapping[str, Any] | str | Path) -> ResponseCase:
    """Return the checked case of a JSON object, or of a file that holds one.

    Raises
    ------
    InputFileError
        The file cannot be read, or a key or a word is not known; the message names the nearest right key, or the
        words that are allowed.
    ResponseError
        The case contradicts itself: see :func:`check_case`.
    """
    fields = source if isinstance(source, Mapping) else _fields_of_file(Path(source))
    record = Record(f"Case {fields.get('id') or 'without id'}", fields)
    record.refuse_unknown((*CASE_KEYS, *KEYS_OF_OTHERS))
    known: dict[str, CaseLesion] = {}
    case = ResponseCase(
        id=record.text("id"),
        criteria=record.choice("criteria", CriteriaName),
        visits=tuple(_visit(visit, place, known) for place, visit in enumerate(record.records("visits"), start=1)),
        title=_optional_text(record, "title") or "",
        options=_options(record.part("options")) if record.has("options") else CaseOptions(),
        radiation_end=record.optional_day("radiation_end"),
        treatment_start=record.optional_day("treatment_start"),
    )
    check_case(case)
    return case


def _fields_of_file(path: Path) -> Mapping[str, Any]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{path.name} is not JSON: {error}; the file is damaged or of another kind.") from error
    if not isinstance(fields, dict):
        raise InputFileError(f"{path.name} holds {type(fields).__name__}, expected an object with fields in braces.")
    if "cases" in fields and "visits" not in fields:
        raise InputFileError(f"{path.name} holds many cases under 'cases', expected one: give them one by one.")
    return fields


def _options(record: Record) -> CaseOptions:
    record.refuse_unknown(OPTION_KEYS)
    flags = {name: record.flag(key) for key, name in FLAGS.items() if record.has(key)}
    return CaseOptions(
        measure=_word(record, "measure", Measure, Measure.TWO_D),
        min_sd_weeks=record.whole("min_sd_weeks", 0),
        **flags,
    )


def _visit(record: Record, place: int, known: dict[str, CaseLesion]) -> CaseVisit:
    """Read a visit; ``known`` has the lesions of the visits before it by their ids."""
    record.where = f"{record.where.rsplit(':', 1)[0]}: visit {record.text('date') if record.has('date') else place}"
    if record.has("criteria"):
        raise InputFileError(
            f"{record.where} names criteria of its own ({record.text('criteria')}), expected one set for the whole "
            "case: criteria cannot change half way; make a second case with its own baseline."
        )
    record.refuse_unknown(VISIT_KEYS)
    return CaseVisit(
        date=record.day("date"),
        role=record.choice("role", VisitRole),
        lesions=tuple(_lesion(lesion, known) for lesion in _list(record, "lesions")),
        non_target=_word(record, "non_target", NonTargetStatus, NonTargetStatus.NONE),
        t2_flair=_word(record, "t2_flair", T2Flair, T2Flair.NOT_ASSESSED),
        steroid_dose_mg=record.optional_number("steroid_dose_mg"),
        steroid_trend=record.choice("steroid_trend", SteroidTrend) if record.has("steroid_trend") else None,
        clinical_status=_word(record, "clinical_status", ClinicalStatus, ClinicalStatus.NOT_ASSESSED),
        has_histology_of_tumour=_histology(record),
        new_lesions=tuple(_new_lesion(lesion) for lesion in _list(record, "new_lesions")),
        **{name: record.flag(key) for key, name in DRUG_FLAGS.items() if record.has(key)},
    )


def _histology(record: Record) -> bool:
    found = _optional_text(record, "histology")
    if found not in (None, HISTOLOGY_OF_TUMOUR):
        raise InputFileError(
            f"{record.where}: 'histology' is {found!r}, expected {HISTOLOGY_OF_TUMOUR!r} or null: the criteria know "
            "only viable tumour; give any other finding as an adjudication."
        )
    return found is not None


def _lesion(record: Record, known: dict[str, CaseLesion]) -> CaseLesion:
    """Read a lesion; role, organ and kind need to be given once only."""
    record = _named(record, "lesion")
    record.refuse_unknown(LESION_KEYS)
    name = record.text("id")
    before = known.get(name, CaseLesion(name))
    lesion = CaseLesion(
        id=name,
        role=_word(record, "role", LesionRole, before.role),
        organ=_optional_text(record, "organ") or before.organ,
        kind=_word(record, "kind", LesionKind, before.kind),
        state=_word(record, "state", LesionState, LesionState.MEASURED),
        parts=tuple(_part(part) for part in _list(record, "parts")),
        merged_into=_optional_text(record, "merged_into"),
        **_sizes(record),
    )
    known.setdefault(name, lesion)
    return lesion


def _part(record: Record) -> LesionPart:
    record.refuse_unknown(PART_KEYS)
    return LesionPart(**_sizes(record))


def _new_lesion(record: Record) -> NewLesion:
    record = _named(record, "new lesion")
    record.refuse_unknown(NEW_LESION_KEYS)
    return NewLesion(
        id=record.text("id"),
        field=_word(record, "field", FieldPosition, FieldPosition.NOT_APPLICABLE),
        is_measurable=record.flag("measurable", False),
        certainty=_word(record, "certainty", Certainty, Certainty.UNEQUIVOCAL),
    )


def _named(record: Record, noun: str) -> Record:
    """The record, called by its id instead of by its place in the list."""
    if record.has("id"):
        record.where = f"{record.where.rsplit(':', 1)[0]}: {noun} {record.text('id')}"
    return record


def _sizes(record: Record) -> dict[str, Any]:
    return {size: record.optional_number(size) for size in SIZES}


def _list(record: Record, key: str) -> list[Record]:
    return list(record.records(key)) if record.has(key) else []


def _optional_text(record: Record, key: str) -> str | None:
    return record.text(key) if record.has(key) else None


def _word(record: Record, key: str, kind: Any, default: Value) -> Value:
    word: Value = record.choice(key, kind) if record.has(key) else default
    return word
