"""Choosing the subcommand, and how errors and the result of a run are told."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple, NoReturn

from brachyresponse import __version__
from brachyresponse.command_line import (
    balloon,
    cohort,
    demo,
    diffusion,
    perfusion,
    plan,
    respond,
    sources,
    trade_offs,
    verify,
)
from brachyresponse.errors import BrachyResponseError, Cancelled

DESCRIPTION = "Plan, verify and follow up iodine-125 seed implants. For research use only, not for treating patients."


class ExitStatus(IntEnum):
    """How a run ended."""

    DONE = 0
    FINDINGS = 1
    """Done, with findings that need a person."""
    BAD_INPUT = 2
    """Wrong use or bad input: one sentence on stderr, nothing written."""


class Subcommand(NamedTuple):
    """One subcommand: how it is called, its arguments, and its run, which tells whether there are findings."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], bool]


SUBCOMMANDS = (
    Subcommand("plan", plan.SUMMARY, plan.add_arguments, plan.run),
    Subcommand("trade-offs", trade_offs.SUMMARY, trade_offs.add_arguments, trade_offs.run),
    Subcommand("balloon", balloon.SUMMARY, balloon.add_arguments, balloon.run),
    Subcommand("verify", verify.SUMMARY, verify.add_arguments, verify.run),
    Subcommand("perfusion", perfusion.SUMMARY, perfusion.add_arguments, perfusion.run),
    Subcommand("diffusion", diffusion.SUMMARY, diffusion.add_arguments, diffusion.run),
    Subcommand("respond", respond.SUMMARY, respond.add_arguments, respond.run),
    Subcommand("cohort", cohort.SUMMARY, cohort.add_arguments, cohort.run),
    Subcommand("demo", demo.SUMMARY, demo.add_arguments, demo.run),
    Subcommand("sources", sources.SUMMARY, sources.add_arguments, sources.run),
)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(ExitStatus.BAD_INPUT, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return the exit status: 0 done, 1 done with findings, 2 wrong use or bad input."""
    options = _parser().parse_args(arguments)
    try:
        return ExitStatus.FINDINGS if options.run(options) else ExitStatus.DONE
    except BrachyResponseError as error:
        return _fail(str(error))
    except (Cancelled, KeyboardInterrupt):
        return _fail("Cancelled; nothing was written.")
    except MemoryError as error:
        return _fail(f"There is not enough memory ({error}): use a coarser dose grid or a smaller image.")
    except BrokenPipeError:  # the reader of a listing, as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.DONE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m brachyresponse", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"BrachyResponse {__version__}")
    subparsers = parser.add_subparsers(title="subcommands", required=True, metavar="SUBCOMMAND", parser_class=_Parser)
    for subcommand in SUBCOMMANDS:
        subparser = subparsers.add_parser(
            subcommand.name,
            help=subcommand.summary,
            description=subcommand.summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subcommand.add_arguments(subparser)
        subparser.set_defaults(run=subcommand.run)
    return parser


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return ExitStatus.BAD_INPUT
