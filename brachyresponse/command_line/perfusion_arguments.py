"""Arguments of ``python -m brachyresponse perfusion``."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.region_arguments import (
    add_anatomical_images,
    add_exclusions,
    add_structures,
    add_white_matter,
)
from brachyresponse.perfusion import AifSource, DceModel, SeriesKind

EPILOG = """\
what is written into the output folder
  report.html         what may be concluded, maps, curves with their fits, ratios, what was used; one file, prints on A4
  perfusion.json      every figure; read again as the pre-treatment scan of a later visit
  ktrans.nrrd ...     one file a map, on the grid of the series; NaN where nothing was computed
  ratios.csv exclusions.csv curves.csv used.csv

structures
  A lesion, the white matter and the other structures are names in --structures (a label image, or a segmentation
  that Slicer wrote), or files of their own that hold one structure.

exit status
  0 done; 1 done, with something that needs a person (a ratio that is not evaluable, a warning); 2 wrong use or bad
  input

examples
  DCE after treatment, T1 from flip angles, with the pre-treatment scan beside it:
    python -m brachyresponse perfusion --series dce.nii.gz --side-car dce.json \\
        --vfa fa2.nii.gz fa5.nii.gz fa15.nii.gz --anatomical t1gd.nii.gz \\
        --structures segmentation.seg.nrrd --lesion Lesion --white-matter propose --scan-date 2027-02-01 \\
        --treatment-date 2026-03-07 --pre-treatment before/perfusion.json --out perfusion

  DSC near an implant, the lesion grown from one click:
    python -m brachyresponse perfusion --series dsc.seq.nrrd --anatomical t1gd.nrrd --lesion-at=31,8,40 \\
        --white-matter propose --seeds detected.json --t2star swi.nrrd --out dsc

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    _add_images(parser.add_argument_group("images"))
    _add_regions(parser.add_argument_group("lesions and white matter"))
    _add_computation(parser.add_argument_group("computation"))
    _add_course(parser.add_argument_group("patient and course"))
    group = parser.add_argument_group("output")
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def _add_images(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--series", type=Path, nargs="+", required=True, metavar="FILE",
        help="dynamic series: one 4D NRRD or NIfTI (a sequence of Slicer too), or one 3D file a frame in their order",
    )  # fmt: skip
    group.add_argument(
        "--side-car", type=Path, metavar="JSON", help="how it was acquired, as BIDS writes it; default: of its name"
    )
    group.add_argument(
        "--frame-interval-s", type=values.positive_number, metavar="S", help="time from frame to frame, if not told"
    )
    group.add_argument("--kind", type=SeriesKind, choices=list(SeriesKind), help="dce or dsc; default: found")
    group.add_argument(
        "--set", type=values.assignment, action="append", default=[], metavar="NAME=VALUE", dest="acquisition",
        help="a figure of the acquisition that is missing or wrong, as tr_s=0.005 or agent=gadobutrol",
    )  # fmt: skip
    group.add_argument("--correct-motion", action="store_true", help="register the frames to one another first")
    add_anatomical_images(group)
    group.add_argument(
        "--vfa", type=Path, nargs="+", metavar="FILE", help="images at several flip angles before contrast, for T1"
    )
    group.add_argument("--vfa-side-car", type=Path, metavar="JSON", help="their flip angles; default: of their name")
    group.add_argument("--t1", metavar="S|FILE", help="instead: one T1 for all tissue in seconds, or a T1 map")
    group.add_argument("--b1", type=Path, metavar="FILE", help="true over nominal flip angle, for --vfa")


def _add_regions(group: argparse._ArgumentGroup) -> None:
    add_structures(group, "Lesion")
    group.add_argument(
        "--lesion", action="append", default=[], metavar="NAME|FILE", help="a lesion; once for each of them"
    )
    group.add_argument(
        "--lesion-at", type=values.point, action="append", default=[], metavar="R,A,S",
        help="grow a lesion from this point (mm) on --anatomical",
    )  # fmt: skip
    add_white_matter(group)
    group.add_argument("--brain", metavar="NAME|FILE", help="compute maps only there; default: all that is not air")
    add_exclusions(group)


def _add_computation(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--aif", type=AifSource, choices=list(AifSource), default=AifSource.AUTOMATIC,
        help="arterial input function: automatic (default), segment, parker, georgiou or preclinical",
    )  # fmt: skip
    group.add_argument("--artery", metavar="NAME|FILE", help="the segment of --aif segment")
    group.add_argument("--vein", metavar="NAME|FILE", help="a venous sinus whose area rescales the AIF")
    group.add_argument("--model", type=DceModel, choices=list(DceModel), help="DCE model; default extended_tofts")
    group.add_argument(
        "--setting", type=values.assignment, action="append", default=[], metavar="NAME=VALUE",
        help="any setting, as hematocrit=0.45, fit_delay=no or threshold=2.0; used.csv lists all with their sources",
    )  # fmt: skip


def _add_course(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--patient-id", default="", metavar="ID", help="patient")
    for name, what in (
        ("scan", "of this series"),
        ("treatment", "of the implant or the radiosurgery"),
        ("progression", "on which progression was suspected"),
        ("surgery", "of the resection or biopsy"),
    ):
        group.add_argument(f"--{name}-date", type=values.day, metavar="DATE", help=f"day {what}, as 2026-01-31")
    group.add_argument("--drug", default="", metavar="NAME", help="anti-angiogenic drug or high-dose steroid in use")
    group.add_argument(
        "--pre-treatment", type=Path, metavar="FILE", help="perfusion.json (or its folder) of the pre-treatment scan"
    )
    group.add_argument(
        "--truth", type=Path, metavar="FILE", help="true figures of a scan that was made, as the demo's; for the report"
    )
