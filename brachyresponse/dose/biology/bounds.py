"""Least, likely and greatest BED and EQD2 of each voxel over the ranges of its tissue's parameters.

BED never falls as the repair half-time, alpha, Tp or Tk rises, nor as alpha/beta falls (the effective time does not
depend on the last two, and what regrowth leaves of the linear part is the maximum over time of something that rises
with alpha Tp and Tk; the quadratic part rises with the time counted, which rises with them too). So the extremes lie at
two corners of the box. EQD2 as a function of alpha/beta alone is ``(a x + c) / (x + 2)``, which rises or falls
throughout, depending on the voxel: both ends are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np

from brachyresponse.dose.bed import bed_gy, eqd2_gy
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.tissue import TissueBiology
from brachyresponse.types import AnyArray, FloatArray

T = TypeVar("T")
S = TypeVar("S")


class Extent(StrEnum):
    """Which end of the range."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


@dataclass(frozen=True)
class Bracket(Generic[T]):
    """The least, the likely and the greatest of something."""

    low: T
    mid: T
    high: T

    def each(self, change: Callable[[T], S]) -> Bracket[S]:
        """Return what becomes of each of the three."""
        return Bracket(change(self.low), change(self.mid), change(self.high))

    def at(self, extent: Extent) -> T:
        """Return one of the three."""
        value: T = getattr(self, extent.value)
        return value


def bed_bounds(dose_gy: AnyArray | float, exposure: Exposure, tissue: TissueBiology) -> Bracket[FloatArray]:
    """Return the range of BED, Gy, of each voxel; the shape is that of ``dose_gy``, the dose by the end, Gy.

    Raises
    ------
    DoseError
        A dose is negative or not finite.
    """
    return Bracket(*(bed_at(extent, dose_gy, exposure, tissue) for extent in Extent))


def eqd2_bounds(dose_gy: AnyArray | float, exposure: Exposure, tissue: TissueBiology) -> Bracket[FloatArray]:
    """Return the range of EQD2, Gy, of each voxel, as :func:`bed_bounds`.

    Raises
    ------
    DoseError
        A dose is negative or not finite.
    """
    return Bracket(*(eqd2_at(extent, dose_gy, exposure, tissue) for extent in Extent))


def bed_at(extent: Extent, dose_gy: AnyArray | float, exposure: Exposure, tissue: TissueBiology) -> FloatArray:
    """Return one end of :func:`bed_bounds`."""
    return _bed(exposure.initial_rate_cgy_per_h(dose_gy), exposure, parameters_at(tissue, extent))


def eqd2_at(extent: Extent, dose_gy: AnyArray | float, exposure: Exposure, tissue: TissueBiology) -> FloatArray:
    """Return one end of :func:`eqd2_bounds`."""
    rate = exposure.initial_rate_cgy_per_h(dose_gy)
    return extreme_over_alpha_beta(extent, tissue, lambda parameters: _eqd2(rate, exposure, parameters))


def extreme_over_alpha_beta(
    extent: Extent, tissue: TissueBiology, value: Callable[[dict[str, float]], FloatArray]
) -> FloatArray:
    """Return one end of a value that rises with the other parameters and rises or falls with alpha/beta."""
    parameters = parameters_at(tissue, extent)
    if extent is Extent.MID:
        return value(parameters)
    ends = (tissue.alpha_beta_gy.low, tissue.alpha_beta_gy.high)
    at_ends = [value(parameters | {"alpha_beta_gy": alpha_beta_gy}) for alpha_beta_gy in ends]
    found: FloatArray = np.minimum(*at_ends) if extent is Extent.LOW else np.maximum(*at_ends)
    return found


def parameters_at(tissue: TissueBiology, extent: Extent) -> dict[str, float]:
    """Return the parameters, as :func:`bed_gy` takes them, at which BED is least, likely or greatest."""
    parameters = {name: float(getattr(values, extent.value)) for name, values in tissue.parameters.items()}
    opposite = {Extent.LOW: Extent.HIGH, Extent.HIGH: Extent.LOW, Extent.MID: Extent.MID}[extent]
    return parameters | {"alpha_beta_gy": float(getattr(tissue.alpha_beta_gy, opposite.value))}


def _bed(rate: FloatArray, exposure: Exposure, parameters: dict[str, float]) -> FloatArray:
    return bed_gy(rate, half_life_days=exposure.half_life_days, duration_days=exposure.duration_days, **parameters)


def _eqd2(rate: FloatArray, exposure: Exposure, parameters: dict[str, float]) -> FloatArray:
    return eqd2_gy(_bed(rate, exposure, parameters), parameters["alpha_beta_gy"])
