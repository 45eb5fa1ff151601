"""A study beside its pre-treatment scan: the choice, and what follows from it without measuring again."""

from __future__ import annotations

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.study.judge import JudgedStudy, judge_study
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_day, perfusion_text
from brachyresponse.scene.perfusion_measuring import pre_treatment_record
from brachyresponse.scene.perfusion_output import write_judgement
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_studies_in,
    require_perfusion,
    set_perfusion_part,
)
from brachyresponse.scene.perfusion_records import read_record
from brachyresponse.scene.perfusion_staleness import perfusion_signature


def set_pre_treatment(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, other_node: slicer.vtkMRMLScriptedModuleNode | None
) -> None:
    """Choose the study that was made before the treatment; None is no such scan.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, it is this one, of another patient, or later than this one.
    """
    require_perfusion(perfusion_node)
    if other_node is not None:
        require_perfusion(other_node)
        _check_visits(perfusion_node, other_node)
    set_perfusion_part(perfusion_node, PerfusionRole.PRE_TREATMENT, other_node)


def judge_again(perfusion_node: slicer.vtkMRMLScriptedModuleNode, judged: JudgedStudy) -> JudgedStudy:
    """Write what follows from a study that was measured before, with the pre-treatment scan as it is now.

    Raises
    ------
    PerfusionError
        The pre-treatment scan was not measured yet, is of another patient, or later than this one.
    """
    again = judge_study(judged.study, pre_treatment_record(perfusion_node))
    write_judgement(perfusion_node, again, perfusion_signature(perfusion_node))
    return again


def later_studies(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the studies that were measured and have this one as their pre-treatment scan.

    Raises
    ------
    SceneError
        There is no such study.
    """
    require_perfusion(perfusion_node)
    others = perfusion_studies_in(perfusion_node.GetScene())
    return [
        other
        for other in others
        if perfusion_part(other, PerfusionRole.PRE_TREATMENT) is perfusion_node and read_record(other) is not None
    ]


def _check_visits(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, other_node: slicer.vtkMRMLScriptedModuleNode
) -> None:
    name, other = perfusion_node.GetName(), other_node.GetName()
    if other_node is perfusion_node:
        raise PerfusionError(f"Perfusion study {name!r} cannot be its own pre-treatment scan: choose another.")
    if perfusion_part(other_node, PerfusionRole.PRE_TREATMENT) is perfusion_node:
        raise PerfusionError(f"{name!r} is the pre-treatment scan of {other!r}: one of the two was first.")
    patients = [perfusion_text(node, PerfusionField.PATIENT_ID) for node in (perfusion_node, other_node)]
    if all(patients) and len(set(patients)) > 1:
        raise PerfusionError(f"{other!r} is of patient {patients[1]!r}, {name!r} of {patients[0]!r}: choose the same.")
    now, before = (perfusion_day(node, PerfusionField.SCAN_DATE) for node in (perfusion_node, other_node))
    if now is not None and before is not None and before > now:
        raise PerfusionError(f"{other!r} was scanned on {before}, later than {name!r} on {now}: exchange them.")
