"""What a fit of a tissue model found, voxel by voxel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.curves import response_curves
from brachyresponse.perfusion.dce.models import DELAY, DceModel, response_of
from brachyresponse.perfusion.dce.plasma_input import PlasmaInput
from brachyresponse.types import BoolArray, Float32Array, FloatArray


@dataclass(frozen=True, eq=False)
class DceFit:
    """Parameters of a tissue model with their quality; every array has the voxels' shape, NaN where not valid.

    Parameters
    ----------
    model
        The model that was fitted.
    plasma
        Its input.
    bounds
        Lowest and highest value of each parameter, those of kep among them.
    values
        Fitted and derived parameters by name.
    errors
        Their standard errors by name, or None where they were not asked for.
    bound_flags
        By name, which voxels ended at a bound: not a measurement, but the end of what was allowed.
    valid
        Voxels whose curve was all numbers and not constant, and that were fitted.
    residual
        Root mean square of measured minus fitted, mmol/L.
    r_squared
        Share of the curve's variance that the fit explains.
    aicc
        Corrected Akaike information criterion; the lower of two models of one curve is to be preferred.
    """

    model: DceModel
    plasma: PlasmaInput
    bounds: Mapping[str, tuple[float, float]]
    values: Mapping[str, Float32Array]
    errors: Mapping[str, Float32Array] | None
    bound_flags: Mapping[str, BoolArray]
    valid: BoolArray
    residual: Float32Array
    r_squared: Float32Array
    aicc: Float32Array

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the fitted and derived parameters."""
        return tuple(self.values)

    @property
    def ktrans_per_min(self) -> Float32Array | None:
        """Transfer constant, 1/min; with flow in the model Fp PS/(Fp + PS)."""
        return self.values.get("ktrans_per_min")

    @property
    def kep_per_min(self) -> Float32Array | None:
        """Washout rate Ktrans/ve, 1/min."""
        return self.values.get("kep_per_min")

    @property
    def ve(self) -> Float32Array | None:
        """Volume fraction of the extravascular extracellular space."""
        return self.values.get("ve")

    @property
    def vp(self) -> Float32Array | None:
        """Volume fraction of plasma."""
        return self.values.get("vp")

    @property
    def fp_ml_per_100ml_per_min(self) -> Float32Array | None:
        """Plasma flow, mL/100 mL/min."""
        return self.values.get("fp_ml_per_100ml_per_min")

    @property
    def ps_per_min(self) -> Float32Array | None:
        """Permeability-surface product, 1/min; of the Patlak model the same as Ktrans."""
        return self.values.get("ps_per_min")

    @property
    def delay_s(self) -> Float32Array | None:
        """How much later than the input the tissue enhances, s; None where it was taken as zero."""
        return self.values.get(DELAY)

    @property
    def any_at_bound(self) -> BoolArray:
        """Voxels with any parameter at a bound."""
        return np.asarray(np.logical_or.reduce(list(self.bound_flags.values())))

    @property
    def invalid_count(self) -> int:
        """How many voxels could not be fitted."""
        return int(np.count_nonzero(~self.valid))

    def standard_error(self, name: str) -> Float32Array:
        """Return the standard error of a parameter; NaN where it is at a bound or not determined.

        Raises
        ------
        PerfusionError
            The model has no such parameter, or the fit was made without standard errors.
        """
        if self.errors is None:
            raise PerfusionError("This fit was made without standard errors: ask for them in fit_dce.")
        self._check_name(name)
        return self.errors[name]

    def at_bound(self, name: str) -> BoolArray:
        """Return which voxels ended at a bound of a parameter."""
        self._check_name(name)
        return self.bound_flags[name]

    def curve(self, index: Any = (), time_s: ArrayLike | None = None) -> FloatArray:
        """Return the fitted curve of the voxels of an index, mmol/L (..., T); NaN where a voxel is not valid.

        Parameters
        ----------
        index
            As into one of the maps; all voxels by default.
        time_s
            Where to evaluate; the frame times by default.
        """
        chosen = {name: np.asarray(values[index], np.float64) for name, values in self.values.items()}
        flat = {name: np.nan_to_num(values.ravel()) for name, values in chosen.items()}
        first = next(iter(chosen.values()))
        delay = flat.get(DELAY, np.zeros(first.size))
        wanted = self.plasma.time_min * 60 if time_s is None else np.asarray(time_s, np.float64)
        places = self.plasma.places(delay, wanted)
        curves = response_curves(response_of(self.model, flat), self.plasma, places, first.size)
        curves[:, ~self.valid[index].ravel()] = np.nan
        return np.ascontiguousarray(curves.T).reshape(*first.shape, -1)

    def _check_name(self, name: str) -> None:
        if name not in self.values:
            raise PerfusionError(f"Model {self.model} has no parameter {name!r}: it has {', '.join(self.values)}.")
