"""``python -m brachyresponse trade-offs``: a part of the plans of a problem under other weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.messages import StepsOnStderr
from brachyresponse.errors import PlanError

SUMMARY = "Make plans of a problem under other weights; `plan --optimise --trade-offs` and Slicer run it in parallel."

EPILOG = """\
what is written
  one JSON object a line and plan, added as it is found: weights, cost, figures, needles, seeds

example: the second half of 100 plans of the problem that `plan --optimise --trade-offs` left in a folder
    python -m brachyresponse trade-offs --problem results/problem --count 100 --part 2 --parts 2 --out half.jsonl

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "--problem", type=Path, required=True, metavar="DIR", help="folder with problem.json and structures.npz"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="plans are added to this file")
    parser.add_argument("--count", type=values.at_least_one, required=True, metavar="N", help="sets of weights in all")
    parser.add_argument("--random-seed", type=values.whole_number, default=0, metavar="N", help="of the weights")
    parser.add_argument("--part", type=values.at_least_one, default=1, metavar="N", help="which part is made, from 1")
    parser.add_argument("--parts", type=values.at_least_one, default=1, metavar="N", help="of how many")
    parser.add_argument("--moves", type=values.whole_number, metavar="N", help="of each search")


def run(options: argparse.Namespace) -> bool:
    """Make the plans of one part."""
    from brachyresponse.planning.inverse.problem_file import read_problem
    from brachyresponse.planning.inverse.trade_off.file import add_plan
    from brachyresponse.planning.inverse.trade_off.part import MOVES, Part, trade_off_plans

    if options.part > options.parts:
        raise PlanError(f"There is no part {options.part} of {options.parts}: give --part 1 to {options.parts}.")
    moves = MOVES if options.moves is None else options.moves
    part = Part(options.count, options.random_seed, options.part, options.parts, moves)
    report = StepsOnStderr()
    for plan in trade_off_plans(read_problem(options.problem), part, report):
        add_plan(plan, options.out)
    report(1.0, "Done")
    report.finish()
    return False
