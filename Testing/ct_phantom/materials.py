"""What materials do to X-rays: linear attenuation coefficients at the energies of the beam."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
TABLE = Path(__file__).parent / "data" / "attenuation.json"


@cache
def beam_weights() -> FloatArray:
    """Return the share of each energy in the beam, (E,), sum 1."""
    weights = np.array(_table()["weight"])
    return weights / weights.sum()


@cache
def attenuation_per_mm(materials: tuple[str, ...]) -> FloatArray:
    """Return linear attenuation coefficients, 1/mm, (materials, E)."""
    entries = [_table()["materials"][name] for name in materials]
    return np.array([np.array(e["mass_attenuation"]) * e["density"] / 10 for e in entries])


def water_path_mm(log_attenuation: FloatArray) -> FloatArray:
    """Return the length of water that attenuates the whole beam by exp(-value): the water beam-hardening correction."""
    length_mm = np.linspace(0, 1500, 6001)
    transmitted = np.exp(-length_mm[:, None] * attenuation_per_mm(("water",))[0]) @ beam_weights()
    table = -np.log(transmitted)
    below = np.minimum(log_attenuation, 0) * (length_mm[1] / table[1])  # noise in air goes below zero
    return np.interp(log_attenuation, table, length_mm) + below


@cache
def _table() -> dict[str, dict]:
    return json.loads(TABLE.read_text(encoding="utf-8"))
