"""The result files of a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from brachyresponse.command_line.biology import ComputedDose, biological_results
from brachyresponse.command_line.messages import print_what_is_broken, warn
from brachyresponse.command_line.plan_case import PlannedCase
from brachyresponse.command_line.plan_optimise_files import optimised_sections, write_optimised
from brachyresponse.dose.biology import Exposure
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Volume
from brachyresponse.pictures import plan_pictures
from brachyresponse.planning import (
    PlanEvaluation,
    SheetOptions,
    dvh_table,
    evaluate_plan,
    loading_sheet,
    metrics_table,
    write_csv,
    write_loading_csv,
    write_plan,
    write_seeds_csv,
)
from brachyresponse.progress import Report, share_of
from brachyresponse.report import PlanReport, loading_sheet_html, plan_report_html
from brachyresponse.report.markup import NOTHING, Markup

FIRST_FIGURES = ("d90", "v100", "v150", "v200")


def write_results(case: PlannedCase, folder: Path, report: Report) -> PlanEvaluation:
    """Compute a plan, write all its files into a folder, and return what was computed.

    A plan whose seeds cannot be loaded as they lie (they overlap on a needle) has no loading sheet: a note says why.

    Raises
    ------
    BrachyResponseError
        The plan cannot be computed, or a file cannot be written.
    """
    _write_sheet(case, folder)
    evaluation = evaluate_plan(
        case.plan,
        case.source,
        case.anatomy,
        case.dose_grid,
        profile=case.profile,
        report=share_of(report, 0.0, 0.7),
    )
    report(0.7, "Pictures")
    pictures = plan_pictures(evaluation, case.anatomy, case.image)
    if pictures.implant is None:
        warn(pictures.implant_missing)
    report(0.9, "Writing results")
    write_plan(case.plan, folder / "plan.json")
    _write_dose(evaluation, folder / "dose.nrrd")
    write_csv(dvh_table(evaluation), folder / "dvh.csv")
    write_csv(metrics_table(evaluation), folder / "metrics.csv")
    write_seeds_csv(case.plan, case.source, folder / "seeds.csv")
    optimised = NOTHING
    if case.optimised is not None:
        write_optimised(case.optimised, folder)
        optimised = optimised_sections(case.optimised)
    biology, warnings = _biology(case, evaluation, folder)
    evaluation = replace(evaluation, warnings=(*evaluation.warnings, *warnings))
    content = PlanReport(evaluation, case.source, pictures, case.inputs, case.notes, biology, optimised)
    _write_text(plan_report_html(content), folder / "report.html")
    return evaluation


def needs_a_person(evaluation: PlanEvaluation, folder: Path) -> bool:
    """Tell whether a rule or limit is broken or cannot be judged, there is a warning, or no loading sheet."""
    if not (folder / "loading_sheet.csv").exists():
        return True
    broken = any(found.passed is False for found in evaluation.findings)
    return broken or not all(found.passed for found in evaluation.limits) or bool(evaluation.warnings)


def print_summary(evaluation: PlanEvaluation, folder: Path) -> None:
    """Print the figures that are looked at first, what is broken, and where the report is."""
    for name in evaluation.metrics:
        figures = (evaluation.metric(name, metric_id) for metric_id in FIRST_FIGURES)
        print(f"{name}: {', '.join(f'{metric.label} {metric.text}' for metric in figures)}")
    print_what_is_broken(evaluation.findings, evaluation.limits, evaluation.warnings)
    print(f"Report: {folder / 'report.html'}")


def _write_sheet(case: PlannedCase, folder: Path) -> None:
    if case.to_load is None:
        warn("There is no loading sheet: no seed remains to be implanted.")
        return
    try:
        sheet = loading_sheet(case.to_load, case.source, options=SheetOptions(reference_date=case.reference_date))
    except PlanError as error:
        warn(f"There is no loading sheet: {error}")
        return
    write_loading_csv(sheet, folder / "loading_sheet.csv")
    _write_text(loading_sheet_html(sheet), folder / "loading_sheet.html")


def _biology(case: PlannedCase, evaluation: PlanEvaluation, folder: Path) -> tuple[Markup, tuple[str, ...]]:
    dose = Volume("dose", evaluation.dose_gy, evaluation.grid, "Gy")
    computed = ComputedDose(dose, Exposure.of(case.source), evaluation.dvhs, case.anatomy.structures)
    return biological_results(case.biology, computed, folder)


def _write_dose(evaluation: PlanEvaluation, path: Path) -> None:
    import SimpleITK as sitk

    image = evaluation.grid.to_image(evaluation.dose_gy)
    image.SetMetaData("content", evaluation.plan.dose_description)
    sitk.WriteImage(image, str(path), useCompression=True)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
