"""Arguments of ``python -m brachyresponse diffusion``."""

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

EPILOG = """\
what is written into the output folder
  diffusion.json      every figure; what "diffusion" of evidence.json names, for respond --evidence
  diffusion.csv       a row a statistic: ADC, ratio to white matter with its interval, or why there is none
  adc.nrrd            the map, where it was computed from --dwi

structures
  As for perfusion: names in --structures (a label image, or a segmentation that Slicer wrote), or files of their own
  that hold one structure. They and the images lie in the space of the map, on any grid.

exit status
  0 done; 1 done, with something that needs a person (a lesion that is not evaluable, a question, a warning); 2 wrong
  use or bad input

examples
  An ADC map whose unit the file does not say:
    python -m brachyresponse diffusion --adc adc.nii.gz --unit "1e-6 mm2/s" --structures segmentation.seg.nrrd \\
        --lesion T1 --core T1=Necrosis --white-matter "White matter" --seeds detected.json --t2star swi.nrrd \\
        --registered yes --undistorted yes --patient-id A1 --scan-date 2027-02-01 --out diffusion

  From images at two b values:
    python -m brachyresponse diffusion --dwi b0.nii.gz b1000.nii.gz --b-values 0 1000 --lesion lesion.nii.gz \\
        --white-matter propose --anatomical t1gd.nii.gz --out diffusion

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    _add_images(parser.add_argument_group("images"))
    _add_regions(parser.add_argument_group("lesions and white matter"))
    _add_told(parser.add_argument_group("what a person knows"))
    group = parser.add_argument_group("output")
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def _add_images(group: argparse._ArgumentGroup) -> None:
    image = group.add_mutually_exclusive_group(required=True)
    image.add_argument("--adc", type=Path, metavar="FILE|DIR", help="the map: NIfTI, NRRD, or a DICOM series")
    image.add_argument("--dwi", type=Path, nargs="+", metavar="FILE", help="instead: one image a b value")
    group.add_argument(
        "--b-values", type=values.number_not_negative, nargs="+", default=[], metavar="B",
        help="s/mm2: of --dwi, in their order; of --adc only noted",
    )  # fmt: skip
    group.add_argument(
        "--unit", default="", metavar="UNIT", help="of --adc, as 1e-6 mm2/s or um2/ms, where the file does not say it"
    )
    add_anatomical_images(group)


def _add_regions(group: argparse._ArgumentGroup) -> None:
    add_structures(group, "T1")
    group.add_argument(
        "--lesion", action="append", required=True, metavar="NAME|FILE",
        help="a lesion with its core, by the name that it has in the evidence; once for each of them",
    )  # fmt: skip
    group.add_argument(
        "--core", type=values.assignment, action="append", default=[], metavar="LESION=NAME|FILE",
        help="the part of a lesion that does not enhance, measured apart; default: as --anatomical shows it",
    )  # fmt: skip
    add_white_matter(group)
    add_exclusions(group)


def _add_told(group: argparse._ArgumentGroup) -> None:
    for name, what in (
        ("registered", "the map lies on the image that the lesion was drawn on"),
        ("undistorted", "a person found the map not distorted at the lesion"),
    ):
        group.add_argument(f"--{name}", choices=("yes", "no"), help=f"whether {what}; without it, it is asked")
    group.add_argument("--patient-id", default="", metavar="ID", help="patient")
    group.add_argument("--scan-date", type=values.day, metavar="DATE", help="day of the scan, as 2026-01-31")
