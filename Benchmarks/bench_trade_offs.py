"""What is computed beside a plan: its robustness, and the plans with other weights."""

from __future__ import annotations

import time
from dataclasses import replace

from figures import Figure

from brachyresponse.planning.inverse import assess_robustness, plan_implant
from brachyresponse.planning.inverse.trade_off.part import Part, trade_off_plans

PLANS, ALL_PLANS, CORES = 8, 100, 2
ROUGH_MOVES = 200


def bench_robustness() -> list[Figure]:
    """100 implants of each of three sizes of error, of a prostate plan of about 80 seeds with three organs."""
    from planning_cases import prostate_problem

    problem = replace(prostate_problem(), random_seed=1, moves=ROUGH_MOVES)
    plan = plan_implant(problem)
    assess_robustness(plan, problem.source, problem.anatomy, scenarios=20)  # the seed's table is made once
    start = time.process_time()
    found = assess_robustness(plan, problem.source, problem.anatomy)
    spent_s = time.process_time() - start
    sizes = len(found.rows)
    return [
        Figure(
            f"robustness of {plan.seeds.count} seeds, 100 implants of one size: processor time",
            spent_s / sizes,
            "s",
            1.0,
        ),
        Figure(f"robustness, all {sizes} sizes: processor time", spent_s, "s"),
    ]


def bench_trade_offs() -> list[Figure]:
    """Some of 100 plans of the prostate with other weights: what all would take on two cores."""
    from planning_cases import prostate_problem

    start = time.process_time()
    plans = trade_off_plans(
        replace(prostate_problem(), random_seed=1), Part(ALL_PLANS, part=1, parts=ALL_PLANS // PLANS)
    )
    first = next(plans)
    begun_s = time.process_time() - start
    count = sum(1 for _ in plans)
    each_s = (time.process_time() - start - begun_s) / count
    whole_s = begun_s + each_s * (ALL_PLANS / CORES - 1)
    return [
        Figure("trade-offs: processor time of one plan", each_s, "s"),
        Figure(f"trade-offs: {ALL_PLANS} plans on {CORES} cores, from {count + 1} plans", whole_s, "s", 60.0),
        Figure("trade-offs: V100 of the problem's own weights", first.figures.v100, "%"),
    ]
