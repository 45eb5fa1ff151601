"""The grid on which the dose of an implant is computed."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid
from brachyresponse.planning import PlanAnatomy
from brachyresponse.planning.skin import skin_near
from brachyresponse.seeds import Seeds

ROUND_SEEDS_MM = 30.0
FINE_MM, USUAL_MM = 1.0, 2.0
MOST_FINE_VOXELS = 6_000_000
MOST_VOXELS = 150_000_000


def dose_grid_round(seeds: Seeds, anatomy: PlanAnatomy, target: str, spacing_mm: float | None = None) -> Grid:
    """Return a grid round the seeds, the targets, the organs at risk and the skin near the seeds.

    Without a spacing it is 1 mm, or 2 mm where that would be too many voxels.

    Raises
    ------
    DoseError
        A grid of this spacing would be too large.
    """
    names = dict.fromkeys([target, *anatomy.roles.targets, *anatomy.roles.reported_organs])
    boxes = [anatomy.structures[name].bounds_mm() for name in names if name != anatomy.roles.body]
    skin = skin_near(seeds, anatomy.surface(anatomy.roles.body)) if anatomy.roles.body else None
    if skin is not None:
        boxes.append(skin.bounds_mm())
    positions = seeds.positions_mm
    lower = np.min([box[0] for box in boxes] + [positions.min(axis=0) - ROUND_SEEDS_MM], axis=0)
    upper = np.max([box[1] for box in boxes] + [positions.max(axis=0) + ROUND_SEEDS_MM], axis=0)
    if spacing_mm is None:
        fine = float(np.prod((upper - lower) / FINE_MM)) <= MOST_FINE_VOXELS
        return Grid.covering(lower, upper, FINE_MM if fine else USUAL_MM)
    count = float(np.prod((upper - lower) / spacing_mm + 1))
    if count > MOST_VOXELS:
        raise DoseError(
            f"A dose grid of {spacing_mm:g} mm has {count:.2g} voxels ({4e-9 * count:.1f} GB and more): "
            "give --dose-grid-mm in mm, 1 to 2 as a rule."
        )
    return Grid.covering(lower, upper, spacing_mm)
