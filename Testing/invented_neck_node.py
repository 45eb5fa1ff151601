"""A lymph node of the neck beside a vessel and under the skin, whose distances are known: the planner's own case.

The neck is a cylinder along the body's axis. The node is a spheroid on the patient's right, 12 mm below the skin, as
small or as large as the quartiles of the published neck nodes (1.4 cc median, 9.8 cc). A vessel runs along the neck
3 mm from the node, in front of it and deeper.
"""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles
from brachyresponse.planning.inverse import ImplantProblem, ParallelTracks, SeedPlacement
from brachyresponse.sources import load_source
from brachyresponse.types import FloatArray

SMALL_CC, LARGE_CC = 1.4, 9.8
SKIN_MM, VESSEL_MM = 12.0, 3.0
NECK_RADIUS_MM, VESSEL_RADIUS_MM = 60.0, 3.5
LENGTHENED = 1.3
"""Length of the node along the neck over its width."""
TO_VESSEL = np.array([-0.8, 0.6, 0.0])
PRESCRIPTION_GY = 120.0
STRENGTH_U = 0.762
"""0.6 mCi apparent."""
INWARD = (-1.0, 0.0, 0.0)


def node_radii_mm(volume_cc: float) -> FloatArray:
    """Half-axes of the node (3,), RAS."""
    width_mm = np.cbrt(volume_cc * 1000 * 3 / (4 * np.pi * LENGTHENED))
    return width_mm * np.array([1.0, 1.0, LENGTHENED])


def node_centre_mm(volume_cc: float, skin_mm: float = SKIN_MM) -> FloatArray:
    """Centre of the node (3,), RAS."""
    return np.array([NECK_RADIUS_MM - skin_mm - node_radii_mm(volume_cc)[0], 0.0, 0.0])


def neck_node_anatomy(
    volume_cc: float = SMALL_CC, *, skin_mm: float = SKIN_MM, vessel_mm: float = VESSEL_MM
) -> PlanAnatomy:
    """Structures ``Node``, ``Vessel`` (to be avoided) and ``Skin outline`` (the body)."""
    centre, radii = node_centre_mm(volume_cc, skin_mm), node_radii_mm(volume_cc)
    vessel = centre + (radii[0] + vessel_mm + VESSEL_RADIUS_MM) * TO_VESSEL
    half_mm = radii[2] + 25.0
    node_grid = Grid.covering(centre - radii - 2, centre + radii + 2, 0.5)
    vessel_box = np.array([VESSEL_RADIUS_MM + 2, VESSEL_RADIUS_MM + 2, half_mm])
    vessel_grid = Grid.covering(vessel - vessel_box, vessel + vessel_box, 1.0)
    neck_box = np.array([NECK_RADIUS_MM + 4, NECK_RADIUS_MM + 4, half_mm])
    neck_grid = Grid.covering(-neck_box, neck_box, 2.0)
    structures = {
        "Node": Structure("Node", _spheroid(node_grid, centre, radii), node_grid),
        "Vessel": Structure("Vessel", _cylinder(vessel_grid, vessel, VESSEL_RADIUS_MM), vessel_grid),
        "Skin outline": Structure("Skin outline", _cylinder(neck_grid, np.zeros(3), NECK_RADIUS_MM), neck_grid),
    }
    return PlanAnatomy(structures, PlanRoles(gtv="Node", body="Skin outline", avoid=("Vessel",)))


def neck_node_problem(volume_cc: float = SMALL_CC, **fields: object) -> ImplantProblem:
    """120 Gy with seeds of 0.6 mCi on free-hand tracks from the side; ``fields`` replace those of the problem."""
    known: dict = {
        "anatomy": neck_node_anatomy(volume_cc),
        "source": load_source("amersham_6711"),
        "strengths_u": (STRENGTH_U,),
        "prescription_gy": PRESCRIPTION_GY,
        "tracks": ParallelTracks(np.array(INWARD), pitch_mm=10.0, cone_deg=40.0),
        "placement": SeedPlacement(avoid_margin_mm=2.0),
    }
    return ImplantProblem(**(known | fields))


def _spheroid(grid: Grid, centre_mm: FloatArray, radii_mm: FloatArray) -> FloatArray:
    """Share of each voxel: its middle's distance from the surface, nearly, half a voxel either way."""
    scaled = (grid.points_mm() - centre_mm) / radii_mm
    level = np.linalg.norm(scaled, axis=-1)
    slope = np.linalg.norm(scaled / radii_mm, axis=-1) / np.maximum(level, 1e-9)
    return np.clip((1 - level) / np.maximum(slope, 1e-9) / grid.spacing_ijk_mm[0] + 0.5, 0, 1)


def _cylinder(grid: Grid, axis_mm: FloatArray, radius_mm: float) -> FloatArray:
    away_mm = np.linalg.norm((grid.points_mm() - axis_mm)[..., :2], axis=-1)
    return np.clip((radius_mm - away_mm) / grid.spacing_ijk_mm[0] + 0.5, 0, 1)
