"""The result files of a verification."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brachyresponse.command_line.messages import print_what_is_broken, warn
from brachyresponse.command_line.verify_case import VerifiedCase
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid
from brachyresponse.geometry.grid import LPS_TO_RAS
from brachyresponse.pictures import verification_pictures
from brachyresponse.report import VerificationReport, verification_report_html
from brachyresponse.report.markup import Markup
from brachyresponse.types import AnyArray, FloatArray
from brachyresponse.verification import MetricComparison, Verification, write_verification

FIRST_FIGURES = ("d90", "v100", "v150", "v200")


def write_results(case: VerifiedCase, verification: Verification, sections: Sequence[Markup], folder: Path) -> None:
    """Write all files of a verification into a folder.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    pictures = verification_pictures(verification, case.image.volume)
    if pictures.implant is None:
        warn(pictures.implant_missing)
    write_verification(verification, folder)
    grid, plan = verification.implant.grid, verification.implant.plan
    _write_image(grid, verification.implant.dose_gy, plan.dose_description, folder / "dose.nrrd")
    _write_image(grid, verification.difference_gy, "implant less plan, Gy", folder / "difference.nrrd")
    write_transform(verification.request.registration.matrix, folder / "transform.tfm")
    content = VerificationReport(verification, pictures, sections, case.inputs, case.notes, case.warnings)
    (folder / "report.html").write_text(verification_report_html(content), encoding="utf-8")


def write_transform(plan_to_implant: FloatArray, path: Path) -> None:
    """Write a rigid motion, RAS (4, 4), as an ITK transform.

    ITK's transforms lead from where values are wanted to where they are taken, in LPS: this one from the implant to
    the plan, so that Slicer, which turns it back, moves the plan to the implant.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    import numpy as np
    import SimpleITK as sitk

    to_plan = LPS_TO_RAS @ np.linalg.inv(plan_to_implant) @ LPS_TO_RAS
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(to_plan[:3, :3].ravel().tolist())
    transform.SetTranslation(to_plan[:3, 3].tolist())
    try:
        sitk.WriteTransform(transform, str(path))
    except RuntimeError as error:
        raise InputFileError(f"The transform cannot be written to {path.name}: choose another folder.") from error


def needs_a_person(case: VerifiedCase, verification: Verification) -> bool:
    """Tell whether a limit is broken or cannot be judged, a seed has no partner, or there is a warning."""
    broken = any(finding.passed is False for finding in verification.findings)
    unpaired = len(verification.match.missing) + len(verification.match.extra)
    unjudged = not all(limit.passed for limit in verification.implant.limits)
    return broken or unjudged or unpaired > 0 or bool(verification.warnings or case.warnings)


def print_summary(case: VerifiedCase, verification: Verification, folder: Path) -> None:
    """Print the figures that are looked at first, what is broken, and where the report is."""
    match = verification.match
    print(
        f"Seeds: {verification.planned_seeds.count} planned, {verification.found.count} found, {match.count} paired, "
        f"{len(match.missing)} missing, {len(match.extra)} extra, {len(verification.migrated)} may have migrated"
    )
    for name in verification.implant.metrics:
        rows = (verification.metric(name, metric_id) for metric_id in FIRST_FIGURES)
        stamp = verification.request.stamp(name)
        print(f"{name}{f' ({stamp})' if stamp else ''}: {', '.join(_figure(row) for row in rows if row)}")
    said = (*case.warnings, *verification.warnings)
    print_what_is_broken(verification.findings, verification.implant.limits, said)
    print(f"Report: {folder / 'report.html'}")


def _figure(row: MetricComparison) -> str:
    implant, plan = (_shown(value, row.decimals) for value in (row.implant, row.plan))
    return f"{row.label} {implant} {row.unit} (plan {plan})"


def _shown(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


def _write_image(grid: Grid, values: AnyArray, content: str, path: Path) -> None:
    import SimpleITK as sitk

    image = grid.to_image(values)
    image.SetMetaData("content", content)
    sitk.WriteImage(image, str(path), useCompression=True)
