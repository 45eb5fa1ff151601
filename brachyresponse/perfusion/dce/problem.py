"""What is asked of a fit: model, input, which parameters are free, and within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.curves import ResponseTerms, response_curves
from brachyresponse.perfusion.dce.models import DEFAULT_BOUNDS, DELAY, DceModel, response_of
from brachyresponse.perfusion.dce.plasma_input import Places, PlasmaInput
from brachyresponse.types import FloatArray

RESPONSE_STEP = 1e-7
"""Share of a parameter by which it is moved to see the response's amplitudes and rates change; what curves then do is
exact."""

Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class FitProblem:
    """A model with its input and the bounds of its parameters, the delay among them where it is fitted."""

    model: DceModel
    plasma: PlasmaInput
    bounds: Bounds

    @classmethod
    def of(cls, model: DceModel, plasma: PlasmaInput, fit_delay: bool, bounds: Bounds | None) -> FitProblem:
        """Return the problem with the given bounds, and the default ones where none are given.

        Raises
        ------
        PerfusionError
            Bounds of what is not fitted, or bounds that do not rise from zero or more.
        """
        names = (*model.parameters, DELAY) if fit_delay else model.parameters
        given = bounds or {}
        unknown = [name for name in given if name not in names]
        if unknown:
            raise PerfusionError(f"Model {model} fits {', '.join(names)}: there is no {unknown[0]!r} to be bounded.")
        chosen = {name: given.get(name, DEFAULT_BOUNDS[name]) for name in names}
        for name, (low, high) in chosen.items():
            if not (low < high and np.isfinite([low, high]).all() and (low >= 0 or name == DELAY)):
                raise PerfusionError(f"The bounds of {name} are {low} to {high}: give a lower and a higher number.")
        return cls(model, plasma, chosen)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free parameters, in the order of the rows of an array of them."""
        return tuple(self.bounds)

    @property
    def fits_delay(self) -> bool:
        """Whether the delay is a free parameter."""
        return DELAY in self.bounds

    @property
    def lower(self) -> FloatArray:
        """(P, 1) lower bounds."""
        return np.array([[low] for low, _ in self.bounds.values()])

    @property
    def upper(self) -> FloatArray:
        """(P, 1) upper bounds."""
        return np.array([[high] for _, high in self.bounds.values()])

    def by_name(self, parameters: FloatArray) -> dict[str, FloatArray]:
        """Return the rows of (P, N) by name."""
        return dict(zip(self.names, parameters, strict=True))

    def places(self, parameters: FloatArray) -> Places | None:
        """Return where the frames lie on the delayed input; None without a delay."""
        return self.plasma.places(parameters[-1]) if self.fits_delay else None

    def curves(self, parameters: FloatArray, places: Places | None = None) -> FloatArray:
        """Return the curves (T, N) of parameters (P, N); ``places`` where they are known already."""
        if places is None:
            places = self.places(parameters)
        response = response_of(self.model, self.by_name(parameters))
        return response_curves(response, self.plasma, places, parameters.shape[1])

    def jacobian(self, parameters: FloatArray) -> FloatArray:
        """Return the change of the curves with each parameter, (P, T, N)."""
        places, now = self.places(parameters), self.by_name(parameters)
        response = response_of(self.model, now)
        terms = ResponseTerms(response, self.plasma, places)
        changes = np.empty((len(parameters), len(self.plasma.values), parameters.shape[1]))
        for n, name in enumerate(self.names):
            if name == DELAY:
                changes[n] = terms.change_with_delay_s()
                continue
            step = RESPONSE_STEP * (np.abs(parameters[n]) + (self.upper[n] - self.lower[n]) / 100)
            moved = response_of(self.model, {**now, name: parameters[n] + step})
            changes[n] = terms.change(moved, step)
        return changes
