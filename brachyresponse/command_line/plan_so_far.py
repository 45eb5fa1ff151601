"""``plan --optimise --so-far``: what is implanted already, from a CT taken during the procedure."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.plan_problem import OptionsProblem
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.planning import check_same_patient, read_plan
from brachyresponse.planning.inverse import OptimisedPlan
from brachyresponse.planning.inverse.replanning.replan import (
    DoseSoFar,
    Replanned,
    dose_so_far,
    remaining_plan,
    replanning_problem,
)
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar, found_so_far
from brachyresponse.progress import Report, share_of
from brachyresponse.types import FloatArray
from brachyresponse.verification.registration import RegistrationMethod, moved_grid
from brachyresponse.verification.registration_images import RegistrationScan
from brachyresponse.verification.registration_methods import register

NEEDED_BESIDE = ("so_far_plan", "so_far_register")
OWN_START = ("improve", "seeds_json")


@dataclass(frozen=True, eq=False)
class SoFar:
    """The problem to be solved, with what is implanted already; ``found`` and ``dose`` are None before a procedure."""

    made: OptionsProblem
    found: ImplantedSoFar | None = None
    dose: DoseSoFar | None = None

    def replanned(self, plan: OptimisedPlan) -> Replanned | None:
        """Return a plan found for the problem as one made anew; None before a procedure."""
        if self.found is None or self.dose is None:
            return None
        return Replanned(plan, remaining_plan(plan.plan, self.found), self.found, self.dose)


def so_far_of(options: argparse.Namespace, made: OptionsProblem, report: Report) -> SoFar:
    """Return the problem of what remains where a CT of the procedure is given; the problem as it is elsewhere.

    Raises
    ------
    BrachyResponseError
        An option is missing, the plan is another patient's, or the CT cannot be used.
    """
    if options.so_far is None:
        for name in NEEDED_BESIDE:
            if getattr(options, name) is not None:
                raise InputFileError(f"--{name.replace('_', '-')} is for replanning: give --so-far too.")
        return SoFar(made)
    _check_options(options)
    plan = read_plan(options.so_far_plan)
    check_same_patient(plan, options.patient_id, options.frame_of_reference)
    ct, notes = _in_plan(options, share_of(report, 0.0, 0.2))
    found = found_so_far(ct, made.problem, plan, report=share_of(report, 0.2, 1.0))
    dose = dose_so_far(made.problem, found)
    problem = replanning_problem(made.problem, found, plan)
    return SoFar(OptionsProblem(problem, (*made.notes, *notes, *found.warnings)), found, dose)


def _check_options(options: argparse.Namespace) -> None:
    if options.so_far_plan is None:
        raise InputFileError("--so-far needs the plan that is being implanted: give --so-far-plan plan.json.")
    for name in OWN_START:
        if getattr(options, name) is not None:
            raise InputFileError(
                f"--{name.replace('_', '-')} cannot be given with --so-far: what the CT shows is what stays."
            )


def _in_plan(options: argparse.Namespace, report: Report) -> tuple[Volume, tuple[str, ...]]:
    """The CT of the procedure where it lies in the plan's frame, and what is to be said of how it came there."""
    image = read_image(options.so_far)
    method = options.so_far_register or RegistrationMethod.NONE
    planning = RegistrationScan(read_image(options.image).volume, frame_of_reference_uid=options.frame_of_reference)
    procedure = RegistrationScan(image.volume, frame_of_reference_uid=image.frame_of_reference_uid)
    registration = register(planning, procedure, method=method, report=report)
    to_plan: FloatArray = np.linalg.inv(registration.matrix).astype(np.float64)
    if method is RegistrationMethod.NONE:
        note = "The patient was taken to lie on the CT of the procedure as on the planning image."
    else:
        note = f"The CT of the procedure was registered by {method.value}: {registration.residual_is}"
    return replace(image.volume, grid=moved_grid(image.volume.grid, to_plan)), (note, *registration.warnings)
