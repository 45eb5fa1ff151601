"""Arguments of ``plan --optimise``: what the plan has to do, where needles may run, how it is searched."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.plan_so_far_arguments import add_so_far_arguments
from brachyresponse.errors import InputFileError
from brachyresponse.planning.inverse.placement import SeedLevels

DEFAULT_PRESET = "coverage_first"
SCENARIOS = 100
SWITCH = "optimise"


def add_optimise_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments; without a value each is None, so that one given without ``--optimise`` is noticed."""
    groups = [
        _add_objective(parser.add_argument_group("plan by optimisation")),
        _add_tracks(parser.add_argument_group("needle tracks of an optimised plan")),
        _add_placement(parser.add_argument_group("seeds of an optimised plan")),
        _add_search(parser.add_argument_group("search for an optimised plan, and what is computed beside it")),
        add_so_far_arguments(parser.add_argument_group("optimised plan of what remains, during the procedure")),
    ]
    names = [action.dest for group in groups for action in group._group_actions if action.dest != SWITCH]
    parser.set_defaults(optimise_options=tuple(names))


def check_switch(options: argparse.Namespace) -> None:
    """Refuse options of an optimised plan where none is asked for.

    Raises
    ------
    InputFileError
        One is given without ``--optimise``, or a number of a plan where there is none to choose.
    """
    if options.plan_number is not None and (getattr(options, SWITCH) or options.seeds_json is None):
        raise InputFileError("--plan-number chooses among trade-offs: give trade_offs.json with --seeds-json alone.")
    if getattr(options, SWITCH):
        return
    for name in options.optimise_options:
        if getattr(options, name) is not None:
            raise InputFileError(f"--{name.replace('_', '-')} is for optimised plans: give --optimise too.")


def _add_objective(group: argparse._ArgumentGroup) -> argparse._ArgumentGroup:
    group.add_argument(
        f"--{SWITCH}", action="store_true", help="search for needles and seeds that meet prescription and limits"
    )
    group.add_argument(
        "--preset", metavar="NAME",
        help=f"weights of the objective (a wrong name lists them), default {DEFAULT_PRESET}",
    )  # fmt: skip
    group.add_argument(
        "--weight", type=values.weight, action="append", metavar="NAME=VALUE",
        help="change one weight of the preset, as needle=0.5 (a wrong name lists them)",
    )  # fmt: skip
    group.add_argument(
        "--limit-weight", type=values.weight, action="append", metavar="LIMIT=VALUE",
        help='weight of one --limit, as "Rectum:D2cc<=65%%=3"; default 1',
    )  # fmt: skip
    group.add_argument(
        "--target-margin-mm", type=values.number_not_negative, metavar="MM",
        help="ask for the dose this far outside the target too: a reserve for misplaced seeds, default 0",
    )  # fmt: skip
    return group


def _add_tracks(group: argparse._ArgumentGroup) -> argparse._ArgumentGroup:
    group.add_argument(
        "--cone-deg", type=values.number_not_negative, metavar="DEG",
        help="parallel tracks --template-pitch-mm apart, whose direction is searched up to this angle round "
        "--direction; without it the tracks are the holes of a template",
    )  # fmt: skip
    group.add_argument("--directions", type=values.at_least_one, metavar="N", help="how many are tried, default 12")
    group.add_argument(
        "--entry", type=values.point, action="append", metavar="R,A,S",
        help="an entry in mm, once a point: tracks fan out from the entries, up to --cone-deg (45)",
    )  # fmt: skip
    group.add_argument(
        "--entry-structure", metavar="NAME", help="the same from entries across an opening, as a burr hole"
    )
    group.add_argument(
        "--entry-patch-mm", type=values.positive_number, metavar="MM",
        help="the same from the skin (--body) this far round the one --entry",
    )  # fmt: skip
    group.add_argument("--needles-per-entry", type=values.at_least_one, metavar="N", help="most through one entry")
    group.add_argument(
        "--opening-mm", type=values.number_not_negative, metavar="MM",
        help="round an entry nothing is an obstacle up to this distance: a hole drilled later, default 0",
    )  # fmt: skip
    return group


def _add_placement(group: argparse._ArgumentGroup) -> argparse._ArgumentGroup:
    group.add_argument(
        "--stranded", action="store_const", const=True, help="gapless strands of seeds on each needle, not loose seeds"
    )
    group.add_argument("--most-needles", type=values.at_least_one, metavar="N", help="default any number")
    group.add_argument("--most-seeds", type=values.at_least_one, metavar="N", help="default any number")
    group.add_argument(
        "--seed-margin-mm", type=values.number, metavar="MM",
        help="how far outside the target a seed may lie, negative for inside only; default 0",
    )  # fmt: skip
    group.add_argument(
        "--skin-depth-mm", type=values.number_not_negative, metavar="MM",
        help="least depth of a seed below the skin (--body), default 10",
    )  # fmt: skip
    group.add_argument(
        "--avoid-margin-mm", type=values.number_not_negative, metavar="MM",
        help="least distance of needles and seeds from structures of --avoid, default 0",
    )  # fmt: skip
    group.add_argument(
        "--seed-levels", type=SeedLevels, choices=list(SeedLevels), metavar="HOW",
        help="seeds counted from the middle of each needle's run (centred) or in common planes (planes)",
    )  # fmt: skip
    group.add_argument(
        "--lock-needle", type=values.at_least_one, nargs="+", action="extend", metavar="NUMBER",
        help="needles of the plan of --seeds-json that stay, with their seeds",
    )  # fmt: skip
    group.add_argument(
        "--lock-seed", type=values.at_least_one, nargs="+", action="extend", metavar="NUMBER",
        help="seeds of it that stay, with their needles",
    )  # fmt: skip
    group.add_argument(
        "--load-needle", type=values.at_least_one, nargs="+", action="extend", metavar="NUMBER",
        help="locked needles to which seeds may be added",
    )  # fmt: skip
    return group


def _add_search(group: argparse._ArgumentGroup) -> argparse._ArgumentGroup:
    group.add_argument(
        "--improve", type=Path, metavar="FILE", help="begin with the needles and seeds of this plan.json"
    )
    group.add_argument("--moves", type=values.whole_number, metavar="N", help="of the search, default 2000")
    group.add_argument(
        "--random-seed", type=values.whole_number, metavar="N", help="the same number gives the same plan, default 0"
    )
    group.add_argument(
        "--margins", type=values.number_not_negative, nargs="+", metavar="MM",
        help="what margins round the target of these sizes buy against misplaced seeds, and what they cost",
    )  # fmt: skip
    group.add_argument(
        "--trade-offs",
        type=values.at_least_one,
        metavar="N",
        help="make N plans with other weights to choose among",
    )
    group.add_argument("--processes", type=values.at_least_one, metavar="N", help="that make them, default 2")
    group.add_argument(
        "--robustness", type=values.at_least_one, nargs="?", const=SCENARIOS, metavar="N",
        help=f"what misplaced and lost seeds do to the plan, over N implants, default {SCENARIOS}",
    )  # fmt: skip
    return group
