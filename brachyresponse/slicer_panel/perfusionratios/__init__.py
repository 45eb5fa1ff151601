"""The panel of the PerfusionRatios module: one class a section, each button one call of ``PerfusionRatiosLogic``."""

from brachyresponse.slicer_panel.perfusionratios.panel import PerfusionRatiosPanel

__all__ = ["PerfusionRatiosPanel"]
