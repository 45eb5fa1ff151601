"""The nonlinear parameters of a fit: names, bounds and what is expected of them before the spectrum is seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from brachyresponse.spectroscopy.basis import Basis
from brachyresponse.spectroscopy.basis.components import Freedom
from brachyresponse.types import FloatArray, IntArray

PHASE, DELAY, SHIFT, LORENTZ, GAUSS = range(5)
"""Places of what all lines share: phase in rad, begin of the decay in s, shift and widths in Hz."""
COMMON = 5


@dataclass(frozen=True, eq=False)
class Parameters:
    """Bounds and priors of the vector of parameters (p,): what is shared, then own shift and own width of each mover.

    Parameters
    ----------
    movers
        Columns of the basis that have a shift and width of their own.
    low, high, mean, sd
        (p,); an infinite sd is no prior.
    """

    movers: IntArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray
    sd: FloatArray

    def own_shifts(self) -> slice:
        """Places of the own shifts, Hz."""
        return slice(COMMON, COMMON + len(self.movers))

    def own_widths(self) -> slice:
        """Places of the own widths, Hz."""
        return slice(COMMON + len(self.movers), COMMON + 2 * len(self.movers))


def parameters_of(basis: Basis, shift_limit_hz: float) -> Parameters:
    """Return the parameters that this basis has."""
    table, mhz = _table(), basis.acquisition.transmitter_mhz
    movers = [n for n, each in enumerate(basis.components) if each.freedom is not Freedom.NONE]
    own = [table["own"][basis.components[n].freedom] for n in movers]
    free = {"mean": 0.0, "sd": np.inf}
    rows = [
        {"low": -np.inf, "high": np.inf, **free},
        table["common"]["delay_s"],
        {"low": -shift_limit_hz, "high": shift_limit_hz, **free},
        table["common"]["lorentz_hz"],
        table["common"]["gauss_hz"],
        *({key: value * mhz for key, value in each["shift_ppm"].items()} for each in own),
        *(each["width_hz"] for each in own),
    ]
    low, high, mean, sd = (np.array([row[key] for row in rows], float) for key in ("low", "high", "mean", "sd"))
    return Parameters(np.array(movers, np.int64), low, high, mean, sd)


@cache
def _table() -> dict[str, Any]:
    text = files("brachyresponse.spectroscopy").joinpath("data", "freedoms.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
