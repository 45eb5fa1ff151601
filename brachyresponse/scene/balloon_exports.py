"""A balloon plan of the scene in files: JSON, CSV, report."""

from __future__ import annotations

from pathlib import Path

import slicer

from brachyresponse.geometry import Volume
from brachyresponse.pictures.balloon_pictures import balloon_pictures
from brachyresponse.planning import dvh_table, findings_table, metrics_table, write_csv
from brachyresponse.planning.balloon import BalloonEvaluation, write_balloon
from brachyresponse.planning.balloon.tables import depth_dose_table, sectors_table
from brachyresponse.report.balloon_report import BalloonReport, balloon_report_html
from brachyresponse.scene.balloon_plan import read_balloon_anatomy, read_balloon_node
from brachyresponse.scene.biology_report import biology_files, biology_markup
from brachyresponse.scene.plan_exports import writable_folder, write_text
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.volumes import read_image


def write_balloon_file(plan_node: slicer.vtkMRMLScriptedModuleNode, folder: str | Path) -> Path:
    """Write ``balloon.json`` into a folder and return the file.

    Raises
    ------
    BrachyResponseError
        The plan is of seeds or not complete, or the file cannot be written.
    """
    return write_balloon(read_balloon_node(plan_node), writable_folder(folder) / "balloon.json")


def write_balloon_tables(
    plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: BalloonEvaluation, folder: str | Path
) -> list[Path]:
    """Write metrics, rules, sectors, dose by depth, histograms and biology as CSV into a folder; return the files.

    Raises
    ------
    BrachyResponseError
        A file cannot be written.
    """
    folder = writable_folder(folder)
    return [
        write_csv(metrics_table(evaluation, first=evaluation.figures), folder / "metrics.csv"),
        write_csv(findings_table(evaluation.findings), folder / "rules.csv"),
        write_csv(sectors_table(evaluation.sectors), folder / "sectors.csv"),
        write_csv(depth_dose_table(evaluation.curve), folder / "depth_dose.csv"),
        write_csv(dvh_table(evaluation), folder / "dvh.csv"),
        *(write_csv(table, folder / name) for name, table in biology_files(plan_node).items()),
    ]


def write_balloon_report(
    plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: BalloonEvaluation, folder: str | Path
) -> Path:
    """Write the report, one HTML file with pictures, into a folder and return the file; without an image no slices.

    Raises
    ------
    BrachyResponseError
        The image cannot be read, or the file cannot be written.
    """
    folder = writable_folder(folder)
    volume_node = plan_part(plan_node, PlanRole.PLANNING_VOLUME)
    image, inputs = None, []
    if volume_node is not None:
        values, grid = read_image(volume_node, "planning image")
        image = Volume(volume_node.GetName(), values, grid)
        inputs.append(("Image", f"{volume_node.GetName()}, {grid.describe()}"))
    pictures = balloon_pictures(evaluation, read_balloon_anatomy(plan_node), image)
    report = BalloonReport(evaluation, pictures, inputs, biology=biology_markup(plan_node))
    return write_text(balloon_report_html(report), folder / "report.html")
