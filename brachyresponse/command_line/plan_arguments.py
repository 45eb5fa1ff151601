"""Arguments of ``python -m brachyresponse plan``."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.biology_arguments import add_biology_arguments
from brachyresponse.command_line.hole_choice import HolePattern
from brachyresponse.command_line.plan_optimise_arguments import add_optimise_arguments
from brachyresponse.command_line.role_arguments import add_role_arguments

EPILOG = """\
what is written into the output folder
  report.html         pictures, DVH, metrics, rules, seeds, what was assumed; one file, prints on A4
  plan.json           the plan, to be read again with --seeds-json or in Slicer
  dose.nrrd           total dose in Gy
  dvh.csv metrics.csv seeds.csv
  loading_sheet.html  needles and seeds for the procedure room, one page; also loading_sheet.csv
  biology.csv         with --biology: BED and EQD2 as ranges; volumes on request

  with --optimise also
    optimisation.json how the plan was found; problem.json and structures.npz: the problem, for `trade-offs`
    robustness.csv (--robustness); margins.csv (--margins); trade_offs.json with every plan, trade_offs.csv
    (--trade-offs)

exit status
  0 done; 1 done, with findings that need a person (a broken rule, a warning, an optimised plan that was stopped early
  or has to be looked at); 2 wrong use or bad input

examples
  a prostate implant by a 5 mm transperineal template, needles towards the head:
    python -m brachyresponse plan --image CT.nrrd --structures labels.nrrd --label 1=PTV --label 2=Rectum \\
        --target PTV --oar Rectum --limit "Rectum:D2cc<=145Gy" --profile prostate --source amersham_6711 \\
        --activity-mbq 9.8 --prescription-gy 145 --direction S --template-pitch-mm 5 --holes checkerboard \\
        --seed-spacing-mm 7.5 --without-hole E3 C5 E5 G5 C7 E7 G7 --out results

  a brain tumour with a margin that stops at the skull, from a Slicer segmentation:
    python -m brachyresponse plan --image MR.nii.gz --structures Segmentation.seg.nrrd --target Tumour \\
        --margin-mm 3 --barrier Skull --source amersham_6711 --air-kerma-strength-u 0.6 --prescription-gy 120 \\
        --direction=-0.7,0,-0.7 --template-pitch-mm 10 --seed-spacing-mm 10 --profile brain --out results

  an optimised prostate implant; Ctrl-C ends with the best plan so far:
    python -m brachyresponse plan --optimise --image CT.nrrd --structures labels.nrrd --label 1=PTV --label 2=Rectum \\
        --label 3=Bladder --target PTV --source amersham_6711 --air-kerma-strength-u 0.5 --prescription-gy 145 \\
        --template-pitch-mm 5 --limit "Rectum:D2cc<=65%" --limit "Bladder:D2cc<=95%" --random-seed 1 \\
        --robustness --trade-offs 100 --out results

  the same numbers for a plan that was made before:
    python -m brachyresponse plan --image CT.nrrd --structures labels.nrrd --label 1=PTV --target PTV \\
        --seeds-json results/plan.json --out again

  number 28 of the trade-offs, with a report and a loading sheet of its own:
    python -m brachyresponse plan --image CT.nrrd --structures labels.nrrd --label 1=PTV --label 2=Rectum \\
        --target PTV --oar Rectum --seeds-json results/trade_offs.json --plan-number 28 --out plan28

The seed models are listed by: python -m brachyresponse sources
For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    _add_patient(parser.add_argument_group("patient"))
    add_role_arguments(parser.add_argument_group("targets, organs and rules"))
    _add_seeds(parser.add_argument_group("prescription and seeds"))
    _add_template(parser.add_argument_group("needles by a template"))
    add_optimise_arguments(parser)
    add_biology_arguments(parser.add_argument_group("biological dose"))
    _add_output(parser.add_argument_group("output"))


