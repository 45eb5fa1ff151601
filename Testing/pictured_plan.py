"""A small plan to draw: a ball of a target with an organ beside it, five seeds on two needles."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.pictures import PicturedImplant, isodose_levels, structure_styles
from brachyresponse.planning import Needle
from brachyresponse.seeds import Seeds

CENTRE_MM = np.array([12.0, -30.0, 45.0])


def ball(name: str, centre_mm: np.ndarray, radius_mm: float) -> Structure:
    grid = Grid.covering(centre_mm - radius_mm - 3, centre_mm + radius_mm + 3, 1.0)
    distance = np.linalg.norm(grid.points_mm() - centre_mm, axis=-1)
    return Structure(name, np.clip(radius_mm + 0.5 - distance, 0, 1), grid)


def pictured_implant() -> PicturedImplant:
    structures = {
        "PTV": ball("PTV", CENTRE_MM, 10),
        "Nerve <left>": ball("Nerve <left>", CENTRE_MM + np.array([-16, 0, 0]), 4),
    }
    grid = Grid.covering(CENTRE_MM - 40, CENTRE_MM + 40, 2.0)
    distance = np.linalg.norm(grid.points_mm() - CENTRE_MM, axis=-1)
    dose_gy = (120 * (10 / np.maximum(distance, 1)) ** 2).astype(np.float32)  # 120 Gy at the target's surface
    needles = [
        Needle(number, CENTRE_MM + np.array([x, 0, 50]), CENTRE_MM + np.array([x, 0, -8]), f"A{number}")
        for number, x in enumerate((0, 6), 1)
    ]
    positions = np.concatenate([needles[0].at([45, 50, 55]), needles[1].at([47, 53])])
    directions = np.tile([0, 0, -1.0], (5, 1))
    return PicturedImplant(
        anatomy=Volume("CT", np.zeros(grid.shape_kji, np.int16), grid, "HU"),
        structures=structures,
        styles=structure_styles(structures, ["PTV"]),
        target="PTV",
        dose=Volume("dose", dose_gy, grid, "Gy"),
        levels=isodose_levels(120.0),
        seeds=Seeds(positions, directions, 0.5, needle=np.array([1, 1, 1, 2, 2])),
        needles=needles,
    )
