"""What a balloon plan is held to: rows of a site profile, in a table of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.planning.bounds import Sourced
from brachyresponse.planning.rules import Severity


class BalloonCheck(StrEnum):
    """What a rule of a balloon plan looks at; ``planning/balloon/data/README.md`` says how each is measured."""

    PRESCRIPTION = "prescription"
    DEPTH = "depth"
    ACTIVITY = "activity"
    DWELL = "dwell"
    DOSE_AT_DEPTH = "dose_at_depth"
    SURFACE_DOSE = "surface_dose"
    SHELL_D90 = "shell_d90"
    FILL_VOLUME = "fill_volume"
    FILL_PERCENT = "fill_percent"
    SPHERICITY = "sphericity"
    SPHERE_DIFFERENCE = "sphere_difference"
    GAP = "gap"
    LEAKAGE = "leakage"


BALLOON_UNITS = {
    BalloonCheck.PRESCRIPTION: "Gy", BalloonCheck.DEPTH: "mm", BalloonCheck.ACTIVITY: "MBq", BalloonCheck.DWELL: "d",
    BalloonCheck.DOSE_AT_DEPTH: "%", BalloonCheck.SURFACE_DOSE: "Gy", BalloonCheck.SHELL_D90: "%",
    BalloonCheck.FILL_VOLUME: "mL", BalloonCheck.FILL_PERCENT: "%", BalloonCheck.SPHERICITY: "",
    BalloonCheck.SPHERE_DIFFERENCE: "%", BalloonCheck.GAP: "mm", BalloonCheck.LEAKAGE: "%",
}  # fmt: skip


@dataclass(frozen=True)
class BalloonRule(Sourced):
    """One row of a balloon profile.

    Parameters
    ----------
    id, label
        For programs and for people.
    check
        What is looked at.
    severity
        What it means when the rule is not kept.
    least, most
        Limits in ``unit``, inclusive; None for no limit on that side.
    source
        Citation, "clinic's own", or "proposal of this software".

    Raises
    ------
    PlanError
        The limits contradict each other, or the source is empty.
    """

    id: str
    label: str
    check: BalloonCheck
    severity: Severity
    least: float | None
    most: float | None
    source: str
    strict: bool = False

    def __post_init__(self) -> None:
        self._check("Rule")

    @property
    def unit(self) -> str:
        """Unit of the limits and of what is found."""
        return BALLOON_UNITS[self.check]
