"""What was computed of a balloon plan, as tables for spreadsheets and scene."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.planning.balloon.figures import DepthCurve
from brachyresponse.planning.balloon.sectors import Sector
from brachyresponse.planning.exports import Cell, Table


def sectors_table(sectors: Sequence[Sector]) -> Table:
    """Return the sectors of the balloon's surface, one a row; empty where something is not known."""
    columns = (
        "sector", "radius (mm)", "surface dose (Gy)", "dose at depth (Gy)", "least depth of prescription (mm)",
        "mean depth of prescription (mm)", "thickest gap (mm)", "nearest barrier (mm)",
    )  # fmt: skip
    rows = (
        (
            sector.name,
            sector.radius_mm,
            sector.surface_gy,
            _known(sector.at_depth_gy),
            sector.least_depth_mm,
            sector.mean_depth_mm,
            sector.gap_mm,
            _known(sector.clearance_mm),
        )
        for sector in sectors
    )
    return Table("Sectors of the balloon's surface", columns, tuple(rows))


def depth_dose_table(curve: DepthCurve) -> Table:
    """Return dose against depth outside the balloon; empty beyond the dose grid."""
    columns = ("depth (mm)", "mean (Gy)", "least (Gy)", "most (Gy)", "sphere of the same volume (Gy)")
    values = np.stack([curve.depth_mm, curve.mean_gy, curve.low_gy, curve.high_gy, curve.sphere_gy], axis=1)
    rows = (tuple(_known(value if np.isfinite(value) else None) for value in row) for row in values.tolist())
    return Table("Dose against depth", columns, tuple(rows))


def _known(value: float | None) -> Cell:
    return "" if value is None else value
