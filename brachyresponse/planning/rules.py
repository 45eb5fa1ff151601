"""A rule: one row of a site profile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.errors import PlanError
from brachyresponse.planning.anatomy import TargetRole
from brachyresponse.planning.bounds import Bounded
from brachyresponse.planning.organ_limits import parse_metric


class Severity(StrEnum):
    """What it means when a rule is not kept."""

    ERROR = "error"
    """The plan should not be used as it is."""
    WARN = "warn"
    """A person must decide."""
    INFO = "info"
    """Worth knowing."""


class Check(StrEnum):
    """What a rule looks at; ``planning/data/README.md`` says how each is measured."""

    PRESCRIPTION = "prescription"
    SEED_ACTIVITY = "seed_activity"
    SEED_SPACING = "seed_spacing"
    NEEDLE_SPACING = "needle_spacing"
    PERIPHERAL_DOSE = "peripheral_dose"
    TARGET_METRIC = "target_metric"
    DISTAL_EDGE = "distal_edge"
    SKIN_DEPTH = "skin_depth"
    SKIN_DOSE = "skin_dose"
    AVOID = "avoid"
    TARGETS = "targets"
    IMAGE_AGE = "image_age"
    SEED_OVERLAP = "seed_overlap"
    VERIFICATION = "verification"
    FOLLOW_UP = "follow_up"


UNITS = {
    Check.PRESCRIPTION: "Gy", Check.SEED_ACTIVITY: "MBq", Check.SEED_SPACING: "mm", Check.NEEDLE_SPACING: "mm",
    Check.PERIPHERAL_DOSE: "%", Check.TARGET_METRIC: "%", Check.DISTAL_EDGE: "mm", Check.SKIN_DEPTH: "mm",
    Check.SKIN_DOSE: "Gy", Check.AVOID: "mm", Check.TARGETS: "targets", Check.IMAGE_AGE: "d",
    Check.SEED_OVERLAP: "pairs", Check.VERIFICATION: "", Check.FOLLOW_UP: "",
}  # fmt: skip


class PeripheralDose(StrEnum):
    """Readings of the "matched peripheral dose" in the rule D90 > MPD."""

    PRESCRIPTION = "prescription"
    """The prescribed dose."""
    ISODOSE_VOLUME = "isodose_volume"
    """The dose whose isodose encloses as much volume as the target has."""
    D100 = "d100"
    """The least dose in the target."""


@dataclass(frozen=True)
class Rule(Bounded):
    """One row of a profile.

    Parameters
    ----------
    id, label
        For programs and for people.
    check
        What is looked at.
    severity
        What it means when the rule is not kept.
    least, most
        Limits in ``unit``, inclusive unless ``strict``; None for no limit on that side.
    source
        Citation, "clinic's own", or what makes the row a proposal.
    verified
        Whether the source was read; what is not verified is never an error.
    on
        The target that the rule is judged on; None for the profile's own choice.
    metric
        For ``target_metric``: ``D90``, ``V100``, ``V150`` ... in percent (of prescription, of the volume).
    reading
        For ``peripheral_dose``.
    strict
        Whether a value that equals its limit breaks the rule.
    """

    id: str
    label: str
    check: Check
    severity: Severity
    least: float | None
    most: float | None
    source: str
    verified: bool = True
    on: TargetRole | None = None
    metric: str = ""
    reading: PeripheralDose = PeripheralDose.PRESCRIPTION
    strict: bool = False

    def __post_init__(self) -> None:
        if self.check is Check.TARGET_METRIC:
            parse_metric(self.metric)
        if wrong := self.contradiction():
            raise PlanError(f"Rule {self.id!r}: {wrong}")
        if not self.verified and self.severity is Severity.ERROR:
            raise PlanError(
                f"Rule {self.id!r} is not verified and may not be an error: give its source, or make it warn."
            )

    @property
    def unit(self) -> str:
        """Unit of the limits and of what is found."""
        return UNITS[self.check]

    @property
    def cited(self) -> str:
        """The source, "unverified" said where it is."""
        return self.source if self.verified else f"{self.source} (unverified)"
