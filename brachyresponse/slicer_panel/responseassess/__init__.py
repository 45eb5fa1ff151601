"""The panel of the ResponseAssess module: one class a section, each button one call of ``ResponseAssessLogic``."""

from brachyresponse.slicer_panel.responseassess.panel import ResponseAssessPanel

__all__ = ["ResponseAssessPanel"]
