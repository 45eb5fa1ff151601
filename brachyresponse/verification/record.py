"""A verification as plain values: what is written, compared and counted over a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from brachyresponse.planning import RuleFinding
from brachyresponse.seeds.displacement import DisplacementSummary
from brachyresponse.verification.axis_effect import AxisEffect
from brachyresponse.verification.cold_regions import ColdRegion
from brachyresponse.verification.comparison import MetricComparison
from brachyresponse.verification.methods import method_sentences
from brachyresponse.verification.migration import MigratedSeed
from brachyresponse.verification.near_organs import SeedNearOrgan
from brachyresponse.verification.oedema import OedemaModel
from brachyresponse.verification.organ_limits import LimitComparison
from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.verification import Verification


@dataclass(frozen=True)
class SeedCounts:
    """How many seeds were planned, implanted by the record, and found; and who has no partner, counted from 1."""

    planned: int
    implanted: int | None
    found: int
    paired: int
    missing: tuple[int, ...]
    extra: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class RegistrationRecord:
    """How the plan was brought to the implant: the matrix, plan RAS to implant RAS, row by row."""

    method: RegistrationMethod
    matrix: tuple[float, ...]
    residual_mm: float | None
    residual_is: str


@dataclass(frozen=True, eq=False)
class VerificationRecord:
    """All values of a verification; see :class:`Verification` for what they mean. Seeds are counted from 0 in it.

    ``displacement`` has ``total``, ``along``, ``along_size``, ``lateral`` and, where the skin is known, ``deeper``.
    """

    patient_id: str
    plan: str
    source: str
    prescription_gy: float
    target: str
    implant_date: date
    scan_date: date | None
    days_after_implant: int | None
    share_delivered: float | None
    target_stamp: str
    carried: tuple[str, ...]
    seeds: SeedCounts
    registration: RegistrationRecord
    displacement: Mapping[str, DisplacementSummary]
    metrics: tuple[MetricComparison, ...]
    organ_limits: tuple[LimitComparison, ...]
    findings: tuple[RuleFinding, ...]
    cold_regions: tuple[ColdRegion, ...]
    near_organs: tuple[SeedNearOrgan, ...]
    migrated: tuple[MigratedSeed, ...]
    axis_effects: tuple[AxisEffect, ...]
    oedema: OedemaModel | None
    methods: tuple[str, ...]
    warnings: tuple[str, ...]

    def metric(self, structure: str, metric_id: str) -> MetricComparison | None:
        """Return a row of the comparison; None where there is none."""
        wanted = (row for row in self.metrics if (row.structure, row.id) == (structure, metric_id))
        return next(wanted, None)


def record_of(verification: Verification) -> VerificationRecord:
    """Return the values of a verification."""
    request = verification.request
    return VerificationRecord(
        patient_id=request.plan.patient_id or request.patient_id,
        plan=request.plan.name,
        source=request.source.name,
        prescription_gy=request.plan.prescription_gy,
        target=verification.judged_target,
        implant_date=verification.implant_date,
        scan_date=request.scan_date,
        days_after_implant=verification.days_after_implant,
        share_delivered=verification.share_delivered,
        target_stamp=verification.target_stamp,
        carried=tuple(sorted(request.carried)),
        seeds=seed_counts(verification),
        registration=_registration(request.registration),
        displacement=verification.displacements.summaries(),
        metrics=verification.comparison,
        organ_limits=verification.organ_limits,
        findings=verification.findings,
        cold_regions=verification.cold_regions,
        near_organs=verification.near_organs,
        migrated=verification.migrated,
        axis_effects=verification.point_implant,
        oedema=verification.oedema,
        methods=method_sentences(verification),
        warnings=verification.warnings,
    )


def seed_counts(verification: Verification) -> SeedCounts:
    """Return how many seeds were planned, implanted, found and paired."""
    match = verification.match
    return SeedCounts(
        planned=verification.planned_seeds.count,
        implanted=verification.request.implanted_count,
        found=verification.found.count,
        paired=match.count,
        missing=tuple(int(index) + 1 for index in match.missing),
        extra=tuple(int(index) + 1 for index in match.extra),
    )


def _registration(found: Registration) -> RegistrationRecord:
    matrix = tuple(found.matrix.ravel().tolist())
    return RegistrationRecord(found.method, matrix, found.residual_mm, found.residual_is)
