"""``python -m brachyresponse demo``."""

import argparse

SUMMARY = "Plan an implant of the digital patient: no data from outside, less than a minute."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's arguments."""


def run(options: argparse.Namespace) -> bool:
    """Run."""
    return False
