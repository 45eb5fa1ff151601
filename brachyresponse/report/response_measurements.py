"""Tables of a response report: the sum at each visit, and every lesion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_words import DASH, category_mark, in_words, percent, size_text, unit_text
from brachyresponse.response.study.targets import NOT_SAID
from brachyresponse.response.vocabulary import FieldPosition, LesionKind, LesionState, NonTargetStatus

if TYPE_CHECKING:
    from brachyresponse.response.case import CaseLesion, CaseVisit, NewLesion
    from brachyresponse.response.criteria import VisitAssessment
    from brachyresponse.response.study import MeasurementEntry, ResponseStudy

HEADINGS = ("Visit", "Lesion", "What", "Diameters (mm)", "Product (mm²)", "Volume (mL)", "Found", "Measured")
NOT_ASSESSED = "not_assessed"


def visit_table(study: ResponseStudy) -> Markup:
    """Return one row a visit: sum, its changes, what else counts, category; what no visit knows has no column."""
    known = [(name, value) for name, value in OPTIONAL if any(value(visit) for visit in study.case.visits)]
    sizes = [f"Sum ({unit_text(study.assessment.visits[-1].unit)})", "From baseline", "From nadir"]
    headings = ["Visit", *sizes, *_volume_heading(study), "By size alone", *(name for name, _ in known), "Category"]
    rows = []
    for visit, found in zip(study.case.visits, study.assessment.visits, strict=True):
        others = [value(visit) or DASH for _, value in known]
        rows.append([visit.date, *_sums(study, found), found.target_response or DASH, *others, _category(study, found)])
    deviations = dict.fromkeys(sentence for found in study.assessment.visits for sentence in found.deviations)
    return joined(table(headings, rows, numbers=range(1, 4 + len(_volume_heading(study)))), bullets(deviations))


def lesion_table(study: ResponseStudy) -> Markup:
    """Return one row a lesion and visit."""
    rows = []
    for visit in study.case.visits:
        of_visit = [_lesion_row(study, visit, lesion) for lesion in visit.lesions]
        of_visit += [_new_lesion_row(study, visit, lesion) for lesion in visit.new_lesions]
        rows += [[visit.date if number == 0 else NOTHING, *row] for number, row in enumerate(of_visit)]
    return table(HEADINGS, rows, numbers=(3, 4, 5)) if rows else NOTHING


def _volume_heading(study: ResponseStudy) -> list[str]:
    """The volume's change stands beside diameters, wherever volumes are known."""
    is_known = any(visit.volume_percent_from_baseline is not None for visit in study.assessment.visits)
    return ["Volume from baseline"] if is_known and study.assessment.visits[-1].unit != "mL" else []


def _sums(study: ResponseStudy, found: VisitAssessment) -> list[str]:
    total = DASH if found.sum is None else size_text(found.sum)
    volume = [percent(found.volume_percent_from_baseline)] if _volume_heading(study) else []
    return [total, percent(found.percent_from_baseline), percent(found.percent_from_nadir), *volume]


def _category(study: ResponseStudy, found: VisitAssessment) -> Markup:
    reader = study.adjudication(found.date)
    parts = [category_mark(found.category)]
    parts += [element("span", "imaging only", class_="quiet")] if found.is_imaging_only else []
    parts += [element("span", "deviates", class_="stamp")] if found.deviations else []
    parts += [joined("reader: ", category_mark(reader.category))] if reader else []
    return joined(*parts, separator=element("br"))


def _non_target(visit: CaseVisit) -> str:
    return "" if visit.non_target is NonTargetStatus.NONE else str(visit.non_target)


def _new(visit: CaseVisit) -> str:
    return ", ".join(lesion.id for lesion in visit.new_lesions)


def _t2_flair(visit: CaseVisit) -> str:
    return "" if visit.t2_flair == NOT_ASSESSED else in_words(visit.t2_flair)


def _clinical(visit: CaseVisit) -> str:
    return "" if visit.clinical_status == NOT_ASSESSED else in_words(visit.clinical_status)


def _steroids(visit: CaseVisit) -> str:
    dose = "" if visit.steroid_dose_mg is None else f"{visit.steroid_dose_mg:g} mg"
    trend = "" if visit.steroid_trend is None else str(visit.steroid_trend)
    return ", ".join(word for word in (dose, trend) if word)


OPTIONAL: tuple[tuple[str, Callable[[CaseVisit], str]], ...] = (
    ("New lesions", _new),
    ("Not summed", _non_target),
    ("T2/FLAIR", _t2_flair),
    ("Steroids", _steroids),
    ("Clinical state", _clinical),
)
"""Columns that are there where some visit has something in them."""


def _lesion_row(study: ResponseStudy, visit: CaseVisit, lesion: CaseLesion) -> list[object]:
    is_told = lesion.kind is LesionKind.ENHANCING or lesion.kind in lesion.organ
    organ = "" if lesion.organ == NOT_SAID else lesion.organ
    what = ", ".join(word for word in (lesion.role, organ, "" if is_told else lesion.kind) if word)
    measured = study.measurement(visit.date, lesion.id)
    entered = "as entered" if lesion.state is LesionState.MEASURED else DASH
    return [lesion.id, what, *_sizes(lesion), _found(lesion), _origin(measured) if measured else entered]


def _new_lesion_row(study: ResponseStudy, visit: CaseVisit, lesion: NewLesion) -> list[object]:
    place = "" if lesion.field is FieldPosition.NOT_APPLICABLE else f"{in_words(lesion.field)} the field"
    said = (str(lesion.certainty), "measurable" if lesion.is_measurable else "not measurable", place)
    measured = study.measurement(visit.date, lesion.id)
    sizes = _measured_sizes(measured) if measured else [DASH, DASH, DASH]
    origin = _origin(measured) if measured else DASH
    return [lesion.id, element("b", "new lesion"), *sizes, ", ".join(word for word in said if word), origin]


def _sizes(lesion: CaseLesion) -> list[str]:
    """Return diameters, product and volume; of a node the short axis."""
    if lesion.parts:
        return [" + ".join(f"{part.longest_mm:.1f}" for part in lesion.parts), DASH, DASH]
    second = lesion.short_axis_mm if lesion.kind is LesionKind.NODE else lesion.perpendicular_mm
    return _three(lesion.longest_mm, second, lesion.volume_ml)


def _measured_sizes(measured: MeasurementEntry) -> list[str]:
    return _three(measured.longest_mm, measured.perpendicular_mm, measured.volume_ml)


def _three(longest_mm: float | None, across_mm: float | None, volume_ml: float | None) -> list[str]:
    known = [f"{size:.1f}" for size in (longest_mm, across_mm) if size is not None]
    product = None if longest_mm is None or across_mm is None else longest_mm * across_mm
    volume = DASH if volume_ml is None else f"{volume_ml:.2f}"
    return [" × ".join(known) or DASH, DASH if product is None else size_text(round(product, 1)), volume]


def _found(lesion: CaseLesion) -> str:
    if lesion.state is LesionState.MERGED:
        return f"merged into {lesion.merged_into}"
    if lesion.state is LesionState.SPLIT:
        return f"split into {len(lesion.parts)}"
    return in_words(lesion.state)


def _origin(measured: MeasurementEntry) -> str:
    where = f", {measured.plane}" if measured.plane else ""
    return f"{measured.origin}{where}" + ("" if measured.slice is None else f" slice {measured.slice}")
