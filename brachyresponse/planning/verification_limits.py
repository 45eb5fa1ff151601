"""Limits of an implant that was made: rows of a site profile beside its planning rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.planning.anatomy import TargetRole
from brachyresponse.planning.bounds import Sourced
from brachyresponse.planning.organ_limits import parse_metric
from brachyresponse.planning.rules import Severity


class VerificationCheck(StrEnum):
    """What a limit of verification looks at; ``planning/data/README.md`` says how each is measured."""

    TARGET_METRIC = "target_metric"
    SEEDS_FOUND = "seeds_found"
    SEEDS_MISSING = "seeds_missing"
    DISPLACEMENT = "displacement"
    ORGAN_DISTANCE = "organ_distance"
    LONE_SEED = "lone_seed"
    OFF_PLAN = "off_plan"
    OUTSIDE_TARGET = "outside_target"
    SCAN_DAY = "scan_day"


VERIFICATION_UNITS = {
    VerificationCheck.TARGET_METRIC: "%",
    VerificationCheck.SEEDS_FOUND: "%",
    VerificationCheck.SEEDS_MISSING: "seeds",
    VerificationCheck.DISPLACEMENT: "mm",
    VerificationCheck.ORGAN_DISTANCE: "mm",
    VerificationCheck.LONE_SEED: "mm",
    VerificationCheck.OFF_PLAN: "mm",
    VerificationCheck.OUTSIDE_TARGET: "mm",
    VerificationCheck.SCAN_DAY: "d",
}


@dataclass(frozen=True)
class VerificationLimit(Sourced):
    """One row of the verification list of a profile.

    A planning rule may be missed by an implant that is still good, so an implant has limits of its own; other than a
    rule, a limit that is only a proposal may be an error, for then its source says so.

    Parameters
    ----------
    id, label
        For programs and for people.
    check
        What is looked at.
    severity
        What it means when the limit is not kept.
    least, most
        Limits in ``unit``, inclusive unless ``strict``; None for no limit on that side.
    source
        Citation, "clinic's own", or "proposal of this software".
    on
        For ``target_metric`` and ``outside_target``: the target it is judged on; None for the profile's own choice and,
        for a metric, the target that the plan prescribes to.
    metric
        For ``target_metric``: ``D90``, ``V100``, ``V150`` ... in percent (of prescription, of the volume).
    strict
        Whether a value that equals its limit breaks it.

    Raises
    ------
    PlanError
        The limits contradict each other, the metric is none, or the source is empty.
    """

    id: str
    label: str
    check: VerificationCheck
    severity: Severity
    least: float | None
    most: float | None
    source: str
    on: TargetRole | None = None
    metric: str = ""
    strict: bool = False

    def __post_init__(self) -> None:
        if self.check is VerificationCheck.TARGET_METRIC:
            parse_metric(self.metric)
        self._check("Verification limit")

    @property
    def unit(self) -> str:
        """Unit of the limits and of what is found."""
        return VERIFICATION_UNITS[self.check]
