"""Logic: the assessment, its reasons, and the files."""

from __future__ import annotations

from brachyresponse.scene.responseassess_logic.lesion_logic import LesionLogic


class ResultLogic(LesionLogic):
    """The assessment, its reasons, and the files."""
