"""Arguments that say what the structures of a patient are; ``plan`` and ``verify`` share them."""

from __future__ import annotations

import argparse

from brachyresponse.command_line import values


def add_role_arguments(group: argparse._ArgumentGroup) -> None:
    """Add targets, organs, body, dose limits and the site profile."""
    group.add_argument("--target", required=True, metavar="NAME", help="structure that the seeds are laid into")
    group.add_argument("--gtv", default="", metavar="NAME", help="visible tumour, when it is not the target")
    group.add_argument("--ptv", default="", metavar="NAME", help="a structure that is the PTV")
    group.add_argument(
        "--margin-mm", type=values.number_not_negative, default=0.0, metavar="MM",
        help="make the PTV by growing the target by this much; seeds are then laid into the PTV",
    )  # fmt: skip
    group.add_argument(
        "--barrier", nargs="+", action="extend", default=[], metavar="NAME", help="structures at which the margin stops"
    )
    group.add_argument(
        "--oar", nargs="+", action="extend", default=[], metavar="NAME", help="organs at risk whose dose is reported"
    )
    group.add_argument(
        "--avoid", nargs="+", action="extend", default=[], metavar="NAME", help="structures no needle may cross"
    )
    group.add_argument(
        "--body", "--skin", default="", metavar="NAME", help="filled outline of the body; its surface is the skin"
    )
    group.add_argument(
        "--limit", action="append", default=[], metavar="LIMIT",
        help='dose limit, as "Rectum:D2cc<=65%%" or "Chiasm:Dmax<=50Gy"; once a limit',
    )  # fmt: skip
    group.add_argument(
        "--profile", default="", metavar="NAME",
        help="rules of the site: a name (a wrong one lists them) or a JSON file; without it no rules are checked",
    )  # fmt: skip
