"""First page of a response report: whose it is, the category now and why, what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_words import category_mark, if_known, unverified

if TYPE_CHECKING:
    from brachyresponse.response.study import ResponseStudy

NO_SCHEDULE = "No schedule was chosen, so that nothing is said of the next scan."


def header(study: ResponseStudy) -> Markup:
    """Return patient, criteria with their badge, dates, and the response over all visits."""
    found, visits = study.assessment, study.case.visits
    tumour = study.treatments.tumour if study.treatments else None
    progression = found.progression_date
    return facts(
        [
            ("Patient ID", study.patient_id),
            ("Criteria", study.assessment.criteria.title),
            ("Case", study.case.title or study.case.id),
            ("Tumour", tumour.describe() if tumour else ""),
            ("Visits", f"{len(visits)}, {visits[0].date} to {visits[-1].date}"),
            ("End of radiation", _radiation_end(study)),
            ("Baseline", study.case.baseline.date),
            ("Best overall response", category_mark(found.best_overall_response)),
            ("Report of", study.today),
            ("Day of progression", progression or "none"),
        ]
    )


def _radiation_end(study: ResponseStudy) -> str:
    """Return the day used; of a permanent implant with how much of its dose was given by then."""
    end = study.radiation_end
    share = "" if end.delivered_share is None else f", {100 * end.delivered_share:.0f} % of the dose delivered"
    return f"{end.date}{share}" if end.date else ""


def criteria_title(study: ResponseStudy) -> Markup:
    """Return the criteria with their badge, and with the measure where there is a choice."""
    criteria = study.assessment.criteria
    measure = f", {study.case.options.measure}" if len(criteria.thresholds) > 1 else ""
    badge = joined(" ", element("span", criteria.badge, class_="badge")) if criteria.badge else NOTHING
    return joined(criteria.title, measure, badge)


def state_box(study: ResponseStudy) -> Markup:
    """Return the present state: category, the rule that decided it, the next scan, and the reader's word beside."""
    last = study.assessment.visits[-1]
    reader = study.adjudication(last.date)
    mark = category_mark(last.category, reader.category if reader else None)
    parts = [element("p", f"On {last.date}: ", mark, class_="verdict")]
    parts.append(element("p", element("b", "Why: "), _why(study)))
    if last.if_known:
        label = f" ({last.label})" if last.label else ""
        parts += [element("p", element("b", f"From what is known{label}:")), if_known(last)]
    if reader is not None:
        parts.append(element("p", element("b", "The reader's word: "), reader.describe()))
    if last.deviations:
        parts.append(element("p", " ".join(last.deviations)))
    due = study.schedule.sentence if study.schedule else NO_SCHEDULE
    parts.append(element("p", element("b", "Schedule: "), due))
    return element("div", *parts, class_="reading")


def state_sentence(study: ResponseStudy) -> str:
    """Return the present category, the rule that decided it and the next scan in a sentence or two."""
    last = study.assessment.visits[-1]
    rule = last.deciding_rule
    said = [f"{last.date}: {last.category or 'before the baseline'}.", str(rule or "")]
    said.append(study.schedule.sentence if study.schedule else "")
    return " ".join(sentence for sentence in said if sentence)


def what_to_watch(study: ResponseStudy) -> Markup:
    """Return the warnings, one sentence each."""
    return section("What to watch", bullets(study.warnings), class_="watch")


def _why(study: ResponseStudy) -> Markup:
    rule = study.assessment.visits[-1].deciding_rule
    return joined(rule.sentence, unverified(rule)) if rule else joined("the visit is before the baseline.")
