"""What the panels of all four modules share: sections, tables, progress, messages, live update, reload.

Like ``scene``, this package is for use inside Slicer: it imports ``slicer`` and ``qt``. It computes nothing.
"""

from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.following import NodeFollower
from brachyresponse.slicer_panel.layout import jump_slices, show_layout_once
from brachyresponse.slicer_panel.panel import ModulePanel
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.reloading import forget_library
from brachyresponse.slicer_panel.running import Runner
from brachyresponse.slicer_panel.section import PanelSection
from brachyresponse.slicer_panel.sections import Accordion
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.tables import Cell, Verdict, fill_table, selected_rows
from brachyresponse.slicer_panel.timing import CoalescingTimer

__all__ = [
    "Accordion",
    "Cell",
    "CoalescingTimer",
    "ModulePanel",
    "NodeFollower",
    "PanelSection",
    "Placing",
    "Runner",
    "Shortcuts",
    "Verdict",
    "allow",
    "fill_table",
    "first_reason",
    "forget_library",
    "jump_slices",
    "selected_rows",
    "show_layout_once",
]
