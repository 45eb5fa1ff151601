"""``python -m brachyresponse sources``: the seed models that can be planned with."""

from __future__ import annotations

import argparse

from brachyresponse.sources import available_sources, load_source

SUMMARY = "List the seed models, with the name that --source takes and where their data were published."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's arguments."""
    parser.add_argument("--names", action="store_true", help="print the names only, one a line")


def run(options: argparse.Namespace) -> bool:
    """Print the list; there are never findings."""
    for name in available_sources():
        if options.names:
            print(name)
            continue
        source = load_source(name)
        print(f"{name}\n    {source.label}, half-life {source.half_life_days:g} d")
        print(f"    dose rate constant {source.dose_rate_constant:g} cGy/h/U; {source.citation}")
    return False
