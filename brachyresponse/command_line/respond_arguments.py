"""Arguments of ``python -m brachyresponse respond``."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.response.measurement import Holes, Plane
from brachyresponse.response.vocabulary import CriteriaName

EPILOG = """\
CASE
  a JSON file with one case, or {"cases": [...]}: one report each, and a page that lists them; or a CSV file with one
  row a lesion and visit, headed date, role, lesion, longest_mm, perpendicular_mm ... (Docs/user_guide/command_line.md
  has all columns and keys). Without CASE the lesions are measured on the images of --visit, or only the evidence of
  --evidence is weighed.

what is written into the output folder
  report.html         time line, category with its reasons, measurements, schedule, what was assumed; prints on A4
  response.json       categories, sums and reasons, with all else that the report says
  visits.csv measurements.csv treatments.csv, and evidence.csv with --evidence
  index.html          the page that lists several cases, each in a folder of its name; also cases.csv

exit status
  0 done; 1 done, with something that needs a person (possible pseudoprogression, NE, a category that hangs on what is
  not known, a lesion astride the field's edge, an overdue scan, a reader who says otherwise, evidence that conflicts,
  cannot be weighed or asks for an answer); 2 wrong use or bad input

examples
  a case in a file:
    python -m brachyresponse respond case.json --out response

  a table of measurements, by criteria told here:
    python -m brachyresponse respond measurements.csv --criteria RANO-BM --today 2027-02-01 --out response

  lesions measured on segmentations that bear the same names at each visit:
    python -m brachyresponse respond --visit 2026-04-01=baseline.nrrd --lesions 2026-04-01=baseline.seg.nrrd \\
        --visit 2026-06-01=second.nrrd --lesions 2026-06-01=second.seg.nrrd --criteria RANO-2010 --out response

  recurrence or radiation necrosis, what the markers of each lesion say:
    python -m brachyresponse respond case.json --evidence evidence.json --out response

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    parser.add_argument("case", type=Path, nargs="?", metavar="CASE", help="JSON or CSV file; see below")
    _add_choices(parser.add_argument_group("what a case leaves open"))
    _add_records(parser.add_argument_group("records beside the case"))
    _add_images(parser.add_argument_group("images"))
    group = parser.add_argument_group("output")
    group.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder for the results; without it they are printed and nothing is written",
    )


def _add_choices(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--criteria", choices=list(map(str, CriteriaName)), metavar="NAME",
        help=f"criteria to go by, before those of the case: {', '.join(CriteriaName)}",
    )  # fmt: skip
    group.add_argument(
        "--option", type=values.assignment, action="append", default=[], metavar="NAME=VALUE",
        help="an option of the criteria, as measure=3D or confirmation_required=yes",
    )  # fmt: skip
    group.add_argument(
        "--radiation-end", type=values.day, metavar="DATE", help="day from which the early window counts"
    )
    group.add_argument("--schedule", metavar="ID", help="follow-up schedule, by its name or as a file")
    group.add_argument(
        "--today", type=values.day, metavar="DATE", help="day for what is due; default: the last visit's"
    )
    group.add_argument("--patient-id", default="", metavar="ID", help="patient")
    group.add_argument(
        "--new-criteria", action="store_true", help="assess all visits anew by criteria other than those of --earlier"
    )


def _add_records(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--treatments", type=Path, metavar="FILE", help="treatment record, JSON or CSV")
    group.add_argument(
        "--perfusion", type=Path, action="append", default=[], metavar="FILE",
        help="perfusion.json of a scan, or its folder: its ratios stand on the time line",
    )  # fmt: skip
    group.add_argument(
        "--evidence", type=Path, metavar="FILE",
        help="evidence.json: markers of recurrence or necrosis, their conditions and the prior, weighed lesion by "
        "lesion",
    )  # fmt: skip
    group.add_argument(
        "--earlier", type=Path, metavar="FILE",
        help="response.json of the patient's last assessment, or its folder: the reader's words are kept, what changed "
        "since is told, and other criteria are refused",
    )  # fmt: skip
    group.add_argument("--truth", type=Path, metavar="FILE", help="what is true of a patient that was made")


def _add_images(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--visit", type=values.of_day, action="append", default=[], metavar="DATE=FILE",
        help="scan of a visit: for key images, and for what is measured on --lesions",
    )  # fmt: skip
    group.add_argument(
        "--lesions", type=values.of_day, action="append", default=[], metavar="DATE=FILE",
        help="label image or segmentation of that day: every structure is a lesion, the same name the same lesion",
    )  # fmt: skip
    group.add_argument(
        "--label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help="name of a label value of --lesions, as 1=Lesion",
    )  # fmt: skip
    group.add_argument(
        "--node", action="append", default=[], metavar="NAME", help="this lesion is a lymph node: its short axis counts"
    )
    group.add_argument(
        "--plane", choices=list(map(str, Plane)), default=str(Plane.AXIAL),
        help="slices that diameters are measured in; acquired is those of the image. Default: axial",
    )  # fmt: skip
    group.add_argument(
        "--holes", choices=list(map(str, Holes)), default=str(Holes.EXCLUDE),
        help="whether what a lesion encloses in a slice, as a necrotic core, counts as lesion. Default: exclude",
    )  # fmt: skip
    _add_doses(group)


def _add_doses(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--dose", type=Path, action="append", default=[], metavar="FILE",
        help="dose in Gy, in the scans' space: the implant's first, then other courses'; places new and grown lesions",
    )  # fmt: skip
    group.add_argument(
        "--prescription-gy", type=values.positive_number, action="append", default=[], metavar="GY",
        help="prescription of each --dose",
    )  # fmt: skip
