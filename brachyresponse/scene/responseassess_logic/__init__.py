"""The parts of ``ResponseAssessLogic``, one a subject; camelCase as Slicer's console expects.

A method validates, calls the function of that name in the library or in ``scene``, and writes nodes last.
"""

from brachyresponse.scene.responseassess_logic.diffusion_logic import DiffusionLogic
from brachyresponse.scene.responseassess_logic.evidence_logic import EvidenceLogic
from brachyresponse.scene.responseassess_logic.file_logic import FileLogic
from brachyresponse.scene.responseassess_logic.spectroscopy_logic import SpectroscopyLogic

__all__ = ["DiffusionLogic", "EvidenceLogic", "FileLogic", "SpectroscopyLogic"]
