"""Evaluating a plan of the scene: in full with its rules, and quickly while a seed is dragged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import slicer

from brachyresponse.dose import LiveDose
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid
from brachyresponse.planning import (
    ImplantPlan,
    PlanAnatomy,
    PlanEvaluation,
    PlanSampling,
    evaluate_dose,
    evaluate_plan,
)
from brachyresponse.planning.implant import Implant
from brachyresponse.progress import Report
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_choices import CHOICES
from brachyresponse.scene.plan_fields import PlanField
from brachyresponse.scene.plan_rules import plan_profile
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.plan_staleness import structure_stamps
from brachyresponse.scene.plan_structures import SEGMENTS
from brachyresponse.scene.plan_targets import check_in_image
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.results import read_limits
from brachyresponse.scene.source_kind import require_seeds
from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

MOST_VOXELS = 100_000_000
"""More than this is a spacing meant in another unit: a dose of 400 MB."""


@dataclass(frozen=True)
class DoseExtent:
    """The grid on which a plan's dose is computed: round targets and seeds, with the organs at risk.

    Parameters
    ----------
    spacing_mm
        Edge of its voxels.
    margin_mm
        How far it reaches beyond targets and seeds.
    """

    spacing_mm: float = 1.0
    margin_mm: float = 30.0

    def grid(self, plan: ImplantPlan, anatomy: PlanAnatomy) -> Grid:
        """Return the grid for a plan.

        Raises
        ------
        DoseError
            Spacing or margin are not positive, or make a grid of too many voxels.
        """
        if not (self.spacing_mm > 0 and self.margin_mm >= 0):
            raise DoseError(f"A dose grid of {self.spacing_mm} mm reaching {self.margin_mm} mm: give positive lengths.")
        inner = np.concatenate([*_corners(anatomy, anatomy.roles.targets), plan.seeds.positions_mm])
        lower, upper = inner.min(axis=0) - self.margin_mm, inner.max(axis=0) + self.margin_mm
        for corners in _corners(anatomy, anatomy.roles.reported_organs):
            lower, upper = np.minimum(lower, corners[0]), np.maximum(upper, corners[1])
        voxels = float(np.prod((upper - lower) / self.spacing_mm))
        if voxels > MOST_VOXELS:
            raise DoseError(
                f"A dose grid of {self.spacing_mm:g} mm round this plan has {voxels / 1e6:.0f} million voxels: "
                "choose a coarser spacing or a smaller margin."
            )
        return Grid.covering(lower, upper, self.spacing_mm)


def evaluate_plan_node(
    plan_node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, *, point_sources: bool, report: Report
) -> PlanEvaluation:
    """Compute the dose of a plan and all that follows from it; nothing is written.

    Raises
    ------
    BrachyResponseError
        The plan is not complete, a node cannot be read, or the grid is too large.
    Cancelled
        By the report.
    """
    plan, source, anatomy = read_plan_node(plan_node), read_plan_source(plan_node), read_plan_anatomy(plan_node)
    for name in anatomy.roles.targets:
        check_in_image(plan_node, anatomy.structures[name])
    if point_sources:
        plan = replace(plan, seeds=plan.seeds.without_axes())
    profile = plan_profile(plan_node)
    return evaluate_plan(plan, source, anatomy, extent.grid(plan, anatomy), profile=profile, report=report)


@dataclass
class _Live:
    """What stays the same while seeds of one plan move."""

    key: tuple[object, ...]
    plan: ImplantPlan
    source: Source
    sampling: PlanSampling
    dose: LiveDose


class LiveEvaluator:
    """Evaluates one plan again and again on a coarse grid while its seeds move; rules and skin are left out.

    What does not depend on the seeds is kept as long as plan, structures and limits stay the same and the seeds stay
    inside the grid.
    """

    def __init__(self) -> None:
        self._live: _Live | None = None

    def evaluate(
        self, plan_node: slicer.vtkMRMLScriptedModuleNode, implant: Implant, extent: DoseExtent, *, point_sources: bool
    ) -> PlanEvaluation:
        """Return dose, histograms and metrics of a plan with the needles and seeds given.

        Raises
        ------
        BrachyResponseError
            The plan is not complete, or a node cannot be read.
        """
        require_seeds(plan_node)
        seeds = implant.seeds.without_axes() if point_sources else implant.seeds
        key = _key(plan_node, extent, point_sources)
        live = self._live
        if live is None or live.key != key or not live.sampling.grid.contains(seeds.positions_mm).all():
            live = self._live = _prepare(plan_node, implant, extent, key)
        plan = replace(live.plan, needles=implant.needles, seeds=seeds)
        live.dose.update(seeds)
        return evaluate_dose(plan, live.source, live.sampling, live.dose.dose_gy)


def _corners(anatomy: PlanAnatomy, names: Iterable[str]) -> list[FloatArray]:
    """Lower and upper corner, (2, 3), of the box round each structure."""
    return [np.stack(anatomy.structures[name].bounds_mm()) for name in names]


def _prepare(
    plan_node: slicer.vtkMRMLScriptedModuleNode, implant: Implant, extent: DoseExtent, key: tuple[object, ...]
) -> _Live:
    plan, source, anatomy = read_plan_node(plan_node), read_plan_source(plan_node), read_plan_anatomy(plan_node)
    plan = replace(plan, needles=implant.needles, seeds=implant.seeds)
    grid = extent.grid(plan, anatomy)
    return _Live(key, plan, source, PlanSampling(anatomy, grid), LiveDose(source, implant.seeds, grid))


def _key(plan_node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, point_sources: bool) -> tuple[object, ...]:
    """Everything but needles and seeds that the evaluation depends on."""
    values = tuple(get_attribute(plan_node, name) for name in (*PlanField, SEGMENTS, CHOICES))
    limits = tuple(map(str, read_limits(plan_node)))
    return (id(plan_node), values, extent, point_sources, limits, structure_stamps(plan_node))
