"""What every section of the SeedVerify panel is: it shows the verification, and turns each click into one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicer.i18n import tr as _

from brachyresponse.slicer_panel.section import PanelSection

if TYPE_CHECKING:
    from brachyresponse.slicer_panel.seedverify.panel import SeedVerifyPanel

NO_CT: str = _("Choose the implant CT first.")
NO_SEEDS: str = _("Find the seeds first.")
NO_PLAN: str = _("Choose a plan first.")
NOT_COMPUTED: str = _("Compute the dose first.")


class Section(PanelSection):
    """Base of the sections of this panel."""

    panel: SeedVerifyPanel
