"""A perfusion study's node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import SceneError
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

PERFUSION_CLASS, PERFUSION_KIND = OWNER_CLASS, OwnerKind.PERFUSION.value


class PerfusionRole(PartRole):
    """What a node is to a perfusion study; the value is the role of the node reference."""

    SERIES = "seriesRef"
    FLIP_ANGLES = "flipAngleSeriesRef"
    T1_VOLUME = "t1VolumeRef"
    ANATOMICAL = "anatomicalVolumeRef"
    T2_STAR = "t2StarVolumeRef"
    B1 = "b1VolumeRef"
    SEEDS = "seedsRef"
    LIMIT_DOSE = "limitDoseRef"
    PRE_TREATMENT = "preTreatmentRef"
    SEGMENTS = "segmentsRef"
    CARRIED = "carriedSegmentsRef"
    CORRECTED = "correctedSeriesRef"
    ACQUISITION = "acquisitionTableRef"
    TIMES = "frameTimesTableRef"
    MAPS = "mapRef"
    RATIOS = "ratioTableRef"
    EXCLUSIONS = "exclusionTableRef"
    PROTOCOL = "protocolTableRef"
    CURVE_TABLE = "curveTableRef"
    CURVE_SERIES = "curveSeriesRef"
    CURVE_CHART = "curveChartRef"
    MOTION_TABLE = "motionTableRef"
    MOTION_SERIES = "motionSeriesRef"
    MOTION_CHART = "motionChartRef"
    COMPARISON = "comparisonTableRef"
    TIMING = "timingTableRef"
    INTERPRETATION = "interpretationRef"
    RECORD = "recordRef"
    USED = "usedTableRef"
    REGISTRATION = "registrationRef"

    @property
    def is_input(self) -> bool:
        """Whether the study only uses the node."""
        return self in INPUT_ROLES

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self not in (PerfusionRole.CURVE_SERIES, PerfusionRole.MOTION_SERIES)


INPUT_ROLES = (
    PerfusionRole.SERIES,
    PerfusionRole.FLIP_ANGLES,
    PerfusionRole.T1_VOLUME,
    PerfusionRole.ANATOMICAL,
    PerfusionRole.T2_STAR,
    PerfusionRole.B1,
    PerfusionRole.SEEDS,
    PerfusionRole.LIMIT_DOSE,
    PerfusionRole.PRE_TREATMENT,
)
"""Roles of nodes that a study uses and does not own: they stay when it is deleted."""

OWN_ROLES = tuple(role for role in PerfusionRole if role not in INPUT_ROLES)


def is_perfusion(node: slicer.vtkMRMLNode | None) -> bool:
    """Tell whether a node is a perfusion study; a plan or a module's parameter node, of the same class, is not."""
    return kind_of(node) is OwnerKind.PERFUSION


def require_perfusion(node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is not a perfusion study.

    Raises
    ------
    SceneError
        There is no node, or it is not a perfusion study.
    """
    require_kind(node, OwnerKind.PERFUSION)


def require_kept(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, doing: str) -> None:
    """Refuse to write into a study that was deleted, or whose scene was closed, during long work.

    Parameters
    ----------
    name
        Of the study when the work began.
    doing
        What was done: ``"it was measured"``.

    Raises
    ------
    SceneError
        It is gone.
    """
    if perfusion_node.GetScene() is None:
        raise SceneError(f"Perfusion study {name!r} was deleted while {doing}: nothing was written.")


def perfusion_studies_in(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the perfusion studies of a scene, in the order in which they were made."""
    return owners_in(scene, OwnerKind.PERFUSION)


def perfusion_part(perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole) -> slicer.vtkMRMLNode | None:
    """Return the node in a role of a study, or None; of several, the first."""
    require_perfusion(perfusion_node)
    return part(perfusion_node, role)


def perfusion_parts(perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole) -> list[slicer.vtkMRMLNode]:
    """Return the nodes in a role of a study."""
    require_perfusion(perfusion_node)
    return parts(perfusion_node, role)


def need_perfusion_part(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, what: str
) -> slicer.vtkMRMLNode:
    """Return the node in a role of a study.

    Parameters
    ----------
    what
        How the user calls it: ``"anatomical image"``.

    Raises
    ------
    SceneError
        The study has none.
    """
    require_perfusion(perfusion_node)
    return need_part(perfusion_node, role, what)


def set_perfusion_part(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, node: slicer.vtkMRMLNode | None
) -> None:
    """Make a node the only one in a role of a study; None leaves the role empty."""
    require_perfusion(perfusion_node)
    set_part(perfusion_node, role, node)


def set_perfusion_parts(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, nodes: list[slicer.vtkMRMLNode]
) -> None:
    """Make nodes the ones in a role of a study, in that order; own ones that are no longer are removed."""
    require_perfusion(perfusion_node)
    set_parts(perfusion_node, role, nodes)


def own_perfusion_node(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, class_name: str, what: str
) -> slicer.vtkMRMLNode:
    """Return the node in a role of a study; it is made when absent, and named after the study.

    Parameters
    ----------
    what
        The rest of its name: ``"ratios"``.
    """
    node = perfusion_part(perfusion_node, role)
    if node is None:
        scene = perfusion_node.GetScene()
        name = scene.GetUniqueNameByString(f"{perfusion_node.GetName()} {what}")
        node = scene.AddNewNodeByClass(class_name, name)
        set_perfusion_part(perfusion_node, role, node)
    return node
