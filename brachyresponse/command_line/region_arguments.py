"""Arguments for the images and regions of a lesion that is measured; ``perfusion`` and ``diffusion`` share them."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.lesions.exclusions_on_grid import MaskRole


def add_anatomical_images(group: argparse._ArgumentGroup) -> None:
    """Add the images beside those that are measured."""
    group.add_argument("--anatomical", type=Path, metavar="FILE", help="T1-weighted image after contrast agent")
    group.add_argument("--t2star", type=Path, metavar="FILE", help="SWI or T2*: blood and calcification are left out")


def add_structures(group: argparse._ArgumentGroup, lesion: str) -> None:
    """Add the file that structures are named in; the example names a lesion."""
    group.add_argument("--structures", type=Path, metavar="FILE", help="label image or segmentation")
    group.add_argument(
        "--label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help=f"name of a label value of --structures, as 1={lesion}",
    )  # fmt: skip


def add_white_matter(group: argparse._ArgumentGroup) -> None:
    """Add what the lesions are compared with."""
    group.add_argument(
        "--white-matter", metavar="NAME|FILE|propose",
        help="normal-appearing white matter; propose: opposite the first lesion, on --anatomical",
    )  # fmt: skip


def add_exclusions(group: argparse._ArgumentGroup) -> None:
    """Add what does not count, and the implant."""
    group.add_argument(
        "--leave-out", type=values.assignment, action="append", default=[], metavar="WHAT=NAME|FILE",
        help=f"a structure that does not count: {', '.join(MaskRole)}",
    )  # fmt: skip
    group.add_argument("--seeds", type=Path, metavar="FILE", help="detected.json or plan.json in the scan's space")
    group.add_argument("--dose", type=Path, metavar="FILE", help="dose of the implant in Gy, in the scan's space")
