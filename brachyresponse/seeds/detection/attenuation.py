"""How strongly metal and water weaken the X-rays of a CT scanner, energy by energy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from brachyresponse.types import FloatArray

TUBE_KV = 120.0
FILTER_MM = 6.0
"""Aluminium that hardens the beam as tube, filter and bow-tie do."""
BODY_MM = 200.0
"""Water that the beam has crossed on its way: it hardens it further."""
VACUUM = "vacuum"


@dataclass(frozen=True, eq=False)
class Beam:
    """The X-rays that reach the detector through a body.

    Parameters
    ----------
    weight
        Share of the detected energy at each photon energy, (E,); sums to 1.
    attenuation_per_mm
        Linear attenuation coefficient of each material, 1/mm, (E,).
    """

    weight: FloatArray
    attenuation_per_mm: dict[str, FloatArray]

    @property
    def water_per_mm(self) -> float:
        """Attenuation of a thin layer of water in this beam, 1/mm: what 1000 HU stand for."""
        return float(self.weight @ self.attenuation_per_mm["water"])


@cache
def scanner_beam() -> Beam:
    """Return the beam of a 120 kV scanner behind 20 cm of water.

    Bremsstrahlung by Kramers' rule (energy fluence falls linearly to the tube voltage) on a detector that
    integrates energy; the coefficients carry their citation in ``data/attenuation.json``.
    """
    text = (files("brachyresponse.seeds.detection") / "data" / "attenuation.json").read_text(encoding="utf-8")
    table = json.loads(text)
    tabulated_kev = np.array(table["energy_kev"], float)
    energy_kev = np.linspace(32.5, 117.5, 12)
    attenuation = {VACUUM: np.zeros(len(energy_kev))}
    for name, material in table["materials"].items():
        per_cm = material["density_g_per_cm3"] * np.array(material["mass_attenuation_cm2_per_g"])
        attenuation[name] = np.exp(np.interp(np.log(energy_kev), np.log(tabulated_kev), np.log(per_cm))) / 10
    crossed = FILTER_MM * attenuation["aluminium"] + BODY_MM * attenuation["water"]
    weight = (TUBE_KV - energy_kev) * np.exp(-crossed)
    return Beam(weight / weight.sum(), attenuation)
