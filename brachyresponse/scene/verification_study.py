"""How robust the dose of an implant is, and two scans of one implant side by side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RobustnessChoice:
    """How many implants are sampled, and how uncertain positions and axes are taken to be."""

    samples: int = 200
    position_sd_mm: float = 1.0
    axis_sd_deg: float = 10.0
    random_seed: int = 0
