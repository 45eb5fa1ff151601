"""A study as tables: one row a lesion and visit, one row a visit."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.planning import Table
from brachyresponse.planning.exports import Cell
from brachyresponse.response.case import CaseLesion, CaseVisit, LesionPart, NewLesion, as_json
from brachyresponse.response.case.keys import HISTOLOGY_OF_TUMOUR, OPTION_KEYS, SIZES
from brachyresponse.response.criteria import VisitAssessment
from brachyresponse.response.study.case_table import (
    CASE,
    DATE,
    IDH,
    LESION,
    NEW,
    NOT_READ,
    OF_CASE,
    OF_LESION,
    OF_NEW_LESION,
    OF_VISIT,
    TUMOUR,
)
from brachyresponse.response.study.entries import MeasurementEntry
from brachyresponse.response.study.study import ResponseStudy

Cells = dict[str, object]

LESION_COLUMNS = (
    CASE, DATE, LESION, *OF_CASE, TUMOUR, IDH, *OPTION_KEYS, *OF_VISIT, *OF_LESION, *SIZES, *OF_NEW_LESION, *NOT_READ,
)  # fmt: skip
VISIT_COLUMNS = (
    "date", "role", "sum", "unit", "percent_from_baseline", "percent_from_nadir", "nadir", "target_response",
    "category", "label", "deviations", "confirmed", "why", "rule", "source", "adjudicated",
    "adjudication reason", "adjudicated by", "non_target",
    "t2_flair", "steroid_dose_mg", "steroid_trend", "clinical_status", "histology",
)  # fmt: skip


def measurement_table(study: ResponseStudy) -> Table:
    """Return one row a lesion and visit, and a part of a lesion that fell apart; it can be read as a case again."""
    rows = (row for visit in study.case.visits for row in _lesion_rows(study, visit))
    return Table("Measurements", LESION_COLUMNS, tuple(rows))


def visit_table(study: ResponseStudy) -> Table:
    """Return one row a visit: the category, why, and the reader's word beside it."""
    pairs = zip(study.case.visits, study.assessment.visits, strict=True)
    return Table("Visits", VISIT_COLUMNS, tuple(_visit_row(study, visit, found) for visit, found in pairs))


def _lesion_rows(study: ResponseStudy, visit: CaseVisit) -> Iterator[tuple[Cell, ...]]:
    about = _about(study, visit)
    if not visit.lesions and not visit.new_lesions:
        yield _row(about)
    for lesion in visit.lesions:
        how = _how(study.measurement(visit.date, lesion.id))
        for sized in lesion.parts or (lesion,):
            yield _row(about | how | _lesion(lesion, sized))
    for new in visit.new_lesions:
        yield _row(about | _how(study.measurement(visit.date, new.id)) | _new(new))


def _row(cells: Cells) -> tuple[Cell, ...]:
    return tuple(_cell(cells.get(name)) for name in LESION_COLUMNS)


def _about(study: ResponseStudy, visit: CaseVisit) -> Cells:
    """Case and visit, which stand in each row."""
    case = study.case
    return {
        "case": case.id,
        "patient_id": study.patient_id,
        **{name: getattr(case, name) for name in ("title", "criteria", "radiation_end", "treatment_start")},
        **_tumour(study),
        **as_json(case)["options"],
        "date": visit.date,
        "visit": visit.role,
        **_facts(visit),
    }


def _tumour(study: ResponseStudy) -> Cells:
    tumour = study.treatments.tumour if study.treatments else None
    return {TUMOUR: tumour.type, IDH: tumour.idh} if tumour else {}


def _facts(visit: CaseVisit) -> Cells:
    named = ("non_target", "t2_flair", "steroid_dose_mg", "steroid_trend", "clinical_status")
    histology = HISTOLOGY_OF_TUMOUR if visit.has_histology_of_tumour else None
    return {**{name: getattr(visit, name) for name in named}, "histology": histology}


def _how(entry: MeasurementEntry | None) -> Cells:
    """How a lesion was measured, and its sizes, which a new lesion has nowhere else."""
    if entry is None:
        return {}
    return {**{name: getattr(entry, name) for name in (*SIZES, *NOT_READ)}, "warnings": " ".join(entry.warnings)}


def _lesion(lesion: CaseLesion, sized: CaseLesion | LesionPart) -> Cells:
    words = {name: getattr(lesion, name) for name in ("role", "organ", "kind", "state", "merged_into")}
    return {"lesion": lesion.id, **words, **{size: getattr(sized, size) for size in SIZES}}


def _new(lesion: NewLesion) -> Cells:
    return {
        "lesion": lesion.id,
        "role": NEW,
        "field": lesion.field,
        "measurable": lesion.is_measurable,
        "certainty": lesion.certainty,
    }


def _visit_row(study: ResponseStudy, visit: CaseVisit, found: VisitAssessment) -> tuple[Cell, ...]:
    rule, said = found.deciding_rule, study.adjudication(visit.date)
    cells: tuple[object, ...] = (
        visit.date, visit.role, found.sum, found.unit, found.percent_from_baseline, found.percent_from_nadir,
        found.nadir, found.target_response, found.category, found.label, " ".join(found.deviations), found.confirmed,
        found.sentence, rule and rule.rule_id, rule and rule.source, said and said.category, said and said.reason,
        said and said.by,
        *_facts(visit).values(),
    )  # fmt: skip
    return tuple(map(_cell, cells))


def _cell(value: object) -> Cell:
    """A value in a table: what is not known stays empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, (int, float)) else str(value)
