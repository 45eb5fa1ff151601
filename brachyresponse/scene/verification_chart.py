"""Dose-volume histograms of plan and implant in one chart: the plan dashed, the implant solid, in one colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.dose import Dvh
from brachyresponse.scene.dvh import (
    PRESCRIPTION_COLOUR,
    SHOWN_TO_PERCENT,
    STRUCTURE,
    fill_dvh_table,
    make_dvh_chart,
    make_dvh_curve,
)
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    set_verification_part,
    set_verification_parts,
    verification_part,
    verification_parts,
)
from brachyresponse.scene.verification_segments import structure_colours
from brachyresponse.verification import Verification

PRESCRIPTION = "Prescription"
PALETTE = (
    (0.84, 0.24, 0.20), (0.19, 0.45, 0.77), (0.25, 0.60, 0.33), (0.55, 0.35, 0.70), (0.85, 0.55, 0.15),
    (0.35, 0.65, 0.70),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of the chart."""

    name: str
    dvh: Dvh
    colour: tuple[float, float, float]
    is_plan: bool


def write_verification_dvhs(
    verification_node: slicer.vtkMRMLScriptedModuleNode, verification: Verification
) -> slicer.vtkMRMLPlotChartNode:
    """Write the histograms of plan and implant and return the chart; nodes that are there are updated in place."""
    curves = list(_curves(verification, structure_colours(verification_node)))
    names = [*(curve.name for curve in curves), PRESCRIPTION]
    tables = verification_parts(verification_node, VerificationRole.DVH_TABLE)
    if [get_attribute(table, STRUCTURE) for table in tables] != names:
        _make_nodes(verification_node, names, [curve.is_plan for curve in curves])
    tables = verification_parts(verification_node, VerificationRole.DVH_TABLE)
    series = verification_parts(verification_node, VerificationRole.DVH_SERIES)
    for curve, table, shown in zip(curves, tables, series, strict=False):
        fill_dvh_table(table, curve.dvh.dose_gy, 100 * curve.dvh.volume_cc_above / curve.dvh.inside_cc)
        shown.SetColor(*curve.colour)
    prescription_gy = verification.request.plan.prescription_gy
    fill_dvh_table(tables[-1], np.full(2, prescription_gy), np.array([0.0, 100.0]))
    series[-1].SetColor(*PRESCRIPTION_COLOUR)
    chart = need_verification_part(verification_node, VerificationRole.DVH_CHART, "DVH chart")
    chart.SetXAxisRange(0.0, prescription_gy * SHOWN_TO_PERCENT / 100)
    return chart


def _curves(verification: Verification, colours: dict[str, tuple[float, float, float]]) -> Iterator[Curve]:
    """Plan and implant of each structure, one after the other; targets have their colour by what they are."""
    before, after = verification.request.plan_anatomy.roles, verification.request.anatomy.roles
    pairs = [(before.gtv, after.gtv), (before.ptv, after.ptv)]
    pairs += [(name, name) for name in dict.fromkeys((*before.reported_organs, *after.reported_organs))]
    for place, (planned, implanted) in enumerate(dict.fromkeys(pairs)):
        colour = colours.get(implanted, PALETTE[place % len(PALETTE)])
        stamp = verification.request.stamp(implanted)
        if implanted in verification.implant.dvhs:
            name = f"{implanted} implant{f' ({stamp})' if stamp else ''}"
            yield Curve(name, verification.implant.dvhs[implanted], colour, is_plan=False)
        if planned in verification.plan.dvhs:
            yield Curve(f"{planned} plan", verification.plan.dvhs[planned], colour, is_plan=True)


def _make_nodes(verification_node: slicer.vtkMRMLScriptedModuleNode, names: list[str], is_plan: list[bool]) -> None:
    scene, owner = verification_node.GetScene(), verification_node.GetName()
    tables, series = [], []
    for name, dashed in zip(names, [*is_plan, True], strict=True):
        table = scene.AddNewNodeByClass("vtkMRMLTableNode", f"{owner} DVH {name}")
        set_attribute(table, STRUCTURE, name)
        fill_dvh_table(table, np.zeros(2), np.zeros(2))
        tables.append(table)
        series.append(make_dvh_curve(table, f"{name} ({owner})", dashed=dashed))
    set_verification_parts(verification_node, VerificationRole.DVH_TABLE, tables)
    set_verification_parts(verification_node, VerificationRole.DVH_SERIES, series)
    chart = verification_part(verification_node, VerificationRole.DVH_CHART)
    if chart is None:
        chart = make_dvh_chart(scene, owner)
        chart.SetTitle(f"Plan (dashed) and implant (solid), {owner}")
        set_verification_part(verification_node, VerificationRole.DVH_CHART, chart)
    chart.RemoveAllPlotSeriesNodeIDs()
    for shown in series:
        chart.AddAndObservePlotSeriesNodeID(shown.GetID())
