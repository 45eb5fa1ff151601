"""A study of the scene in files, the same that the command line writes."""

from __future__ import annotations

from pathlib import Path

import slicer

from brachyresponse.perfusion.study import JudgedStudy, write_study
from brachyresponse.pictures.perfusion_pictures import perfusion_pictures
from brachyresponse.report.perfusion_report import PerfusionReport, perfusion_report_html
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_parts
from brachyresponse.scene.plan_exports import writable_folder, write_text

INPUTS = {
    "Dynamic series": PerfusionRole.SERIES,
    "Flip angles": PerfusionRole.FLIP_ANGLES,
    "T1 map": PerfusionRole.T1_VOLUME,
    "Anatomical image": PerfusionRole.ANATOMICAL,
    "T2*-weighted image": PerfusionRole.T2_STAR,
    "Dose": PerfusionRole.LIMIT_DOSE,
}


def export_study(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy, folder: str | Path
) -> list[Path]:
    """Write a study into a folder and return the files: JSON, tables, maps and the report.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    folder = writable_folder(folder)
    report = PerfusionReport(judged, perfusion_pictures(judged.study), inputs=_inputs(perfusion_node))
    page = perfusion_report_html(report)
    return [*write_study(judged, folder), write_text(page, folder / "report.html")]


def _inputs(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[tuple[str, str], ...]:
    named = ((what, node) for what, role in INPUTS.items() for node in perfusion_parts(perfusion_node, role)[:1])
    return tuple((what, str(node.GetName())) for what, node in named)
