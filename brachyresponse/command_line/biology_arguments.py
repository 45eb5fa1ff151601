"""Arguments on biological dose; seeds and the balloon share them."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from brachyresponse.command_line import values


def add_biology_arguments(group: argparse._ArgumentGroup) -> None:
    """Add the tissues of structures, an earlier external beam, and the volumes to be written."""
    group.add_argument(
        "--biology", nargs="+", action="extend", default=[], metavar="STRUCTURE=TISSUE",
        help='BED and EQD2 of structures by their tissue, as "GTV=glioma" "Brainstem=late_brain"; a wrong name lists '
        "the tissues, and a JSON file is a tissue of your own; results are ranges (biology.csv, report)",
    )  # fmt: skip
    group.add_argument(
        "--biology-parameter", nargs="+", action="extend", default=[], metavar="STRUCTURE:PARAMETER=LOW,LIKELY,HIGH",
        help="your own range, or value, of a parameter of a structure's tissue, as GTV:doubling_time_days=5,15,30; "
        "parameters: alpha_beta_gy, repair_half_time_h, alpha_per_gy, doubling_time_days, kick_off_days",
    )  # fmt: skip
    group.add_argument(
        "--biology-volumes", action="store_true",
        help="write bed_TISSUE.nrrd and eqd2_TISSUE.nrrd too, the likely values of every voxel",
    )  # fmt: skip
    group.add_argument(
        "--earlier-beam", type=Path, metavar="DOSE",
        help="dose of an earlier external beam in Gy, in the space of the image: NRRD, NIfTI or RT Dose (.dcm); it is "
        "added up in EQD2 in the structures of --biology",
    )  # fmt: skip
    group.add_argument("--earlier-fractions", type=fraction_count, metavar="N", help="number of its equal fractions")
    group.add_argument(
        "--earlier-recovered-percent", type=values.number_not_negative, metavar="PERCENT",
        help="part of its EQD2 that is taken to have recovered, default none",
    )  # fmt: skip
    group.add_argument(
        "--earlier-days-before", type=values.number_not_negative, metavar="DAYS",
        help="from that beam to the implant; it is told, not computed with",
    )  # fmt: skip


def fraction_count(text: str) -> int:
    """Return a whole number of fractions, at least 1."""
    if not re.fullmatch(r"\s*\d+\s*", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of fractions: give a whole number from 1")
    return int(text)
