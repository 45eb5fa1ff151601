"""The arterial input that a study would take, to be looked at before it is measured."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import Aif
from brachyresponse.perfusion.study import measure_perfusion
from brachyresponse.progress import Report
from brachyresponse.scene.perfusion_request import read_request


def find_study_aif(perfusion_node: slicer.vtkMRMLScriptedModuleNode, report: Report) -> Aif:
    """Return the arterial input of a study with its quality; nothing is written.

    It does not depend on what is computed with it, so the quickest is.

    Raises
    ------
    BrachyResponseError
        The study cannot be read, or no artery is found; the message says what to do.
    Cancelled
        By the report.
    """
    request = read_request(perfusion_node)
    quickest = replace(request.settings, model="patlak", fit_delay=False, patlak_by_aicc=False, deconvolution="ssvd")
    alone = replace(request, lesions={}, white_matter=None, settings=quickest)
    study = measure_perfusion(alone, report=report)
    if study.aif is None:
        raise PerfusionError(
            f"No arterial input was found for {perfusion_node.GetName()!r}: {' '.join(study.warnings)}"
        )
    return study.aif
