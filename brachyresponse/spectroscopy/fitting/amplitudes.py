"""Amplitudes of the metabolites with their covariance, and quotients of sums of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.spectroscopy.basis import Component
from brachyresponse.spectroscopy.fitting.uncertainty import MODEL_ERROR, NORMAL_95, fieller
from brachyresponse.spectroscopy.vocabulary import Metabolite
from brachyresponse.types import FloatArray

LARGEST_CRB_PERCENT = 999.0
"""Shown where the bound is higher or the amplitude is 0, as LCModel does."""


@dataclass(frozen=True, eq=False)
class Amplitudes:
    """Values (m,) and covariance (m, m) of the metabolites, in the order of ``metabolites``."""

    metabolites: tuple[Metabolite, ...]
    values: FloatArray
    covariance: FloatArray

    @classmethod
    def of_components(cls, components: Sequence[Component], values: FloatArray, covariance: FloatArray) -> Amplitudes:
        """Add up the components of each metabolite."""
        found = tuple(dict.fromkeys(each.metabolite for each in components if each.metabolite is not None))
        adds = np.array([[float(each.metabolite is name) for each in components] for name in found])
        return cls(found, adds @ values, adds @ covariance @ adds.T)

    def weights(self, parts: Sequence[Metabolite]) -> FloatArray:
        """Return (m,) ones where a metabolite is one of ``parts``."""
        return np.array([float(name in parts) for name in self.metabolites])

    def total(self, *parts: Metabolite) -> tuple[float, float]:
        """Return the sum of some metabolites and its standard error."""
        add = self.weights(parts)
        return float(add @ self.values), float(np.sqrt(add @ self.covariance @ add))

    def crb_percent(self, *parts: Metabolite) -> float:
        """Return the Cramer-Rao bound of a sum as a share of it, in percent."""
        value, error = self.total(*parts)
        return min(100 * error / value, LARGEST_CRB_PERCENT) if value > 0 else LARGEST_CRB_PERCENT

    def quotient(self, parts: Sequence[Metabolite], below: Metabolite) -> tuple[float, float, float]:
        """Return a quotient and the ends of its 95 % interval, in which the error of the model is."""
        adds = np.stack([self.weights(parts), self.weights([below])])
        over, under = (float(each) for each in adds @ self.values)
        of_model = np.diag([(MODEL_ERROR * over) ** 2, (MODEL_ERROR * under) ** 2])
        return (over / under, *fieller(over, under, adds @ self.covariance @ adds.T + of_model))

    def least_quotient(self, parts: Sequence[Metabolite], below: Metabolite) -> float:
        """Return what a quotient exceeds although its denominator is not seen: from the ends of both intervals."""
        (over, over_error), (under, under_error) = self.total(*parts), self.total(below)
        return max((over - NORMAL_95 * over_error) / (under + NORMAL_95 * under_error), 0.0)
