"""What is said of a balloon plan in whole sentences: what a person should read, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping

from brachyresponse.dose import Dvh, StructureSamples
from brachyresponse.planning.balloon.dose import BalloonField
from brachyresponse.planning.balloon.fill import balloon_models
from brachyresponse.planning.balloon.findings import BalloonCase
from brachyresponse.planning.balloon.plan import BalloonPlan, shell_name
from brachyresponse.planning.balloon.shape import BalloonShape
from brachyresponse.planning.balloon.shells import shell_depths_mm
from brachyresponse.planning.balloon.sphere import least_shell_cc
from brachyresponse.planning.sampling import PlanSampling
from brachyresponse.sources import load_liquid

COARSE_MM = 1.5
SAME_HALF_LIFE = 0.01
"""Half-lives of one nuclide are printed this far apart: 59.4 and 59.6 days of I-125."""
NO_WALL = (
    "The wall of the balloon was taken to be 0 mm thick, for no figure was found; a wall of 0.3 mm shifts the dose "
    "1 cm from a 3 cm balloon by about 3 %."
)
WATER = (
    "Dose is to water, without the effect of bone, air and calcification: at 28 keV a dose in water is too high behind "
    "bone and too low in it."
)
NO_ORGAN_DOSE = "No dose from liquid that leaked is given: no verified figure for bladder wall or thyroid was found."
MASK = (
    "The balloon was drawn as a mask: its stairs were smoothed away and its volume kept; with voxels of 1 mm the dose "
    "in one direction is uncertain by about 5 %, the mean over the surface by less than 0.5 %, with thick slices by "
    "more."
)
NO_STAR = (
    "The balloon folds back on itself as seen from its centre: surface dose, sectors, sphericity and the dose at a "
    "depth are of its outermost surface."
)
PIECES = "The balloon {!r} is drawn in {} pieces, and the liquid was spread over all of them: draw it again."
SMALL = "The balloon holds only {:.2g} mL of liquid, the smallest that is made {:g} mL: check what was drawn."
LEAST_OF_SMALLEST = 0.2
"""Proposed by this software: less of the smallest balloon's volume is a slip of the pen."""
CROPPED = (
    "Barriers, gaps and the body leave {:.0f} % of the {}: its figures are of what is left, so look at the sectors; "
    "said below {:.0f} %, a proposal of this software."
)
LEAST_LEFT = 0.5
OTHER_HALF_LIFE = "The half-life was set to {:g} days, but the kernel is that of {}: give the nuclide's own file."
BROKEN_FILL = "Check the segmentation, the fill volume and the balloon model."


def warnings_of(
    case: BalloonCase, field: BalloonField, sampling: PlanSampling, dvhs: Mapping[str, Dvh]
) -> tuple[str, ...]:
    """Return what a person should read of a balloon plan, in whole sentences; none where all is well."""
    plan = case.plan
    spacing_mm = float(field.grid.spacing_ijk_mm.max())
    said = (
        f"The dose was computed with a stand-in: {plan.surrogate_for}." if plan.surrogate_for else "",
        *warnings_of_shape(field.shape),
        *_of_shells(plan, field.shape, dvhs),
        OTHER_HALF_LIFE.format(plan.half_life_days, plan.source.radionuclide) if _is_other_nuclide(plan) else "",
        f"The dose grid is {spacing_mm:g} mm coarse: compute on 1 mm before judging the plan."
        if spacing_mm > COARSE_MM
        else "",
        *(fill.sentence + " " + BROKEN_FILL for fill in case.fill if fill.is_flagged),
        case.leakage.sentence if case.leakage is not None and case.leakage.is_flagged else "",
        *(reason for reason in sampling.organs.values() if not isinstance(reason, StructureSamples)),
        *(dvh.warning for dvh in dvhs.values()),
    )
    return tuple(filter(None, said))


def notes_of(plan: BalloonPlan, shape: BalloonShape) -> tuple[str, ...]:
    """Return what was assumed, in whole sentences."""
    liquid = plan.source
    kernel = (
        f"The kernel of {liquid.label} ({liquid.citation}) is good to about {liquid.uncertainty_percent:g} %; activity "
        f"is the one contained, {liquid.strength_u_per_mci_contained:g} U a mCi."
    )
    return (WATER, kernel, *([NO_WALL] if plan.wall_mm == 0 else []), *([MASK] if shape.is_mask else []), NO_ORGAN_DOSE)


def warnings_of_shape(shape: BalloonShape) -> tuple[str, ...]:
    """Return what is odd about a balloon: more than one piece, folds, hardly any liquid."""
    smallest_ml = balloon_models()[0].nominal_ml
    is_small = shape.liquid_ml < LEAST_OF_SMALLEST * smallest_ml
    said = (
        PIECES.format(shape.outer.name, shape.pieces) if shape.pieces > 1 else "",
        NO_STAR if not (shape.is_star or is_small or shape.pieces > 1) else "",
        SMALL.format(shape.liquid_ml, smallest_ml) if is_small else "",
    )
    return tuple(filter(None, said))


def _of_shells(plan: BalloonPlan, shape: BalloonShape, dvhs: Mapping[str, Dvh]) -> list[str]:
    """Which shells are mostly cropped away: what is left of them may be well covered and yet say little."""
    said = []
    for depth_mm in shell_depths_mm(plan):
        name = shell_name(depth_mm)
        left = dvhs[name].volume_cc / least_shell_cc(shape.outer.volume_cc, depth_mm)
        if left < LEAST_LEFT:
            said.append(CROPPED.format(100 * left, name, 100 * LEAST_LEFT))
    return said


def _is_other_nuclide(plan: BalloonPlan) -> bool:
    own = load_liquid(plan.liquid).half_life_days
    return plan.half_life_days is not None and abs(plan.half_life_days / own - 1) > SAME_HALF_LIFE
