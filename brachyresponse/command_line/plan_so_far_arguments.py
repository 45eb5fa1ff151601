"""Arguments of ``plan --optimise --so-far``: a CT taken during the procedure."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.verification.registration import RegistrationMethod


def add_so_far_arguments(group: argparse._ArgumentGroup) -> argparse._ArgumentGroup:
    """Add the arguments, each None without a value, and return the group."""
    group.add_argument(
        "--so-far", type=Path, metavar="CT",
        help="CT taken during the procedure: the needles and seeds on it stay, the rest is planned anew",
    )  # fmt: skip
    group.add_argument("--so-far-plan", type=Path, metavar="FILE", help="plan.json of what is being implanted")
    group.add_argument(
        "--so-far-register", type=RegistrationMethod, metavar="METHOD",
        choices=[RegistrationMethod.NONE, RegistrationMethod.BONE, RegistrationMethod.SOFT_TISSUE],
        help="how that CT is brought to the planning image: none (the patient has not moved), bone or soft_tissue; "
        "default none",
    )  # fmt: skip
    return group
