"""The arterial input that a study would take, to be looked at before it is measured."""

from __future__ import annotations

import slicer

from brachyresponse.perfusion.aif import Aif
from brachyresponse.progress import Report


def find_study_aif(perfusion_node: slicer.vtkMRMLScriptedModuleNode, report: Report) -> Aif:
    """Return the arterial input."""
    raise NotImplementedError
