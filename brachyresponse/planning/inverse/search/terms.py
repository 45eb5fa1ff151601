"""Terms of the objective: penalties that grow linearly with the dose that is missing or too much.

Doses are in percent of the prescription, costs in the unit of :class:`ObjectiveWeights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Protocol

import numpy as np

from brachyresponse.types import Float32Array, FloatArray


class Side(IntEnum):
    """Which doses are punished."""

    ABOVE = 1
    BELOW = -1


class Penalty(Protocol):
    """A term as it stands for one dose distribution; convex in the dose."""

    @property
    def points(self) -> slice:
        """Which points it looks at."""
        ...

    def cost(self, dose: Float32Array) -> float:
        """Return the cost of a dose distribution at the term's own points, (N,)."""
        ...

    def slope(self, dose: Float32Array) -> Float32Array:
        """Return the change of the cost with the dose at the term's own points, (N,) to (N,)."""
        ...

    def bends(self, dose: Float32Array, added: Float32Array, most: Float32Array) -> FloatArray | float:
        """Return what each of K further doses costs beyond the slope, (K,): from points that pass a level.

        Parameters
        ----------
        dose
            At the term's own points, (N,).
        added
            On top, not negative, (K, N).
        most
            The largest of them at each point, (N,).
        """
        ...


class Term(Protocol):
    """A term of the objective."""

    @property
    def name(self) -> str:
        """What it is called in tables."""
        ...

    @property
    def level(self) -> float:
        """Percent of the prescription."""
        ...

    def at(self, dose: Float32Array) -> Penalty:
        """Return the penalty as it stands for a dose distribution at all points, (M,)."""
        ...


@dataclass(frozen=True, eq=False)
class Hinge:
    """Nothing on one side of a level, on the other as much as it lies beyond, weighed by point.

    Parameters
    ----------
    points
        Which of all points.
    weights
        Cost of 1 %, (N,).
    level
        Percent of the prescription.
    """

    name: str
    points: slice
    weights: Float32Array
    level: float
    side: Side

    def at(self, dose: Float32Array) -> Hinge:
        """Return itself: it is the same for every dose."""
        return self

    def cost(self, dose: Float32Array) -> float:
        """See :class:`Penalty`."""
        beyond = (dose - np.float32(self.level)) * np.float32(self.side)
        return float(np.maximum(beyond, 0, out=beyond) @ self.weights)

    def slope(self, dose: Float32Array) -> Float32Array:
        """See :class:`Penalty`."""
        beyond = dose > self.level if self.side is Side.ABOVE else dose < self.level
        result: Float32Array = beyond * self._rise
        return result

    def bends(self, dose: Float32Array, added: Float32Array, most: Float32Array) -> FloatArray | float:
        """See :class:`Penalty`; on either side it is the same: the part of the dose that lies above the level."""
        room = np.float32(self.level) - dose
        passing = np.flatnonzero((room > 0) & (room < most))
        if not len(passing):
            return 0.0
        above = added[:, passing] - room[passing]
        result: FloatArray = np.maximum(above, 0, out=above) @ self.weights[passing]
        return result

    @cached_property
    def _rise(self) -> Float32Array:
        return self.weights * np.float32(self.side)


@dataclass(frozen=True, eq=False)
class Quantile:
    """A hinge from which a volume of a structure is let off: of the doses beyond the level those furthest beyond.

    It costs nothing exactly where the dose of the volume keeps to the level, as D2cc at most 65 %. Which points are
    let off is decided by the dose for which the penalty is asked.

    Parameters
    ----------
    volume_cc
        For which each point stands, (N,).
    exempt_cc
        The volume that is let off.
    weight
        Of 1 % beyond the level, over ``over_cc``.
    """

    name: str
    points: slice
    volume_cc: FloatArray
    exempt_cc: float
    over_cc: float
    level: float
    side: Side
    weight: float

    def at(self, dose: Float32Array) -> Hinge:
        """Return the hinge that is left when the points furthest beyond the level are let off."""
        order = np.argsort(-self.side * dose[self.points])
        passed_cc = np.cumsum(self.volume_cc[order])
        counted = np.clip(passed_cc - self.exempt_cc, 0.0, self.volume_cc[order])
        weights = np.empty(len(order), np.float32)
        weights[order] = counted * (self.weight / self.over_cc)
        return Hinge(self.name, self.points, weights, self.level, self.side)


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean dose of a structure beyond a level."""

    name: str
    points: slice
    shares: Float32Array
    level: float
    side: Side
    weight: float

    def at(self, dose: Float32Array) -> Mean:
        """Return itself: it is the same for every dose."""
        return self

    def cost(self, dose: Float32Array) -> float:
        """See :class:`Penalty`."""
        return max(self.side * (float(dose @ self.shares) - self.level), 0.0) * self.weight

    def slope(self, dose: Float32Array) -> Float32Array:
        """See :class:`Penalty`."""
        if self.side * (dose @ self.shares - self.level) <= 0:
            return np.zeros_like(self.shares)
        return self.shares * np.float32(self.side * self.weight)

    def bends(self, dose: Float32Array, added: Float32Array, most: Float32Array) -> FloatArray | float:
        """See :class:`Penalty`."""
        room = self.level - float(dose @ self.shares)
        if room <= 0:
            return 0.0
        above: FloatArray = np.maximum(added @ self.shares - room, 0.0) * self.weight
        return above
