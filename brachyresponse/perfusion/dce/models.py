"""The five tissue models: their parameters, bounds, and the exponentials that their responses are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.types import FloatArray

DELAY = "delay_s"
"""Name of the delay of the tissue behind the arterial input, a parameter of every model when it is fitted."""

DEFAULT_BOUNDS: Mapping[str, tuple[float, float]] = {
    "ktrans_per_min": (0.0, 5.0),
    "ve": (0.0, 1.0),
    "vp": (0.0, 1.0),
    "fp_ml_per_100ml_per_min": (0.0, 200.0),
    "ps_per_min": (0.0, 5.0),
    DELAY: (-10.0, 10.0),
}
"""Bounds of every fit unless others are given: those of the OSIPI test data (van Houdt et al. 2024)."""

KEP_RANGE_PER_MIN = (1e-4, 200.0)
"""The washout rates that are looked at; a voxel at either end counts as one at a bound."""

SMALLEST_VOLUME = 1e-6
"""A volume fraction is never divided by less than this."""


class DceModel(StrEnum):
    """Tissue models of a DCE series, with the names by which they are asked for."""

    TOFTS = "tofts"
    EXTENDED_TOFTS = "extended_tofts"
    PATLAK = "patlak"
    TWO_COMPARTMENT_UPTAKE = "2cum"
    TWO_COMPARTMENT_EXCHANGE = "2cxm"

    @classmethod
    def named(cls, name: str) -> DceModel:
        """Return the model of a name.

        Raises
        ------
        PerfusionError
            There is no such model.
        """
        try:
            return cls(name)
        except ValueError as error:
            raise PerfusionError(f"There is no DCE model {name!r}: choose one of {', '.join(cls)}.") from error

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the fitted parameters, without the delay."""
        return _PARAMETERS[self]


_PARAMETERS: dict[DceModel, tuple[str, ...]] = {
    DceModel.TOFTS: ("ktrans_per_min", "ve"),
    DceModel.EXTENDED_TOFTS: ("ktrans_per_min", "ve", "vp"),
    DceModel.PATLAK: ("ktrans_per_min", "vp"),
    DceModel.TWO_COMPARTMENT_UPTAKE: ("fp_ml_per_100ml_per_min", "ps_per_min", "vp"),
    DceModel.TWO_COMPARTMENT_EXCHANGE: ("fp_ml_per_100ml_per_min", "ps_per_min", "ve", "vp"),
}


@dataclass(frozen=True)
class Response:
    """What a tissue makes of its input: C = plasma Cp + uptake int Cp + sum of amplitude x (Cp convolved exp(-rate t)).

    Every field is an array of the shape of the parameters, or None where the model has no such term.

    Parameters
    ----------
    plasma
        Share of the plasma curve itself (1).
    uptake_per_min
        Amplitude of the part that is never washed out.
    amplitudes_per_min, rates_per_min
        The exponentials, as many of one as of the other.
    """

    plasma: FloatArray | None
    uptake_per_min: FloatArray | None
    amplitudes_per_min: tuple[FloatArray, ...] = ()
    rates_per_min: tuple[FloatArray, ...] = ()


def response_of(model: DceModel, parameters: Mapping[str, FloatArray]) -> Response:
    """Return the response of tissue with the parameters of a model.

    References
    ----------
    Tofts et al. 1999, J. Magn. Reson. Imaging 10:223 (both Tofts models); Patlak et al. 1983, J. Cereb. Blood Flow
    Metab. 3:1; Sourbron and Buckley 2012, Phys. Med. Biol. 57:R1 (uptake and exchange models).
    """
    if model is DceModel.PATLAK:
        return Response(parameters["vp"], parameters["ktrans_per_min"])
    if model is DceModel.TWO_COMPARTMENT_UPTAKE:
        return _uptake_response(parameters)
    if model is DceModel.TWO_COMPARTMENT_EXCHANGE:
        return _exchange_response(parameters)
    ktrans = parameters["ktrans_per_min"]
    kep = ktrans / np.maximum(parameters["ve"], SMALLEST_VOLUME)
    return Response(parameters.get("vp") if "vp" in model.parameters else None, None, (ktrans,), (kep,))


def _uptake_response(parameters: Mapping[str, FloatArray]) -> Response:
    """Fp (1 - E) exp(-t/Tp) + Fp E, with E = PS/(Fp + PS) and Tp = vp/(Fp + PS)."""
    flow, exchange = parameters["fp_ml_per_100ml_per_min"] / 100, parameters["ps_per_min"]
    outflow = flow + exchange
    extracted = exchange / np.maximum(outflow, np.finfo(float).tiny)
    rate = outflow / np.maximum(parameters["vp"], SMALLEST_VOLUME)
    return Response(None, flow * extracted, (flow * (1 - extracted),), (rate,))


def _exchange_response(parameters: Mapping[str, FloatArray]) -> Response:
    """Two exponentials, the roots of the two compartments' equations."""
    flow, exchange = parameters["fp_ml_per_100ml_per_min"] / 100, parameters["ps_per_min"]
    plasma_volume = np.maximum(parameters["vp"], SMALLEST_VOLUME)
    through, out = flow / plasma_volume, (flow + exchange) / plasma_volume
    back = exchange / np.maximum(parameters["ve"], SMALLEST_VOLUME)
    apart = np.sqrt((out - back) ** 2 + 4 * back * exchange / plasma_volume)
    fast = (out + back + apart) / 2
    slow = back * through / np.maximum(fast, np.finfo(float).tiny)
    slow_share = (fast - through) / np.maximum(fast - slow, np.finfo(float).tiny)
    return Response(None, None, (flow * (1 - slow_share), flow * slow_share), (fast, slow))
