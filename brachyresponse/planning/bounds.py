"""What a row of a profile allows: at least and at most, in words and as a verdict."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PlanError

ROUNDING = 1e-6


class Bounded:
    """A row with limits; ``least`` and ``most`` in ``unit``, inclusive unless ``strict``; None for no limit."""

    least: float | None
    most: float | None
    strict: bool

    @property
    def unit(self) -> str:
        """Unit of the limits and of what is found."""
        raise NotImplementedError

    @property
    def limit(self) -> str:
        """The limits in words: ``110 to 140 Gy``, ``at least 10 mm``; ``no limit``."""
        unit = f" {self.unit}" if self.unit else ""
        if self.least is not None and self.least == self.most:
            return f"exactly {self.least:g}{unit}"
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}{unit}"
        if self.least is not None:
            return f"{'more than' if self.strict else 'at least'} {self.least:g}{unit}"
        if self.most is not None:
            return f"{'less than' if self.strict else 'at most'} {self.most:g}{unit}"
        return "no limit"

    @property
    def has_limit(self) -> bool:
        """Whether anything is limited."""
        return self.least is not None or self.most is not None

    def room(self, value: float) -> float:
        """Return how far a value keeps from the nearer limit, negative where it breaks one: the worst has the least."""
        over = np.inf if self.least is None else value - self.least
        under = np.inf if self.most is None else self.most - value
        return float(min(over, under))

    def allows(self, value: float) -> bool:
        """Tell whether a value keeps the limits, rounding errors forgiven."""
        return self.room(value) > ROUNDING if self.strict else self.room(value) >= -ROUNDING

    def contradiction(self) -> str:
        """Return what is wrong with the limits; empty where they can hold."""
        for limit in (self.least, self.most):
            if limit is not None and not np.isfinite(limit):
                return f"its limit is {limit}; give a number, or no limit."
        if self.least is not None and self.most is not None and self.least > self.most:
            return f"at least {self.least:g} and at most {self.most:g} cannot both hold."
        return ""


class Sourced(Bounded):
    """A row whose source says itself what it is: a citation, "clinic's own", or "proposal of this software"."""

    id: str
    source: str

    @property
    def cited(self) -> str:
        """The source, which says itself what it is."""
        return self.source

    def _check(self, what: str) -> None:
        if wrong := self.contradiction():
            raise PlanError(f"{what} {self.id!r}: {wrong}")
        if not self.source.strip():
            raise PlanError(f'{what} {self.id!r} has no source: cite it, or write "clinic\'s own".')
