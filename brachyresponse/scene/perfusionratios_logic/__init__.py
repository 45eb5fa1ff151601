"""The parts of ``PerfusionRatiosLogic``, one a subject; camelCase as Slicer's console expects.

A method validates, calls the function of that name in the library or in ``scene``, and writes nodes last.
"""

from brachyresponse.scene.perfusionratios_logic.compare_logic import CompareLogic

__all__ = ["CompareLogic"]
