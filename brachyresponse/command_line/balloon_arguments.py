"""Arguments of ``python -m brachyresponse balloon``."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from brachyresponse.command_line import values
from brachyresponse.command_line.biology_arguments import add_biology_arguments
from brachyresponse.planning.balloon.profile import DEFAULT_PROFILE
from brachyresponse.sources import DEFAULT_LIQUID

EPILOG = """\
what is written into the output folder
  report.html   surface dose beside the prescription, shells, sectors, pictures, charts; one file, prints on A4
  balloon.json  the plan, to be read again with --balloon-json or in Slicer
  dose.nrrd     dose of the dwell time in Gy
  dvh.csv metrics.csv sectors.csv depth_dose.csv; biology.csv with --biology

Activities are those contained in the liquid, by assay; a seed's apparent activity is another quantity.
Give activity and time for the dose; leave one of them out and it is computed for the prescription.

exit status
  0 done; 1 done, with findings that need a person (a broken rule, a warning); 2 wrong use or bad input

examples
  dose of a segmented balloon, cropped by skull and ventricles:
    python -m brachyresponse balloon --image MR.nrrd --structures labels.nrrd --label 1=Balloon --label 2=Skull \\
        --label 3=Ventricles --balloon Balloon --barrier Skull Ventricles --activity-mci 270 \\
        --assayed 2026-03-01T08:00 --filled 2026-03-02T10:00 --removed 2026-03-07T08:00 --fill-volume-ml 14 \\
        --balloon-model "30 mm" --prescription-gy 60 --depth-mm 10 --out results

  time for 60 Gy at 1 cm from a sphere that holds 15 mL, without an image:
    python -m brachyresponse balloon --fill-volume-ml 15 --activity-mci 270 --filled 2026-03-02T10:00 \\
        --prescription-gy 60 --depth-mm 10 --out results

  activity for the same in 4 days:
    python -m brachyresponse balloon --fill-volume-ml 15 --dwell-hours 96 --filled 2026-03-02T10:00 \\
        --prescription-gy 60 --depth-mm 10 --out results

For research use only, not for treating patients.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    parser.epilog = EPILOG
    _add_patient(parser.add_argument_group("patient"))
    _add_balloon(parser.add_argument_group("balloon and liquid"))
    _add_times(parser.add_argument_group("prescription, activity and times"))
    _add_tissue(parser.add_argument_group("target, organs and rules"))
    add_biology_arguments(parser.add_argument_group("biological dose"))
    _add_output(parser.add_argument_group("output"))


