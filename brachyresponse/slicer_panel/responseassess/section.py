"""What every section of the ResponseAssess panel is: it shows the assessment and the visit that is worked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import VisitNode
from brachyresponse.slicer_panel.section import PanelSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.responseassess.panel import ResponseAssessPanel

NO_ASSESSMENT: str = _("Press New, or load the sample patient first.")
NO_VISIT: str = _("Add a visit first.")
NO_IMAGE: str = _("Choose the image that this visit is measured on first (1 Visits, Images).")
NO_LESION: str = _("Choose a lesion in the table first.")
NO_LESION_HERE: str = _(
    "This lesion is not on record at this visit: click it, add its segment, or set its size by hand."
)
NO_SEGMENT: str = _("This lesion has no segment at this visit: click it, or add its segment.")
NO_BASELINE: str = _("Give one visit the role of the baseline first.")
NOT_ASSESSED: str = _("Press Assess the response first.")
DAY_FORMAT = "YYYY-MM-DD"


class Section(PanelSection):
    """Base of the sections of this panel."""

    panel: ResponseAssessPanel

    @property
    def visit(self) -> VisitNode | None:
        """The visit that is worked on."""
        return self.panel.visit

    def on_visit(self, widget: qt.QWidget, signal: str, handler: Callable[..., Any], failed: str) -> None:
        """As :meth:`on`, with the visit before the signal's arguments; nothing happens without one."""

        def act(*arguments: Any) -> None:
            if self.visit is not None:
                handler(self.visit, *arguments)

        self.on(widget, signal, act, failed)
