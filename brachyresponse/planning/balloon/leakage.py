"""Whether the activity that came out of a balloon is what went in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.sources import decay_factor

FLAG_PERCENT = 2.0
"""Proposed by this software, not published; the published range is 0.5 to 5.5 % in six patients."""
PUBLISHED = "0.5 to 5.5 % unaccounted for in six patients (2008, Brachytherapy 7:43)"


@dataclass(frozen=True)
class LeakageBalance:
    """Activity that is missing when the liquid is taken out.

    Parameters
    ----------
    expected_mbq, recovered_mbq
        At removal: left of what was filled in, and measured.
    """

    expected_mbq: float
    recovered_mbq: float

    @property
    def missing_mbq(self) -> float:
        """Expected less recovered; negative where more came out than was expected."""
        return self.expected_mbq - self.recovered_mbq

    @property
    def missing_percent(self) -> float:
        """Of what was expected."""
        return self.missing_mbq / self.expected_mbq * 100

    @property
    def is_flagged(self) -> bool:
        """Whether a person should look: more than 2 % is missing, or too much was recovered (a proposed limit)."""
        return abs(self.missing_percent) > FLAG_PERCENT

    @property
    def sentence(self) -> str:
        """The balance in words."""
        found = (
            f"{self.recovered_mbq:.4g} MBq were recovered of {self.expected_mbq:.4g} MBq expected after decay: "
            f"{self.missing_mbq:.4g} MBq ({self.missing_percent:.1f} %) are unaccounted for"
        )
        limit = f"limit {FLAG_PERCENT:g} %, a proposal of this software; published: {PUBLISHED}"
        if self.missing_percent < -FLAG_PERCENT:
            return f"{found}: more was recovered than was filled in, so check both assays ({limit})."
        return f"{found} ({limit})."


def leakage_balance(
    filled_mbq: float, recovered_mbq: float, *, elapsed_days: float, half_life_days: float
) -> LeakageBalance:
    """Return the balance of the activity filled in, MBq, and recovered after some days: A exp(-lambda t) - A_recovered.

    Raises
    ------
    PlanError
        The activity filled in is not positive, the recovered one or the time negative.
    """
    if not (np.isfinite(filled_mbq) and filled_mbq > 0):
        raise PlanError(f"The activity filled in is {filled_mbq:g} MBq: give a positive number.")
    if not (np.isfinite(recovered_mbq) and recovered_mbq >= 0):
        raise PlanError(f"The recovered activity is {recovered_mbq:g} MBq: give 0 or more.")
    if not (np.isfinite(elapsed_days) and elapsed_days >= 0):
        raise PlanError(f"The time from filling to removal is {elapsed_days:g} days: give 0 or more.")
    return LeakageBalance(filled_mbq * decay_factor(half_life_days, elapsed_days), recovered_mbq)
