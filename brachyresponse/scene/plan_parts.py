"""A plan's node, and the nodes that belong to it."""

from __future__ import annotations

import slicer

from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import KIND_ATTRIBUTE as KIND_ATTRIBUTE
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole, folder_for, place_part
from brachyresponse.scene.parts import remove_part as remove_part

PLAN_CLASS, PLAN_KIND = OWNER_CLASS, OwnerKind.PLAN.value


class PlanRole(PartRole):
    """What a node is to a plan; the value is the role of the node reference."""

    PLANNING_VOLUME = "planningVolumeRef"
    SEGMENTATION = "segmentationRef"
    NEEDLE = "needleRef"
    SEEDS = "seedsRef"
    SEED_MODEL = "seedModelRef"
    DOSE = "doseRef"
    ISODOSE = "isodoseRef"
    DVH_TABLE = "dvhTableRef"
    DVH_SERIES = "dvhSeriesRef"
    DVH_CHART = "dvhChartRef"
    METRICS = "metricsTableRef"
    RULES = "rulesTableRef"
    LIMITS = "limitsTableRef"
    RULE_LIMITS = "ruleLimitsTableRef"
    LOADING = "loadingTableRef"
    ENTRIES = "needleEntriesRef"
    OBSTACLE = "obstacleModelRef"
    SEARCH = "searchTableRef"
    CONVERGENCE_TABLE = "convergenceTableRef"
    CONVERGENCE_SERIES = "convergenceSeriesRef"
    CONVERGENCE_CHART = "convergenceChartRef"
    ROBUSTNESS = "robustnessTableRef"
    TRADE_OFF_RECORD = "tradeOffRecordRef"
    TRADE_OFFS = "tradeOffsTableRef"
    TRADE_OFF_TABLE = "tradeOffPlotTableRef"
    TRADE_OFF_SERIES = "tradeOffSeriesRef"
    TRADE_OFF_CHART = "tradeOffChartRef"
    TRADE_OFF_AXES = "tradeOffAxesChartRef"
    COMPARISON = "comparisonTableRef"
    COMPARISON_SERIES = "comparisonSeriesRef"
    COMPARISON_CHART = "comparisonChartRef"
    BALLOON_CENTRE = "balloonCentreRef"
    BALLOON_MODEL = "balloonModelRef"
    BALLOON_SECTORS = "balloonSectorsTableRef"
    BALLOON_DEPTHS = "balloonDepthDoseTableRef"
    TISSUES = "tissuesTableRef"
    BIOLOGY = "biologyTableRef"
    BIOLOGY_HISTOGRAMS = "biologyHistogramsTableRef"
    BIOLOGY_SERIES = "biologySeriesRef"
    BIOLOGY_CHART = "biologyChartRef"
    BED = "bedVolumeRef"
    EQD2 = "eqd2VolumeRef"
    EARLIER_BEAM = "earlierBeamVolumeRef"
    PROCEDURE_IMAGE = "procedureVolumeRef"
    SO_FAR = "soFarTableRef"
    SO_FAR_NEEDLES = "soFarNeedlesModelRef"
    SO_FAR_SEEDS = "soFarSeedsModelRef"

    @property
    def is_input(self) -> bool:
        """Whether the plan only uses the node."""
        return self in INPUT_ROLES

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return self not in UNLISTED_ROLES


INPUT_ROLES = (
    PlanRole.PLANNING_VOLUME,
    PlanRole.SEGMENTATION,
    PlanRole.ENTRIES,
    PlanRole.BALLOON_CENTRE,
    PlanRole.EARLIER_BEAM,
    PlanRole.PROCEDURE_IMAGE,
)
"""Roles of nodes that a plan uses and does not own: they stay when it is deleted, and where the user put them."""

OWN_ROLES = tuple(role for role in PlanRole if role not in INPUT_ROLES)

UNLISTED_ROLES = (
    PlanRole.DVH_SERIES,
    PlanRole.CONVERGENCE_SERIES,
    PlanRole.TRADE_OFF_RECORD,
    PlanRole.TRADE_OFF_TABLE,
    PlanRole.TRADE_OFF_SERIES,
    PlanRole.COMPARISON_SERIES,
    PlanRole.BIOLOGY_HISTOGRAMS,
    PlanRole.BIOLOGY_SERIES,
)
"""Roles of nodes that only serve a chart or the panel."""


PARTS: PartsOf[PlanRole] = PartsOf(OwnerKind.PLAN)
is_plan, require_plan, plans_in = PARTS.is_one, PARTS.require, PARTS.in_scene
plan_part, plan_parts, need_plan_part = PARTS.first, PARTS.every, PARTS.need
set_plan_part, set_plan_parts = PARTS.put, PARTS.put_every


def plan_of(node: slicer.vtkMRMLNode) -> slicer.vtkMRMLScriptedModuleNode | None:
    """Return the plan that a node belongs to, or None."""
    for plan_node in plans_in(node.GetScene()):
        if any(node is part for role in OWN_ROLES for part in plan_parts(plan_node, role)):
            return plan_node
    return None


def place_in_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode, role: PlanRole) -> None:
    """Put a node into the plan's folder; a dose below a study in it, what people do not look for nowhere."""
    place_part(plan_node, node, role)


def plan_folder(plan_node: slicer.vtkMRMLScriptedModuleNode) -> int:
    """Return the item of the folder of a plan; it is made when absent."""
    return folder_for(plan_node)
