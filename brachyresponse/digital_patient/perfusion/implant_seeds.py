"""A schematic implant, for a digital patient whose plan is not at hand."""

from __future__ import annotations

import numpy as np

from brachyresponse.digital_patient.head import Head
from brachyresponse.seeds import Seeds

PITCH_MM = 10.0
STRENGTH_U = 0.6


def schematic_seeds(head: Head) -> Seeds:
    """Return seeds in and just round the tumour, 10 mm apart along parallel needles 10 mm apart, in the plan's RAS."""
    tumour = head.tumour
    steps = np.arange(-3, 4) * PITCH_MM
    lattice = np.stack(np.meshgrid(steps, steps, steps + PITCH_MM / 2, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = tumour.outline.distance_mm(lattice + tumour.centre_mm) < 2.0
    positions = (lattice + tumour.centre_mm)[inside]
    _, needle = np.unique(positions[:, :2], axis=0, return_inverse=True)
    strengths = np.full(len(positions), STRENGTH_U)
    return Seeds(positions, np.tile([0.0, 0.0, 1.0], (len(positions), 1)), strengths, needle=needle.ravel() + 1)
