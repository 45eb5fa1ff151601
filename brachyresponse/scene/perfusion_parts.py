"""A perfusion study's node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole

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


PARTS: PartsOf[PerfusionRole] = PartsOf(OwnerKind.PERFUSION)
is_perfusion, require_perfusion, perfusion_studies_in = PARTS.is_one, PARTS.require, PARTS.in_scene
perfusion_part, perfusion_parts, need_perfusion_part = PARTS.first, PARTS.every, PARTS.need
set_perfusion_part, set_perfusion_parts, own_perfusion_node = PARTS.put, PARTS.put_every, PARTS.made


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
