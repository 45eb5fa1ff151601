"""The result files of a balloon plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from brachyresponse.command_line.balloon_case import BalloonInput
from brachyresponse.command_line.balloon_truth import truth_rows
from brachyresponse.command_line.biology import ComputedDose, biological_results
from brachyresponse.command_line.messages import print_what_is_broken
from brachyresponse.dose.biology import Exposure
from brachyresponse.geometry import Volume
from brachyresponse.pictures.balloon_pictures import balloon_pictures
from brachyresponse.planning import dvh_table, metrics_table, write_csv
from brachyresponse.planning.balloon import BalloonEvaluation, evaluate_balloon, write_balloon
from brachyresponse.planning.balloon.tables import depth_dose_table, sectors_table
from brachyresponse.planning.balloon.times import said
from brachyresponse.progress import Report, share_of
from brachyresponse.report.balloon_report import BalloonReport, balloon_report_html
from brachyresponse.report.balloon_truth import balloon_truth_section
from brachyresponse.report.markup import NOTHING, Markup

FIRST_FIGURES = ("dose_at_depth", "surface_dose", "surface_ratio", "sphericity")
NO_PAUSES = "The biological dose takes the interruptions off the time, but not the repair in them."


def write_results(case: BalloonInput, folder: Path, report: Report) -> BalloonEvaluation:
    """Compute a balloon plan, write all its files into a folder, and return what was computed.

    Raises
    ------
    BrachyResponseError
        The plan cannot be computed, or a file cannot be written.
    """
    evaluation = evaluate_balloon(
        case.plan, case.anatomy, case.dose_grid, profile=case.profile, report=share_of(report, 0.0, 0.7)
    )
    report(0.7, "Pictures")
    pictures = balloon_pictures(evaluation, case.anatomy, case.image)
    report(0.9, "Writing results")
    write_balloon(case.plan, folder / "balloon.json")
    _write_dose(evaluation, folder / "dose.nrrd")
    write_csv(dvh_table(evaluation), folder / "dvh.csv")
    write_csv(metrics_table(evaluation, first=evaluation.figures), folder / "metrics.csv")
    write_csv(sectors_table(evaluation.sectors), folder / "sectors.csv")
    write_csv(depth_dose_table(evaluation.curve), folder / "depth_dose.csv")
    biology, warnings = _biology(case, evaluation, folder)
    evaluation = replace(evaluation, warnings=(*evaluation.warnings, *warnings))
    truth = balloon_truth_section(truth_rows(evaluation, case.truth)) if case.truth else NOTHING
    content = BalloonReport(evaluation, pictures, case.inputs, case.notes, biology, truth)
    (folder / "report.html").write_text(balloon_report_html(content), encoding="utf-8")
    return evaluation


def needs_a_person(evaluation: BalloonEvaluation) -> bool:
    """Tell whether a rule or limit is broken, a limit cannot be judged, or there is a warning."""
    broken = any(found.passed is False for found in evaluation.findings)
    return broken or not all(found.passed for found in evaluation.limits) or bool(evaluation.warnings)


def print_summary(evaluation: BalloonEvaluation, folder: Path) -> None:
    """Print the figures that are looked at first, activity and time, what is broken, and where the report is."""
    plan = evaluation.plan
    figures = (evaluation.metric(plan.balloon_name, figure) for figure in FIRST_FIGURES)
    print(f"{plan.balloon_name}: {', '.join(f'{figure.label} {figure.text}' for figure in figures)}")
    d90 = evaluation.metric(plan.target, "d90")
    print(f"{plan.target}: {d90.label} {d90.text}, {evaluation.metric(plan.target, 'v100').text} at the prescription")
    print(
        f"Contained at filling: {plan.activity_at_filling_mbq:.5g} MBq ({plan.activity_at_filling_mbq / 37:.4g} mCi); "
        f"dwell time {plan.dwell_days * 24:.1f} h, removal {said(plan.removed)}"
    )
    print_what_is_broken(evaluation.findings, evaluation.limits, evaluation.warnings)
    print(f"Report: {folder / 'report.html'}")


def _biology(case: BalloonInput, evaluation: BalloonEvaluation, folder: Path) -> tuple[Markup, tuple[str, ...]]:
    dose = Volume("dose", evaluation.dose_gy, evaluation.grid, "Gy")
    exposure = Exposure.of(case.plan.source, duration_days=case.plan.dwell_days)
    structures = {**case.anatomy.structures, **evaluation.shells}
    section, warnings = biological_results(
        case.biology, ComputedDose(dose, exposure, evaluation.dvhs, structures), folder
    )
    pauses = [NO_PAUSES] if section and case.plan.interruptions else []
    return section, (*warnings, *pauses)


def _write_dose(evaluation: BalloonEvaluation, path: Path) -> None:
    import SimpleITK as sitk

    image = evaluation.grid.to_image(evaluation.dose_gy)
    image.SetMetaData("content", evaluation.plan.dose_description)
    sitk.WriteImage(image, str(path), useCompression=True)
