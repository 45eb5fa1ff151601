"""The result files of a perfusion study, and what is printed of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brachyresponse.command_line.messages import warn
from brachyresponse.perfusion.study import JudgedStudy, write_study
from brachyresponse.pictures.perfusion_pictures import perfusion_pictures
from brachyresponse.report.markup import Markup
from brachyresponse.report.perfusion_report import PerfusionReport, perfusion_report_html


def write_results(
    judged: JudgedStudy, inputs: Sequence[tuple[str, str]], sections: Sequence[Markup], folder: Path
) -> None:
    """Write all files of a study into a folder.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    pictures = perfusion_pictures(judged.study)
    if pictures.missing:
        warn(pictures.missing)
    write_study(judged, folder)
    report = PerfusionReport(judged, pictures, sections, inputs)
    (folder / "report.html").write_text(perfusion_report_html(report), encoding="utf-8")


def needs_a_person(judged: JudgedStudy) -> bool:
    """Tell whether a judged ratio is not evaluable, or there is a warning."""
    statistic = judged.study.request.settings.statistic
    refused = any(row.value is None for row in judged.record.ratios if row.statistic == statistic)
    return refused or bool(judged.record.warnings)


def print_summary(judged: JudgedStudy, folder: Path) -> None:
    """Print the ratios, what may be concluded, warnings, and where the report is."""
    statistic = judged.study.request.settings.statistic
    for visit in judged.visits():
        row = visit.after
        if row.statistic == statistic:
            value = "not evaluable" if row.value is None else f"{row.value:.2f} ({row.low:.2f} to {row.high:.2f})"
            before = "" if visit.before is None or visit.before.value is None else f", before {visit.before.value:.2f}"
            print(f"{row.lesion}: {row.label} {value}{before}")
    for one in judged.interpretations.values():
        print(f"{one.lesion}: {one.headline}")
    for warning in judged.record.warnings:
        print(f"warning: {warning}")
    print(f"Report: {folder / 'report.html'}")
