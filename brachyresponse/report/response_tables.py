"""Tables of a response report: treatments, radiation, site of failure, schedule, ratios, what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, facts, section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_words import DASH, UNVERIFIED, category_mark, in_words, unverified
from brachyresponse.response.field import failure_definition
from brachyresponse.response.schedule import RowStatus
from brachyresponse.response.timeline import hyperperfusion_limit, ratio_name, treatment_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brachyresponse.response.criteria import CriteriaSet, ResponseAssessment
    from brachyresponse.response.schedule import ScheduleRow
    from brachyresponse.response.study import ResponseStudy, SiteEntry

STATUS_CLASSES = {
    RowStatus.DONE: "pass",
    RowStatus.DUE: "open",
    RowStatus.OVERDUE: "fail",
    RowStatus.MISSED: "open",
}


def beside_section(study: ResponseStudy) -> Markup:
    """Return the categories by the criteria that are shown beside the chosen ones, and what these leave out."""
    return joined(*(_beside(one, study.warnings) for one in study.beside))


def _beside(found: ResponseAssessment, known: Sequence[str]) -> Markup:
    rows = []
    for visit in found.visits:
        rule = visit.deciding_rule
        why = joined(rule.sentence, unverified(rule)) if rule else DASH
        rows.append([visit.date, category_mark(visit.category), why])
    best = joined("Best overall response ", category_mark(found.best_overall_response), ", progression ")
    return section(
        f"Beside: {found.criteria.title}",
        table(["Visit", "Category", "Why"], rows),
        element("p", best, str(found.progression_date or "none"), "."),
        bullets(sentence for sentence in found.warnings if sentence not in known),
        class_="visits",
    )


def radiation_section(study: ResponseStudy) -> Markup:
    """Return the reference date, the early window that it makes, and the other days that could have been chosen."""
    criteria, end = study.assessment.criteria, study.radiation_end
    sentences: list[object] = [end.sentence] if end.date or criteria.early_window else []
    if criteria.early_window is None:
        sentences.append(f"{criteria.title} has no early window after radiation, so that no reference date is needed.")
    else:
        sentences.append(_early_window(criteria, criteria.early_window))
    others = study.treatments.reference_dates if study.treatments and criteria.early_window else ()
    rows = [
        [str(one.choice), one.date, DASH if one.delivered_share is None else f"{100 * one.delivered_share:.1f} %"]
        for one in others
    ]
    headings = ["Day that may be chosen", "Date", "Dose delivered by then"]
    return section(
        "End of radiation and early window",
        bullets(sentences),
        table(headings, rows, numbers=(2,)) if len(rows) > 1 else NOTHING,
    )


def _early_window(criteria: CriteriaSet, rule: str) -> Markup:
    days = round(criteria.number(rule))
    said = f"Early window of {criteria.title}: days 0 to {days - 1} after the end of radiation; day {days} is outside."
    return joined(said, NOTHING if criteria.facts[rule].is_verified else joined(" ", UNVERIFIED))


def site_section(study: ResponseStudy) -> Markup:
    """Return where lesions lie against the implant's dose, with the dose that they got."""
    headings = ["Visit", "Lesion", "Site", "In the isodose", "D50 (Gy)", "Dmin to Dmax (Gy)", "V100"]
    headings += ["To the isodose (mm)", "Why"]
    rows = [_site(one) for one in study.sites]
    if not rows:
        return NOTHING
    definition = failure_definition()
    note = element("p", f"{definition.title}. {definition.transfer} {definition.source}.", class_="quiet")
    return section("Site of failure", table(headings, rows, numbers=range(3, 8)), note, class_="sites")


def schedule_section(study: ResponseStudy) -> Markup:
    """Return the schedule with what was done, is due and is overdue, and what the next scan is to have."""
    state = study.schedule
    if state is None:
        return NOTHING
    rows = [[row.visit.label, row.due, _range(row), row.visited_on or DASH, _status(row)] for row in state.rows]
    asked = facts(
        [
            ("Next scan due", state.next_due or ("beyond the protocol" if state.is_beyond_protocol else "")),
            ("It is to have", "; ".join(state.sequences) or DASH),
            ("Advanced imaging", ", ".join(state.advanced_imaging) or "not called for"),
            ("On", state.today),
        ],
        columns=1,
    )
    return section(
        f"Schedule: {state.schedule.title}",
        element("p", state.sentence),
        asked,
        table(["Visit", "Due", "Counts from to", "Done", ""], rows),
        element("p", " ".join(state.notes), class_="quiet"),
    )


def treatment_section(study: ResponseStudy) -> Markup:
    """Return the treatment record in order of date."""
    record = study.treatments or ()
    rows = [
        [one.start, one.end or DASH, treatment_words(one), one.note or DASH]
        for one in sorted(record, key=lambda each: each.start)
    ]
    none = element("p", "No treatment is on record.", class_="quiet")
    return section("Treatments", table(["From", "To", "What", "Note"], rows) if rows else none, class_="treated")


def ratio_section(study: ResponseStudy) -> Markup:
    """Return the perfusion ratios over time; they inform the reader and change no category."""
    rows = [
        [one.date, one.lesion, ratio_name(one.map), _ratio(one.ratio, one.low, one.high), one.statistic]
        for one in study.perfusion
    ]
    limit = hyperperfusion_limit(study.perfusion)
    notes = ["Ratios inform the reader; none of them changes a category by rule.", *(limit.caveats if limit else ())]
    headings = ["Scan", "Lesion", "Ratio", "Lesion to white matter (95 % interval)", "Statistic"]
    return section("Perfusion", *([table(headings, rows, numbers=(3,)), bullets(notes)] if rows else []))


def assumption_section(study: ResponseStudy) -> Markup:
    """Return what the result rests on; what was not checked against its source is marked."""
    rows: list[list[object]] = []
    before = ""
    for one in study.assumptions:
        mark = NOTHING if one.is_verified else UNVERIFIED
        rows.append([NOTHING if one.about == before else one.about, joined(one.sentence, " ", mark)])
        before = one.about
    return section("What was assumed", table(["About", "What"], rows) if rows else NOTHING, class_="assumed")


def _site(one: SiteEntry) -> list[object]:
    site = element("b", in_words(one.site) if one.site else "not told", ", central" if one.is_central else "")
    inside = DASH if one.share_in_isodose is None else f"{100 * one.share_in_isodose:.0f} %"
    doses = [DASH if dose is None else f"{dose:.1f}" for dose in (one.d50_gy, one.d_min_gy, one.d_max_gy)]
    covered = DASH if one.v100_percent is None else f"{one.v100_percent:.0f} %"
    far = DASH if one.distance_to_isodose_mm is None else f"{one.distance_to_isodose_mm:+.1f}"
    why = " ".join((one.sentence, *one.warnings))
    return [one.visit, one.lesion, site, inside, doses[0], f"{doses[1]} to {doses[2]}", covered, far, why]


def _range(row: ScheduleRow) -> str:
    return DASH if row.first is None else f"{row.first} to {row.last}"


def _status(row: ScheduleRow) -> Markup:
    return element("span", str(row.status), class_=STATUS_CLASSES.get(row.status, "quiet"))


def _ratio(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "not evaluable"
    return f"{value:.2f}" if low is None or high is None else f"{value:.2f} ({low:.2f} to {high:.2f})"
