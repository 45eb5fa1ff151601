"""A verification's node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.parts import (
    OWNER_CLASS,
    OwnerKind,
    PartRole,
    kind_of,
    need_part,
    owners_in,
    part,
    parts,
    require_kind,
    set_part,
    set_parts,
)

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


def is_verification(node: slicer.vtkMRMLNode | None) -> bool:
    """Tell whether a node is a verification; a plan or a module's parameter node, of the same class, is not."""
    return kind_of(node) is OwnerKind.VERIFICATION


def require_verification(node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is not a verification.

    Raises
    ------
    SceneError
        There is no node, or it is not a verification.
    """
    require_kind(node, OwnerKind.VERIFICATION)


def verifications_in(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the verifications of a scene, in the order in which they were made."""
    return owners_in(scene, OwnerKind.VERIFICATION)


def verification_part(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole
) -> slicer.vtkMRMLNode | None:
    """Return the node in a role of a verification, or None; of several, the first."""
    require_verification(verification_node)
    return part(verification_node, role)


def verification_parts(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole
) -> list[slicer.vtkMRMLNode]:
    """Return the nodes in a role of a verification."""
    require_verification(verification_node)
    return parts(verification_node, role)


def need_verification_part(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole, what: str
) -> slicer.vtkMRMLNode:
    """Return the node in a role of a verification.

    Parameters
    ----------
    what
        How the user calls it: ``"implant CT"``.

    Raises
    ------
    SceneError
        The verification has none.
    """
    require_verification(verification_node)
    return need_part(verification_node, role, what)


def set_verification_part(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole, node: slicer.vtkMRMLNode | None
) -> None:
    """Make a node the only one in a role of a verification; None leaves the role empty."""
    require_verification(verification_node)
    set_part(verification_node, role, node)


def set_verification_parts(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole, nodes: list[slicer.vtkMRMLNode]
) -> None:
    """Make nodes the ones in a role of a verification, in that order; own ones that are no longer are removed."""
    require_verification(verification_node)
    set_parts(verification_node, role, nodes)


def own_node(
    verification_node: slicer.vtkMRMLScriptedModuleNode, role: VerificationRole, class_name: str, what: str
) -> slicer.vtkMRMLNode:
    """Return the node in a role of a verification; it is made when absent, and named after the verification.

    Parameters
    ----------
    what
        The rest of its name: ``"seeds"``.
    """
    node = verification_part(verification_node, role)
    if node is None:
        scene = verification_node.GetScene()
        name = scene.GetUniqueNameByString(f"{verification_node.GetName()} {what}")
        node = scene.AddNewNodeByClass(class_name, name)
        set_verification_part(verification_node, role, node)
    return node
