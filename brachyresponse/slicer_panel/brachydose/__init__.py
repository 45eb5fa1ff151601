"""The panel of the BrachyDose module: one class a section, each button one call of ``BrachyDoseLogic``."""

from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel

__all__ = ["BrachyDosePanel"]