def _add_patient(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--image",
        type=Path,
        required=True,
        metavar="PATH",
        help="planning CT or MRI: NRRD, NIfTI, DICOM CT folder",
    )
    group.add_argument(
        "--structures", type=Path, required=True, metavar="FILE",
        help="label image (NRRD, NIfTI), Slicer segmentation (.seg.nrrd, with its names) or RT Structure Set (.dcm)",
    )  # fmt: skip
    group.add_argument(
        "--label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help="name of a label value, as 2=PTV; once a structure",
    )  # fmt: skip
    group.add_argument("--patient-id", default="", metavar="ID", help="as in the patient's images")
    group.add_argument(
        "--frame-of-reference",
        default="",
        metavar="UID",
        help="DICOM frame of reference of the image, kept in the plan",
    )
    group.add_argument("--image-date", type=values.day, metavar="DATE", help="day of the planning image, as 2026-01-31")


def _add_seeds(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--prescription-gy", type=values.positive_number, metavar="GY", help="dose to reach in the target"
    )
    group.add_argument("--source", metavar="MODEL", help="seed model, or a JSON file with its TG-43 data")
    group.add_argument(
        "--surrogate-for",
        default="",
        metavar="TEXT",
        help="the seed that is implanted when MODEL only stands in for it",
    )
    strength = group.add_mutually_exclusive_group()
    strength.add_argument(
        "--activity-mbq", type=values.positive_number, nargs="+", metavar="A",
        help="apparent activity a seed, MBq; with --optimise several may be on hand",
    )  # fmt: skip
    strength.add_argument("--activity-mci", type=values.positive_number, nargs="+", metavar="A", help="the same in mCi")
    strength.add_argument(
        "--air-kerma-strength-u", type=values.positive_number, nargs="+", metavar="S", help="strength a seed, U"
    )
    group.add_argument(
        "--reference-date", type=values.day, metavar="DATE",
        help="day for which the strength is certified; it is decayed to the implant date",
    )  # fmt: skip
    group.add_argument("--implant-date", type=values.day, metavar="DATE", help="default: today")
    group.add_argument(
        "--seeds-json", type=Path, metavar="FILE",
        help="evaluate the needles and seeds of this plan.json; prescription, source and strength are the plan's",
    )  # fmt: skip
    group.add_argument(
        "--plan-number", type=values.at_least_one, metavar="N",
        help="of the trade_offs.json that --seeds-json names: evaluate this one of its plans",
    )  # fmt: skip


def _add_template(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--direction", type=values.direction, default="S", metavar="DIR",
        help="where needles point: R, L, A, P, S, I or x,y,z in RAS (write --direction=-1,0,0); default %(default)s",
    )  # fmt: skip
    group.add_argument(
        "--template-pitch-mm", type=values.positive_number, default=10.0, metavar="MM",
        help="distance between the template's holes, default %(default)g",
    )  # fmt: skip
    group.add_argument(
        "--holes", type=HolePattern, choices=list(HolePattern), default=HolePattern.ALL, metavar="PATTERN",
        help="holes that are used: all, checkerboard or second (every second one across and up); default %(default)s",
    )  # fmt: skip
    group.add_argument(
        "--without-hole", nargs="+", action="extend", default=[], metavar="HOLE",
        help="holes left empty, as E5; the report names the holes",
    )  # fmt: skip
    group.add_argument(
        "--seed-spacing-mm", type=values.positive_number, metavar="MM",
        help="distance between the centres of seeds along a needle, default 10, with --optimise 5",
    )  # fmt: skip
    group.add_argument(
        "--edge-mm", type=values.number_not_negative, default=0.0, metavar="MM",
        help="least distance of a seed's centre from the target's edge along its needle, default %(default)g",
    )  # fmt: skip
    group.add_argument(
        "--least-chord-mm", type=values.number_not_negative, default=0.0, metavar="MM",
        help="leave out needles that run less than this inside the target, default %(default)g",
    )  # fmt: skip


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    group.add_argument(
        "--dose-grid-mm", type=values.positive_number, metavar="MM", help="spacing of the dose grid, default 1 to 2 mm"
    )
    group.add_argument("--name", default="", metavar="TEXT", help="name of the plan")
    group.add_argument("--plan-date", type=values.day, metavar="DATE", help="day on which it is made; default: now")
