"""The forward model: the tissue curve that parameters and a plasma curve make."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.models import DELAY, DceModel, Response, response_of
from brachyresponse.perfusion.dce.plasma_input import SECONDS_PER_MINUTE, Places, PlasmaInput
from brachyresponse.types import FloatArray


def model_curve(
    model: str,
    parameters: Mapping[str, ArrayLike],
    time_s: ArrayLike,
    plasma_aif_mmol_l: ArrayLike,
) -> FloatArray:
    """Return the tissue concentration of a model, mmol/L, (..., T): exact for an input linear between its samples.

    Parameters
    ----------
    model
        One of :class:`DceModel`.
    parameters
        By the names of ``DceModel(model).parameters``, each a number or an array (...,), and ``delay_s`` where the
        tissue enhances later than the input; what broadcasts together is broadcast.
    time_s, plasma_aif_mmol_l
        (T,) frame times and the plasma concentration at them.

    Raises
    ------
    PerfusionError
        An unknown model, a parameter missing or too many, or an input that cannot be used.
    """
    chosen = DceModel.named(model)
    _check_names(chosen, parameters)
    names = list(parameters)
    arrays = np.broadcast_arrays(*(np.asarray(parameters[name], np.float64) for name in names))
    flat = {name: array.ravel() for name, array in zip(names, arrays, strict=True)}
    curves = tissue_curves(chosen, flat, PlasmaInput(time_s, plasma_aif_mmol_l))
    return np.ascontiguousarray(curves.T).reshape(*arrays[0].shape, -1)


def tissue_curves(model: DceModel, parameters: Mapping[str, FloatArray], plasma: PlasmaInput) -> FloatArray:
    """Return the curves (T, N) of parameters (N,) each; those that the model does not know are ignored."""
    delay = parameters.get(DELAY)
    places = None if delay is None else plasma.places(delay)
    count = len(parameters[model.parameters[0]])
    return response_curves(response_of(model, parameters), plasma, places, count)


def response_curves(response: Response, plasma: PlasmaInput, places: Places | None, count: int) -> FloatArray:
    """Return the curves (T, N) of N responses at places, or at the frames."""
    frames = len(plasma.values) if places is None else len(places.segment)
    curves = np.zeros((frames, count))
    if response.plasma is not None:
        curves += response.plasma * plasma.plasma(places)
    if response.uptake_per_min is not None:
        curves += response.uptake_per_min * plasma.integral(places)
    for amplitude, rate in zip(response.amplitudes_per_min, response.rates_per_min, strict=True):
        curves += amplitude * plasma.convolved(rate, places)
    return curves


class ResponseTerms:
    """The curves that a response is made of, and how its own curve changes with it."""

    def __init__(self, response: Response, plasma: PlasmaInput, places: Places | None) -> None:
        self._response = response
        self._input = plasma
        self._places = places
        self._plasma = plasma.plasma(places)
        self._integral = plasma.integral(places) if response.uptake_per_min is not None else self._plasma
        self._exponentials = [plasma.convolved_with_slope(rate, places) for rate in response.rates_per_min]

    def change(self, moved: Response, step: FloatArray) -> FloatArray:
        """Return the change of the curve (T, N) for a step of what turned the response into another one."""
        now = self._response
        changes = np.zeros((len(self._plasma), len(step)))
        if moved.plasma is not None and now.plasma is not None and moved.plasma is not now.plasma:
            changes += (moved.plasma - now.plasma) / step * self._plasma
        if moved.uptake_per_min is not None and now.uptake_per_min is not None:
            changes += (moved.uptake_per_min - now.uptake_per_min) / step * self._integral
        for n, (convolved, slope) in enumerate(self._exponentials):
            amplitude = now.amplitudes_per_min[n]
            amplitude_change = (moved.amplitudes_per_min[n] - amplitude) / step
            rate_change = (moved.rates_per_min[n] - now.rates_per_min[n]) / step
            if amplitude_change.any():
                changes += amplitude_change * convolved
            if rate_change.any():
                changes += amplitude * rate_change * slope
        return changes

    def change_with_delay_s(self) -> FloatArray:
        """Return the change of the curve (T, N) for a second more of delay: minus its rise."""
        response, places = self._response, self._places
        if places is None:
            raise ValueError("a response without places has no delay")
        rise = np.zeros_like(places.after_min)
        if response.plasma is not None:
            rise += response.plasma * self._input.rising(places)
        if response.uptake_per_min is not None:
            rise += response.uptake_per_min * self._plasma
        terms = zip(response.amplitudes_per_min, response.rates_per_min, self._exponentials, strict=True)
        for amplitude, rate, (convolved, _) in terms:
            rise += amplitude * (self._plasma - rate * convolved)
        return np.asarray(-rise / SECONDS_PER_MINUTE)


def _check_names(model: DceModel, parameters: Mapping[str, ArrayLike]) -> None:
    missing = [name for name in model.parameters if name not in parameters]
    unknown = [name for name in parameters if name not in (*model.parameters, DELAY)]
    if missing or unknown:
        raise PerfusionError(
            f"Model {model} takes {', '.join(model.parameters)} and {DELAY}; "
            f"missing: {', '.join(missing) or 'none'}, unknown: {', '.join(unknown) or 'none'}."
        )
