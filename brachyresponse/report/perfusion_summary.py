"""First page of a perfusion report: whose it is, what may be concluded, what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.perfusion.interpretation import Verdict
from brachyresponse.perfusion.study import PRE_TREATMENT
from brachyresponse.report.document import bullets, facts, section
from brachyresponse.report.markup import Markup, element, joined

if TYPE_CHECKING:
    from brachyresponse.perfusion.interpretation import Interpretation, Sentence
    from brachyresponse.perfusion.study import JudgedStudy, PerfusionRecord

COLOURS = {
    Verdict.HYPERPERFUSED: "fail",
    Verdict.ABSENCE_COUNTS: "pass",
    Verdict.ABSENCE_UNRELIABLE: "open",
    Verdict.ABSENCE_WEAKENED: "open",
    Verdict.NOT_EVALUABLE: "open",
}
NO_LESION = "No lesion was given: there are maps, but nothing is compared."


def header(judged: JudgedStudy) -> Markup:
    """Return patient, dates, series, arterial input function and lesions."""
    record = judged.record
    series = record.series
    return facts(
        [
            ("Patient ID", record.patient_id),
            ("Scan of", _scan(record)),
            ("Series", f"{series.frames} frames, {series.last_s - series.first_s:.0f} s"),
            ("Pre-treatment scan", _before(judged)),
            ("Geometry", series.geometry),
            ("AIF", f"{record.aif.method}, {record.aif.verdict}" if record.aif else "none"),
            ("Lesions", ", ".join(f"{one.name} ({one.volume_cc:.2f} cc)" for one in record.lesions)),
            ("Drugs", record.drug or "none told"),
        ]
    )


def reading_boxes(judged: JudgedStudy) -> Markup:
    """Return what may be concluded of each lesion, every sentence with the source of its rule."""
    if judged.is_pre_treatment:
        return element("p", element("b", "Pre-treatment scan. "), PRE_TREATMENT, class_="stamped")
    if not judged.interpretations:
        return element("p", NO_LESION, class_="stamped")
    return joined(*(_reading(one) for one in judged.interpretations.values()))


def what_to_watch(judged: JudgedStudy) -> Markup:
    """Return the warnings of the study, one sentence each."""
    unknown = () if judged.timing is None else judged.timing.unknown
    return section("What to watch", bullets([*judged.record.warnings, *unknown]), class_="watch")


def _reading(found: Interpretation) -> Markup:
    headline = element("span", found.headline, class_=COLOURS[found.verdict])
    weight = element("span", f"weight of a low ratio: {found.weight:g}", class_="quiet")
    shown = (
        [headline, " (", weight, ")"]
        if found.verdict in (Verdict.ABSENCE_COUNTS, Verdict.ABSENCE_WEAKENED)
        else [headline]
    )
    return element(
        "div",
        element("p", element("b", f"{found.lesion}: "), *shown, class_="verdict"),
        bullets(_with_source(one) for one in found.sentences),
        class_="reading",
    )


def _with_source(one: Sentence) -> Markup:
    return joined(one.text, " ", element("abbr", f"[{one.rule}]", title=one.source, class_="quiet"))


def _scan(record: PerfusionRecord) -> str:
    if record.scan_date is None:
        return ""
    if record.treatment_date is None:
        return record.scan_date.isoformat()
    days = (record.scan_date - record.treatment_date).days
    return f"{record.scan_date.isoformat()} ({abs(days)} days {'after' if days >= 0 else 'before'} treatment)"


def _before(judged: JudgedStudy) -> str:
    if judged.is_pre_treatment:
        return "this one"
    if judged.before is None:
        return "none given"
    day = judged.before.scan_date
    return f"{day.isoformat() if day else 'date not known'}, {judged.before.kind.upper()}"
