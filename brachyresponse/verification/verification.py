"""What was found out about an implant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from brachyresponse.planning import PlanEvaluation, RuleFinding, TargetRole
from brachyresponse.seeds import SeedDisplacements, SeedMatch, Seeds
from brachyresponse.types import Float32Array
from brachyresponse.verification.axis_effect import AxisEffect
from brachyresponse.verification.cold_regions import ColdRegion
from brachyresponse.verification.comparison import MetricComparison
from brachyresponse.verification.delivery import share_delivered
from brachyresponse.verification.found_seeds import FoundSeeds
from brachyresponse.verification.migration import MigratedSeed
from brachyresponse.verification.near_organs import SeedNearOrgan
from brachyresponse.verification.oedema import OedemaModel
from brachyresponse.verification.organ_limits import LimitComparison
from brachyresponse.verification.request import VerificationRequest


@dataclass(frozen=True, eq=False)
class Verification:
    """Plan against implant; from :func:`brachyresponse.verification.verify_implant`.

    Parameters
    ----------
    request
        What it was made of.
    plan
        Evaluation of the plan on the planning anatomy.
    implant
        Evaluation of a plan whose seeds are the found ones, on the implant's anatomy and dose grid.
    match, displacements
        Which found seed is which planned one, and how far it lies off, in the implant's space.
    comparison
        Metrics of plan and implant, one row a metric of a structure.
    organ_limits
        Dose limits of organs at risk, of plan and implant.
    findings
        The profile's verification limits, one row a limit.
    difference_gy
        Implant minus plan, Gy, [k, j, i] on ``implant.grid``: the plan's dose computed anew there from its seeds,
        carried over by the registration.
    cold_regions
        Of each target, largest first.
    near_organs
        Seeds close to an organ at risk, nearest first.
    migrated
        Seeds that may have migrated.
    point_implant
        The target's metrics with all axes and with none, and the difference.
    strengths_sentence, axis_sentence, oedema_sentence
        Which strengths the seeds were taken to have; what the axes matter; the oedema's assumption, empty without.
    target_stamp
        ``carried, not verified`` where a target was not contoured on the implant's images; else empty.
    warnings
        Whole sentences: of the plan, the registration, the dates, and the implant.
    """

    request: VerificationRequest
    plan: PlanEvaluation
    implant: PlanEvaluation
    match: SeedMatch
    displacements: SeedDisplacements
    comparison: tuple[MetricComparison, ...]
    organ_limits: tuple[LimitComparison, ...]
    findings: tuple[RuleFinding, ...]
    difference_gy: Float32Array = field(repr=False)
    cold_regions: tuple[ColdRegion, ...]
    near_organs: tuple[SeedNearOrgan, ...]
    migrated: tuple[MigratedSeed, ...]
    point_implant: tuple[AxisEffect, ...]
    strengths_sentence: str
    axis_sentence: str
    oedema_sentence: str
    target_stamp: str
    warnings: tuple[str, ...]

    @property
    def planned_seeds(self) -> Seeds:
        """The plan's seeds in the implant's space."""
        return self.request.planned

    @property
    def found(self) -> FoundSeeds:
        """The found seeds with their confidences and origins."""
        return self.request.found_seeds

    @property
    def oedema(self) -> OedemaModel | None:
        """The model of swelling, where one was asked for."""
        return self.request.oedema

    @property
    def implant_date(self) -> date:
        """The day of the implant."""
        return self.request.implanted_on

    @property
    def days_after_implant(self) -> int | None:
        """Days from the implant to the verification images; None when their date is not known."""
        scanned = self.request.scan_date
        return None if scanned is None else (scanned - self.implant_date).days

    @property
    def share_delivered(self) -> float | None:
        """Share of the total dose, 0 to 1, delivered by the date of the verification images; None when not known."""
        scanned = self.request.scan_date
        return None if scanned is None else self.share_delivered_by(scanned)

    def share_delivered_by(self, day: date) -> float:
        """Return the share of the total dose, 0 to 1, that is delivered by a day.

        Raises
        ------
        VerificationError
            The day is before the implant.
        """
        return share_delivered(self.request.source, self.implant_date, day)

    @property
    def judged_target(self) -> str:
        """Name, on the implant's images, of the target that the profile judges; else the GTV, else the PTV."""
        roles, profile = self.request.anatomy.roles, self.request.profile
        wanted = roles.name_of(profile.target) if profile is not None else ""
        return wanted or roles.name_of(TargetRole.GTV) or roles.name_of(TargetRole.PTV)

    def metric(self, structure: str, metric_id: str) -> MetricComparison | None:
        """Return a row of the comparison; None where there is none."""
        wanted = (row for row in self.comparison if (row.structure, row.id) == (structure, metric_id))
        return next(wanted, None)
