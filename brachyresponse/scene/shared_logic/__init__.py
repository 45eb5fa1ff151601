"""Parts that the Logic of several modules shares; camelCase as Slicer's console expects."""

from brachyresponse.scene.shared_logic.isodose_logic import IsodoseLogic

__all__ = ["IsodoseLogic"]
