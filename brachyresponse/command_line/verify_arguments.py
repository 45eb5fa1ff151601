"""Arguments of ``python -m brachyresponse verify``."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.biology_arguments import add_biology_arguments
from brachyresponse.command_line.role_arguments import add_role_arguments
from brachyresponse.verification import RegistrationMethod

EPILOG = """\
what is written into the output folder
  report.html         plan against implant, what to watch, pictures, every seed; one file, prints on A4
  verification.json   every figure, for a series of patients (cohort) and to be compared with a later CT
  detected.json       the seeds that were found; corrected by hand it is read again with --seeds
  dose.nrrd           total dose of the implant in Gy, on the implant CT
  difference.nrrd     dose of the implant less that of the plan
  transform.tfm       plan to implant, as Slicer and ITK read it
  seeds.csv metrics.csv
  biology.csv         with --biology: BED and EQD2 as ranges; volumes on request

exit status
  0 done; 1 done, with findings that need a person (a broken limit, a warning); 2 wrong use or bad input

examples
  plan and both CTs as files, the target contoured anew on the implant CT:
    python -m brachyresponse verify --plan plan/plan.json --plan-image planning.nrrd \\
        --plan-structures planning.seg.nrrd --image implant.nrrd --structures implant.seg.nrrd --target GTV \\
        --oar Brainstem --image-date 2026-03-07 --register bone --profile brain --out verification

  a plan and a CT in DICOM, the target carried over (and stamped so) until it is contoured:
    python -m brachyresponse verify --plan rtplan_folder --plan-image planning_ct_folder --source amersham_6711 \\
        --image implant_ct_folder --carry --target PTV --out verification

  the same with seeds that a person corrected, and day 0 beside day 30:
    python -m brachyresponse verify --plan plan/plan.json --plan-image planning.nrrd \\
        --plan-structures planning.seg.nrrd --image day30.nrrd --structures day30.seg.nrrd --target GTV \\
        --image-date 2026-04-05 --seeds day30/detected.json --compare day0/verification.json --out day30

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    _add_plan(parser.add_argument_group("plan"))
    _add_implant(parser.add_argument_group("implant"))
    add_role_arguments(parser.add_argument_group("targets, organs and limits, named alike in plan and implant"))
    _add_seeds(parser.add_argument_group("seeds"))
    _add_evaluation(parser.add_argument_group("registration and dose"))
    add_biology_arguments(parser.add_argument_group("biological dose of the implant"))
    group = parser.add_argument_group("output")
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def _add_plan(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--plan", type=Path, required=True, metavar="PATH",
        help="plan.json, or a folder with a DICOM RT Plan (with RT Structure Set and CT, where they lie beside it)",
    )  # fmt: skip
    group.add_argument("--plan-image", type=Path, metavar="PATH", help="planning image: NRRD, NIfTI or a DICOM folder")
    group.add_argument(
        "--plan-structures",
        type=Path,
        metavar="FILE",
        help="label image, segmentation or RT Structure Set (.dcm) of it",
    )
    group.add_argument(
        "--plan-label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help="name of a label value of --plan-structures; default as --label",
    )  # fmt: skip
    group.add_argument(
        "--source", metavar="MODEL", help="seed model of a DICOM plan that does not name one of ours, or a JSON file"
    )
    group.add_argument(
        "--prescription-gy", type=values.positive_number, metavar="GY", help="of a DICOM plan that does not say it"
    )
    group.add_argument(
        "--plan-date", type=values.day, metavar="DATE", help="day on which a DICOM plan that does not say it was made"
    )


def _add_implant(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--image", type=Path, required=True, metavar="PATH", help="implant CT: NRRD, NIfTI or a DICOM folder"
    )
    drawn = group.add_mutually_exclusive_group(required=True)
    drawn.add_argument(
        "--structures", type=Path, metavar="FILE", help="structures drawn on the implant CT, as --plan-structures"
    )
    drawn.add_argument(
        "--carry", action="store_true",
        help="carry the plan's structures over by the registration; every figure is then stamped as not verified",
    )  # fmt: skip
    group.add_argument(
        "--label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help="name of a label value of --structures, as 2=PTV; once a structure",
    )  # fmt: skip
    group.add_argument("--image-date", type=values.day, metavar="DATE", help="day of the implant CT, as 2026-01-31")
    group.add_argument(
        "--implant-date",
        type=values.day,
        metavar="DATE",
        help="day of the implant; default: the plan's (a DICOM plan has none)",
    )
    group.add_argument("--patient-id", default="", metavar="ID", help="as in the implant CT")
    group.add_argument("--frame-of-reference", default="", metavar="UID", help="DICOM frame of reference of that CT")


def _add_seeds(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--expected", type=values.count, metavar="N", help="seeds that were implanted; default: those of the plan"
    )
    group.add_argument("--region", default="", metavar="NAME", help="look for seeds only inside this structure")
    group.add_argument(
        "--seeds", type=Path, metavar="FILE", help="take the seeds of this detected.json instead of finding them"
    )
    group.add_argument(
        "--truth", type=Path, metavar="FILE",
        help="true seeds of an image that was made, as the demo's; the report shows them beside what was found",
    )  # fmt: skip
    group.add_argument(
        "--match-limit-mm", type=values.positive_number, default=10.0, metavar="MM",
        help="a planned and a found seed further apart are not paired, default %(default)g",
    )  # fmt: skip
    group.add_argument(
        "--align", action="store_true",
        help="lay planned and found seeds over each other first, to pair them and for nothing else",
    )  # fmt: skip
    group.add_argument("--by-needle", action="store_true", help="when pairing, heed the needles of the plan")


def _add_evaluation(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--register", type=RegistrationMethod, choices=list(RegistrationMethod), metavar="METHOD",
        help="what brings plan and implant together: none, bone, soft_tissue or contours; never the seeds themselves; "
        "default: bone where there is a planning image in another frame of reference, else none",
    )  # fmt: skip
    group.add_argument(
        "--dose-grid-mm", type=values.positive_number, metavar="MM", help="spacing of the dose grid, default 1 to 2 mm"
    )
    group.add_argument(
        "--oedema", type=values.oedema, metavar="dV,Te",
        help="model of swelling: volume gained (0.5: by half) and its half-life in days; default: no correction",
    )  # fmt: skip
    group.add_argument(
        "--robustness", action="store_true",
        help="estimate how far D90 and V100 are known, from 200 implants with sampled positions and axes",
    )  # fmt: skip
    group.add_argument(
        "--compare", type=Path, metavar="FILE", help="verification.json of another CT of this implant, set beside this"
    )
