"""A seed dragged in Slicer: dose, histograms, metrics and isodose nodes, by the Logic, on the real scene."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from figures import Figure, seconds

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = 60
GRID_MM = 2.0


def planned(logic: Any) -> Any:
    """A plan of the digital patient with GTV, PTV, three organs at risk and 60 seeds, evaluated once."""
    plan = logic.loadSamplePatient()
    logic.growTarget(plan, 3.0)
    logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8.0)
    logic.loadNeedles(plan, spacingMm=5.0)
    count = logic.seeds(plan).count
    if count > SEEDS:
        logic.deleteSeed(plan, *range(SEEDS, count))
    for extra in range(SEEDS - count):
        logic.addSeed(plan, logic.seeds(plan).positions_mm[extra] + np.array([2.0, 2.0, 2.0]))
    logic.evaluatePlan(plan)
    return plan


def bench_live() -> list[Figure]:
    """One step of a drag: seed put back on its needle, everything written; rendering excluded."""
    sys.path.insert(0, str(PROJECT / "Testing"))
    from slicer_standin.application import start

    start()
    from slicer_standin.modules import load_module

    load_module(PROJECT / "BrachyDose" / "BrachyDose.py")
    from brachyresponse.scene.plans import seeds_node_of

    logic = sys.modules["BrachyDose"].BrachyDoseLogic()
    plan = planned(logic)
    seeds_node = seeds_node_of(plan)
    start_mm = np.array(seeds_node.GetNthControlPointPositionWorld(10))
    steps = iter(range(1000))

    def drag() -> None:
        step_mm = np.array([1.0, 1.0, 0.2 * (next(steps) % 20)])
        seeds_node.SetNthControlPointPositionWorld(10, *(start_mm + step_mm))
        logic.followEdits(plan, final=False)
        logic.updateLive(plan, GRID_MM)

    drag()
    return [Figure(f"drag one of {SEEDS} seeds in Slicer, {GRID_MM:g} mm grid", seconds(drag), "s", limit=0.3)]
