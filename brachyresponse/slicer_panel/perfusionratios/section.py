"""What every section of the PerfusionRatios panel is: it shows the study, and turns each click into one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicer.i18n import tr as _

from brachyresponse.slicer_panel.section import PanelSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.perfusionratios.panel import PerfusionRatiosPanel

NO_SERIES: str = _("Choose the dynamic series first.")
NO_IMAGE: str = _("Choose the image of the lesion first.")
NO_LESION: str = _("Click the lesion first, or add a segment.")
NO_WHITE_MATTER: str = _("Propose or choose the white matter first.")
NOT_COMPUTED: str = _("Compute the maps first.")


class Section(PanelSection):
    """Base of the sections of this panel."""

    panel: PerfusionRatiosPanel
