"""A plan of the scene in files: JSON, CSV, report and loading sheet; and back from JSON."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import slicer

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.pictures import plan_pictures
from brachyresponse.planning import (
    ImplantPlan,
    PlanEvaluation,
    SheetOptions,
    check_same_patient,
    dvh_table,
    findings_table,
    loading_sheet,
    metrics_table,
    read_plan,
    write_csv,
    write_loading_csv,
    write_plan,
    write_seeds_csv,
)
from brachyresponse.report import PlanReport, loading_sheet_html, plan_report_html
from brachyresponse.scene.biology_report import biology_files, biology_markup
from brachyresponse.scene.inverse_report import planner_sections, planner_tables
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_choices import read_plan_choices
from brachyresponse.scene.plan_fields import PlanField, plan_text
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part
from brachyresponse.scene.plan_setup import copy_plan, read_plan_source, set_source
from brachyresponse.scene.plans import read_plan_node, write_plan_node
from brachyresponse.scene.volumes import read_image


def write_plan_file(plan_node: slicer.vtkMRMLScriptedModuleNode, folder: str | Path) -> Path:
    """Write ``plan.json`` into a folder and return the file.

    Raises
    ------
    BrachyResponseError
        The plan is not complete, or the file cannot be written.
    """
    return write_plan(read_plan_node(plan_node), writable_folder(folder) / "plan.json")


def read_plan_file(path: str | Path, plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Read a ``plan.json`` as another plan of the same patient, on the image and structures of a plan; return its node.

    Raises
    ------
    InputFileError, PlanError
        The file cannot be read, or is of another patient or frame of reference.
    """
    plan = read_plan(path)
    patient_id, frame = (
        plan_text(plan_node, field) for field in (PlanField.PATIENT_ID, PlanField.FRAME_OF_REFERENCE_UID)
    )
    check_same_patient(plan, patient_id, frame)
    with batch(plan_node.GetScene()):
        added = copy_plan(plan_node, plan.name)
        write_plan_node(replace(plan, name=added.GetName()), added)
        set_source(added, plan.source, plan.surrogate_for)
    return added


def write_tables(
    plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: PlanEvaluation, folder: str | Path
) -> list[Path]:
    """Write seeds, metrics, rules, histograms and what the planner has beside as CSV into a folder; return the files.

    Raises
    ------
    BrachyResponseError
        A file cannot be written.
    """
    folder, source = writable_folder(folder), read_plan_source(plan_node)
    return [
        write_seeds_csv(evaluation.plan, source, folder / "seeds.csv"),
        write_csv(metrics_table(evaluation), folder / "metrics.csv"),
        write_csv(findings_table(evaluation.findings), folder / "rules.csv"),
        write_csv(dvh_table(evaluation), folder / "dvh.csv"),
        *(write_csv(table, folder / name) for name, table in planner_tables(plan_node).items()),
        *(write_csv(table, folder / name) for name, table in biology_files(plan_node).items()),
    ]


def write_report(plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: PlanEvaluation, folder: str | Path) -> Path:
    """Write the report, one HTML file with pictures, into a folder and return the file.

    Raises
    ------
    BrachyResponseError
        The plan has no image, or the file cannot be written.
    """
    folder = writable_folder(folder)
    volume_node = need_plan_part(plan_node, PlanRole.PLANNING_VOLUME, "planning image")
    values, grid = read_image(volume_node, "planning image")
    anatomy = read_plan_anatomy(plan_node)
    pictures = plan_pictures(evaluation, anatomy, Volume(volume_node.GetName(), values, grid))
    report = PlanReport(
        evaluation,
        read_plan_source(plan_node),
        pictures,
        inputs=(("Image", f"{volume_node.GetName()}, {grid.describe()}"),),
        biology=biology_markup(plan_node),
        optimised=planner_sections(plan_node, evaluation),
    )
    return write_text(plan_report_html(report), folder / "report.html")


def write_loading_sheet(plan_node: slicer.vtkMRMLScriptedModuleNode, folder: str | Path) -> list[Path]:
    """Write the needle and loading sheet as HTML (one page) and CSV into a folder and return the files.

    Raises
    ------
    BrachyResponseError
        The plan is not complete or has no seeds, or a file cannot be written.
    """
    return write_sheet(plan_node, read_plan_node(plan_node), folder, "loading_sheet")


def write_sheet(
    plan_node: slicer.vtkMRMLScriptedModuleNode, plan: ImplantPlan, folder: str | Path, name: str
) -> list[Path]:
    """Write the needle and loading sheet of a part of a plan as HTML and CSV under a name, and return the files.

    Raises
    ------
    BrachyResponseError
        As :func:`write_loading_sheet`.
    """
    folder = writable_folder(folder)
    options = SheetOptions(reference_date=read_plan_choices(plan_node).reference_date)
    sheet = loading_sheet(plan, read_plan_source(plan_node), options=options)
    return [
        write_text(loading_sheet_html(sheet), folder / f"{name}.html"),
        write_loading_csv(sheet, folder / f"{name}.csv"),
    ]


def writable_folder(folder: str | Path) -> Path:
    """Return a folder as a path, made if need be.

    Raises
    ------
    InputFileError
        It cannot be made or written into.
    """
    folder = Path(folder)
    if not str(folder).strip(". "):
        raise InputFileError("No folder is chosen for the files: choose one.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputFileError(
            f"The folder {str(folder)!r} cannot be made ({error.strerror}): choose another."
        ) from error
    if not os.access(folder, os.W_OK):
        raise InputFileError(f"The folder {str(folder)!r} cannot be written to: choose another.")
    return folder


def write_text(text: str, path: Path) -> Path:
    """Write a text file and return its path.

    Raises
    ------
    InputFileError
        It cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written ({error.strerror}): choose another folder.") from error
    return path
