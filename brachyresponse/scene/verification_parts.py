"""A verification's node, and the nodes that belong to it."""

from __future__ import annotations

from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole

VERIFICATION_CLASS, VERIFICATION_KIND = OWNER_CLASS, OwnerKind.VERIFICATION.value


class VerificationRole(PartRole):
    """What a node is to a verification; the value is the role of the node reference."""

    PLAN = "planRef"
    PLAN_VOLUME = "planningVolumeRef"
    IMPLANT_VOLUME = "implantVolumeRef"
    TARGETS = "targetSegmentationRef"
    ORGANS = "organSegmentationRef"
    CARRIED = "carriedSegmentationRef"
    SEEDS = "seedsRef"
    REJECTED = "rejectedRef"
    SEED_MODEL = "seedModelRef"
    REGISTRATION = "registrationRef"
    ARROWS = "arrowsRef"
    MARKS = "marksRef"
    DOSE = "doseRef"
    DIFFERENCE = "differenceRef"
    ISODOSE = "isodoseRef"
    DVH_TABLE = "dvhTableRef"
    DVH_SERIES = "dvhSeriesRef"
    DVH_CHART = "dvhChartRef"
    SEED_TABLE = "seedTableRef"
    METRICS = "metricsTableRef"
    FINDINGS = "findingsTableRef"
    LIMITS = "verificationLimitsTableRef"
    COLD = "coldRegionsTableRef"
    NEAR = "nearOrgansTableRef"
    ROBUSTNESS = "robustnessTableRef"
    COMPARISON = "comparisonTableRef"

    @property
    def is_input(self) -> bool:
        """Whether the verification only uses the node."""
        return self in INPUT_ROLES

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self is not VerificationRole.DVH_SERIES


INPUT_ROLES = (
    VerificationRole.PLAN,
    VerificationRole.PLAN_VOLUME,
    VerificationRole.IMPLANT_VOLUME,
    VerificationRole.TARGETS,
    VerificationRole.ORGANS,
)
"""Roles of nodes that a verification uses and does not own: they stay when it is deleted."""

OWN_ROLES = tuple(role for role in VerificationRole if role not in INPUT_ROLES)

PARTS: PartsOf[VerificationRole] = PartsOf(OwnerKind.VERIFICATION)
is_verification, require_verification, verifications_in = PARTS.is_one, PARTS.require, PARTS.in_scene
verification_part, verification_parts, need_verification_part = PARTS.first, PARTS.every, PARTS.need
set_verification_part, set_verification_parts, own_node = PARTS.put, PARTS.put_every, PARTS.made
