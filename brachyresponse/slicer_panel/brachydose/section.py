"""What every section of the BrachyDose panel is: it shows the plan, and turns each click into one call of the Logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.slicer_panel.section import PanelSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.brachydose.panel import BrachyDosePanel


class Section(PanelSection):
    """Base of the sections of this panel."""

    panel: BrachyDosePanel
