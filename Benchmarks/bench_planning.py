"""The planner on two real anatomies and an invented one, each plan evaluated on a 1 mm grid that the search never saw.

Times are the processor's, of one core: all of ``plan_implant``, influence of the seeds and evaluation included.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from figures import Figure

from brachyresponse.dose import compute_dvh
from brachyresponse.geometry import Structure
from brachyresponse.planning import OptimisedPlan, plan_implant
from brachyresponse.planning.inverse import ImplantProblem

Bound = tuple[str, float | None, bool]
"""What is measured, its limit, and whether that is a lower one."""
SHOWN_SHARES = (0.02, 0.1, 0.25, 0.5, 1.0)
"""Of the moves, at which the cost is printed: how the search converges."""


def bench_prostate() -> list[Figure]:
    """The prostate by a template, coverage first."""
    from planning_cases import prostate_problem

    bounds = [("D90", 115.0, True), ("V100", 99.0, True), ("V150", 45.0, False), ("V200", 17.0, False)]
    numbers = [("needles", 32.0, False), ("seeds", 83.0, False)]
    return measured("prostate", prostate_problem, 5.0, [*bounds, *numbers])


def bench_prostate_with_few_needles() -> list[Figure]:
    """The same with the preset for the fewest needles."""
    from planning_cases import prostate_problem

    bounds = [("D90", 100.0, True), ("V100", 98.0, True), ("V150", 50.0, False), ("needles", 21.0, False)]
    case = "prostate, fewest needles"
    return measured(case, lambda: prostate_problem(weights="fewest_needles"), 5.0, [*bounds, ("seeds", None, False)])


def bench_brain() -> list[Figure]:
    """The brain tumour by parallel tracks whose direction is searched."""
    from planning_cases import NEAR_RIND_MM, brain_problem, rind

    bounds = [("D90", 112.0, True), ("V100", 98.0, True), ("V150", 48.0, False), ("V200", 20.0, False)]
    numbers = [("needles", 13.0, False), ("seeds", 33.0, False)]
    shells = [(f"D2cc of the shell from {first:g} to 10 mm", rind(first)) for first in (0.0, NEAR_RIND_MM)]
    return measured("brain tumour", brain_problem, 10.0, [*bounds, *numbers], shells)


def bench_neck_nodes() -> list[Figure]:
    """The invented neck nodes beside a vessel and under the skin."""
    from invented_neck_node import LARGE_CC, SMALL_CC, neck_node_problem

    bounds = [("D90", 105.0, True), ("V100", 97.0, True), ("V150", None, False), ("V200", None, False)]
    numbers = [("needles", None, False), ("seeds", None, False)]
    return [
        figure
        for volume_cc in (SMALL_CC, LARGE_CC)
        for figure in measured(
            f"neck node {volume_cc:g} cc", lambda cc=volume_cc: neck_node_problem(cc), 5.0, [*bounds, *numbers]
        )
    ]


def measured(
    case: str,
    make: Callable[[], ImplantProblem],
    limit_s: float,
    bounds: list[Bound],
    shells: Sequence[tuple[str, Structure]] = (),
) -> list[Figure]:
    """Plan and evaluate: time, figures in percent of the prescription, limits, convergence."""
    problem = replace(make(), random_seed=1)
    start = time.process_time()
    plan = plan_implant(problem)
    figures = [Figure(f"{case}: processor time", time.process_time() - start, "s", limit=limit_s)]
    values = values_of(plan)
    figures += [Figure(f"{case}: {name}", values[name], unit_of(name), limit, least) for name, limit, least in bounds]
    figures += [
        Figure(
            f"{case}: {result.limit.structure} {result.limit.metric.text}", result.value or 0.0, "%", result.limit.limit
        )
        for result in plan.limits
    ]
    for name, shell in shells:
        dvh = compute_dvh(plan.evaluation.dose_gy, plan.evaluation.grid, shell)
        figures.append(Figure(f"{case}: {name}", dvh.d_cc(2.0) / plan.prescription_gy * 100, "%", limit=140.0))
    if problem.anatomy.roles.avoid:
        figures += list(clearances(problem, plan))
    costs = plan.search.costs
    steps = [round(share * (len(costs) - 1)) for share in SHOWN_SHARES]
    return figures + [Figure(f"{case}: least cost after {n} steps", min(costs[: n + 1]), "") for n in steps]


def values_of(plan: OptimisedPlan) -> dict[str, float]:
    """The target's figures and the numbers of needles and seeds."""
    dvh, rx_gy = plan.dvh(plan.target), plan.prescription_gy
    volumes = {f"V{percent}": dvh.v(percent / 100 * rx_gy) for percent in (100, 150, 200)}
    counts = {"needles": float(len(plan.needles)), "seeds": float(plan.seeds.count)}
    return {"D90": dvh.d(90) / rx_gy * 100} | volumes | counts


def unit_of(name: str) -> str:
    """Unit of a figure: numbers have none."""
    return "" if name in ("needles", "seeds") else "%"


def clearances(problem: ImplantProblem, plan: OptimisedPlan) -> Iterator[Figure]:
    """How near the needles come to what they may not cross, and how deep the shallowest seed lies."""
    from brachyresponse.planning import needle_clearance

    anatomy = problem.anatomy
    for name in anatomy.roles.avoid:
        nearest = min(needle_clearance(needle, anatomy.surface(name)).distance_mm for needle in plan.needles)
        yield Figure(f"{plan.target}: needles keep from {name}", nearest, "mm", limit=0.0, at_least=True)
    if anatomy.roles.body:
        depth_mm = float(np.min(-anatomy.surface(anatomy.roles.body).distance_mm(plan.seeds.positions_mm)))
        yield Figure(f"{plan.target}: depth of the shallowest seed", depth_mm, "mm", limit=10.0, at_least=True)