def moment(text: str) -> datetime:
    """Return a time written as 2026-01-31T14:05."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time: write it like 2026-01-31T14:05") from None
    if ":" not in text:  # hours count: a day alone would be its midnight
        raise argparse.ArgumentTypeError(f"{text!r} has no time of day: write it like 2026-01-31T14:05")
    return found


def pause(text: str) -> tuple[datetime, datetime]:
    """Return start and end from ``2026-01-31T14:05/2026-01-31T16:00``."""
    start, sign, end = text.partition("/")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not START/END: write it like 2026-01-31T14:05/2026-01-31T16:00")
    return moment(start.strip()), moment(end.strip())


def _add_patient(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--image", type=Path, metavar="PATH", help="CT or MRI with the balloon: NRRD, NIfTI, DICOM CT")
    group.add_argument(
        "--structures", type=Path, metavar="FILE",
        help="label image, Slicer segmentation (.seg.nrrd) or RT Structure Set (.dcm)",
    )  # fmt: skip
    group.add_argument(
        "--label", type=values.label, action="append", default=[], metavar="VALUE=NAME",
        help="name of a label value, as 1=Balloon; once a structure",
    )  # fmt: skip
    group.add_argument("--patient-id", default="", metavar="ID", help="as in the patient's images")
    group.add_argument("--frame-of-reference", default="", metavar="UID", help="DICOM frame of reference of the image")


def _add_balloon(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--balloon", metavar="NAME", help="structure that is the balloon, its wall included")
    group.add_argument("--diameter-mm", type=float, metavar="MM", help="instead: a sphere of this outer diameter")
    group.add_argument(
        "--fill-volume-ml", type=float, metavar="ML",
        help="volume filled in; without --balloon and --diameter-mm it makes the sphere",
    )  # fmt: skip
    group.add_argument(
        "--centre", type=values.point, metavar="R,A,S",
        help="centre of the sphere in mm (write --centre=-1,0,0); default: the image's centre, or 0,0,0",
    )  # fmt: skip
    group.add_argument("--balloon-model", default="", metavar="NAME", help='"20 mm", "30 mm" or "40 mm"')
    group.add_argument(
        "--wall-mm", type=float, default=0.0, metavar="MM",
        help="thickness of the wall, default %(default)g (no figure was found)",
    )  # fmt: skip
    group.add_argument(
        "--liquid", default=DEFAULT_LIQUID, metavar="NAME",
        help="kernel of the liquid: a name (a wrong one lists them) or a JSON file; default %(default)s",
    )  # fmt: skip
    group.add_argument("--half-life-days", type=float, metavar="D", help="of another nuclide on the same kernel")
    group.add_argument(
        "--balloon-json", type=Path, metavar="FILE",
        help="evaluate this balloon.json; balloon, activity, times, prescription, barriers and gaps are the plan's",
    )  # fmt: skip


def _add_times(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--prescription-gy", type=float, metavar="GY", help="dose to reach")
    group.add_argument(
        "--depth-mm", type=float, metavar="MM", help="depth of the prescription outside the balloon's surface"
    )
    activity = group.add_mutually_exclusive_group()
    activity.add_argument("--activity-mbq", type=float, metavar="A", help="contained activity at assay, MBq")
    activity.add_argument("--activity-mci", type=float, metavar="A", help="the same in mCi")
    group.add_argument("--assayed", type=moment, metavar="TIME", help="time of the assay; default: filling")
    group.add_argument("--filled", type=moment, metavar="TIME", help="time of filling, as 2026-03-02T10:00")
    end = group.add_mutually_exclusive_group()
    end.add_argument("--removed", type=moment, metavar="TIME", help="time of removal")
    end.add_argument("--dwell-hours", type=float, metavar="H", help="the same, hours after filling")
    group.add_argument(
        "--interruption", type=pause, action="append", default=[], metavar="START/END",
        help="a time between them in which the balloon was empty; once an interruption",
    )  # fmt: skip
    recovered = group.add_mutually_exclusive_group()
    recovered.add_argument("--recovered-mbq", type=float, metavar="A", help="contained activity taken out, MBq")
    recovered.add_argument("--recovered-mci", type=float, metavar="A", help="the same in mCi")


def _add_tissue(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--barrier", nargs="+", action="extend", default=[], metavar="NAME",
        help="structures that crop the shells: skull, ventricles, tentorium",
    )  # fmt: skip
    group.add_argument(
        "--gap", nargs="+", action="extend", default=[], metavar="NAME",
        help="structures between balloon and tissue: air, fluid, clot",
    )  # fmt: skip
    group.add_argument("--target", default="", metavar="NAME", help="a drawn target, reported beside the shells")
    group.add_argument("--body", "--skin", default="", metavar="NAME", help="outline of the body; the shells end there")
    group.add_argument(
        "--oar", nargs="+", action="extend", default=[], metavar="NAME", help="organs at risk whose dose is reported"
    )
    group.add_argument(
        "--limit", action="append", default=[], metavar="LIMIT",
        help='dose limit, as "Chiasm:Dmax<=50Gy" or "Brainstem:D2cc<=60%%"; once a limit',
    )  # fmt: skip
    group.add_argument(
        "--profile", default=DEFAULT_PROFILE, metavar="NAME",
        help='rules: a name (a wrong one lists them), a JSON file, or "" for none; default %(default)s',
    )  # fmt: skip


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    group.add_argument(
        "--truth", type=Path, metavar="FILE",
        help="true figures of a balloon that was made, as the demo's; the report shows them beside what was found",
    )  # fmt: skip
    group.add_argument(
        "--dose-grid-mm", type=values.positive_number, default=1.0, metavar="MM",
        help="spacing of the dose grid, default %(default)g",
    )  # fmt: skip
    group.add_argument("--name", default="", metavar="TEXT", help="name of the plan")
    group.add_argument("--plan-date", type=values.day, metavar="DATE", help="day on which it is made; default: now")
