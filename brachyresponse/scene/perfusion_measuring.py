"""Measuring a study: read first, compute, and write only when all of it is there."""

from __future__ import annotations

import slicer

from brachyresponse.perfusion.study import measure_perfusion
from brachyresponse.perfusion.study.judge import JudgedStudy, judge_study
from brachyresponse.perfusion.study.record import PerfusionRecord
from brachyresponse.progress import Report
from brachyresponse.scene.perfusion_acquisition import take_acquisition_edits
from brachyresponse.scene.perfusion_output import write_results
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part, require_kept
from brachyresponse.scene.perfusion_records import need_record
from brachyresponse.scene.perfusion_request import read_request
from brachyresponse.scene.perfusion_staleness import perfusion_signature
from brachyresponse.scene.perfusion_times import take_times_edits


def measure_study(perfusion_node: slicer.vtkMRMLScriptedModuleNode, report: Report) -> JudgedStudy:
    """Compute a study and write it into its nodes.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read or computed; then the results of before stay.
    SceneError
        The study was deleted, or the scene closed, while it was computed.
    Cancelled
        By the report; then the results of before stay.
    """
    take_acquisition_edits(perfusion_node)
    take_times_edits(perfusion_node)
    request, before = read_request(perfusion_node), pre_treatment_record(perfusion_node)
    name, signature = perfusion_node.GetName(), perfusion_signature(perfusion_node)
    study = measure_perfusion(request, report=report)
    judged = judge_study(study, before)
    require_kept(perfusion_node, name, "it was measured")
    write_results(perfusion_node, judged, signature)
    return judged


def pre_treatment_record(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionRecord | None:
    """Return what was measured on the pre-treatment scan, or None while none is chosen.

    Raises
    ------
    PerfusionError
        The pre-treatment scan was not measured yet.
    """
    other = perfusion_part(perfusion_node, PerfusionRole.PRE_TREATMENT)
    return None if other is None else need_record(other)
