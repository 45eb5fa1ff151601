"""Logic: two visits of a patient side by side, what may be concluded, and the files."""

from __future__ import annotations

from brachyresponse.scene.perfusionratios_logic.region_logic import RegionLogic


class CompareLogic(RegionLogic):
    """Two visits of a patient side by side, what may be concluded, and the files."""
