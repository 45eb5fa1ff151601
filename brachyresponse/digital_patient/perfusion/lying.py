"""The head of a visit as it lies in a scanner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.digital_patient.head import Region
from brachyresponse.digital_patient.painting import region_structure, rotation
from brachyresponse.digital_patient.perfusion.mixing import tissue_shares
from brachyresponse.digital_patient.perfusion.scans import ScannedHead, grid_of
from brachyresponse.digital_patient.perfusion.tables import Tissue, Visit, table
from brachyresponse.digital_patient.perfusion.visit_head import VisitHead
from brachyresponse.geometry import Grid, Structure
from brachyresponse.progress import Report
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class LyingHead:
    """Anatomy and tissues of a visit, and the way (4, 4) from the plan's RAS to the visit's; seeds in the visit's."""

    anatomy: VisitHead
    tissues: dict[str, Tissue]
    plan_to_visit: FloatArray
    seeds: Seeds

    def on_grid(self, protocol: str, report: Report) -> ScannedHead:
        """Return what lies in the voxels of a protocol's grid."""
        return self.scanned(grid_of(protocol, self.plan_to_visit), report)

    def scanned(self, grid: Grid, report: Report) -> ScannedHead:
        """Return what lies in the voxels of a grid."""
        shares = tissue_shares(self.anatomy.painting(), list(self.tissues), self._in_plan(grid), report)
        return ScannedHead(grid, shares, self.tissues, self.seeds.positions_mm)

    def structures(self, grid: Grid) -> dict[str, Structure]:
        """Return the regions that a reader would draw, on a grid."""
        return self.drawn(self.anatomy.structures(), grid)

    def drawn(self, regions: Mapping[str, Region], grid: Grid) -> dict[str, Structure]:
        """Return regions in the plan's frame as structures on a grid of the visit."""
        in_plan = self._in_plan(grid)
        return {
            name: Structure(name, region_structure(name, region, in_plan).occupancy, grid)
            for name, region in regions.items()
        }

    def _in_plan(self, grid: Grid) -> Grid:
        return Grid(grid.shape_kji, np.linalg.inv(self.plan_to_visit) @ grid.ijk_to_ras)


def position_at(visit: Visit) -> FloatArray:
    """Return the way from the plan's RAS to the visit's, 4x4: the patient lies otherwise at the follow-up."""
    matrix = np.eye(4)
    if visit is Visit.FOLLOW_UP:
        position = table("variants")["follow_up_position"]
        x, y, z = position["angles_deg"]
        matrix[:3, :3] = rotation((x, y, z))
        matrix[:3, 3] = position["shift_mm"]
    return matrix


def moved_seeds(seeds: Seeds, matrix: FloatArray) -> Seeds:
    """Return seeds after a rigid motion, 4x4 RAS."""
    turn = matrix[:3, :3]
    return replace(
        seeds, positions_mm=seeds.positions_mm @ turn.T + matrix[:3, 3], directions=seeds.directions @ turn.T
    )
