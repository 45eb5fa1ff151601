"""The needle and loading sheet that goes into the procedure room."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import ceil

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.overlap import SEED_LENGTH_MM
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.planning.train import TrainPart, train_of
from brachyresponse.seeds.seeds import FREE
from brachyresponse.sources import Source, decayed_strength_u, u_to_mbq, u_to_mci
from brachyresponse.types import FloatArray

USE = "For research use: not a medical device; every figure must be checked independently before it is used."
STRENGTH_DIGITS = 3
"""Seeds whose strengths agree to this many digits in U are ordered together."""


@dataclass(frozen=True)
class SheetOptions:
    """What the plan does not say.

    Parameters
    ----------
    spare_fraction
        Seeds ordered beyond the plan, as a share of each strength's number, rounded up.
    reference_date
        The day for which the manufacturer states strengths; None for the implant day.
    seed_length_mm
        From end to end.
    """

    spare_fraction: float = 0.1
    reference_date: date | None = None
    seed_length_mm: float = SEED_LENGTH_MM

    def __post_init__(self) -> None:
        if not 0 <= self.spare_fraction <= 1:
            raise PlanError(f"The share of spare seeds is {self.spare_fraction}: give a number from 0 to 1.")
        if not (np.isfinite(self.seed_length_mm) and self.seed_length_mm > 0):
            raise PlanError(f"The seed length is {self.seed_length_mm} mm: give a positive length.")


@dataclass(frozen=True, eq=False)
class NeedleRow:
    """One needle: where it goes in, which way, how deep, and what is in it.

    Parameters
    ----------
    number, hole
        Of the needle; the template's hole, or empty.
    entry_mm
        Entry, RAS (3,): the skin entry where the needle begins at the skin.
    axial_angle_deg
        Direction from entry to tip within the axial plane: 0 is straight to the back, 90 to the patient's left,
        -90 to the right, 180 to the front. None for a needle along the body's axis, which has none.
    tilt_deg
        Out of the axial plane: positive towards the head, negative towards the feet.
    tip_depth_mm
        From the entry to the tip.
    first_seed_depth_mm, last_seed_depth_mm
        From the entry to the centres of the deepest seed, which is laid first, and of the shallowest.
    train
        Seeds and spacers from the tip backwards.
    strength_u
        Of all seeds together at implantation.
    """

    number: int
    hole: str
    entry_mm: FloatArray
    axial_angle_deg: float | None
    tilt_deg: float
    tip_depth_mm: float
    first_seed_depth_mm: float
    last_seed_depth_mm: float
    train: tuple[TrainPart, ...]
    strength_u: float

    @property
    def seed_count(self) -> int:
        """Number of seeds in the needle."""
        return sum(part.is_seed for part in self.train)


@dataclass(frozen=True, eq=False)
class FreeSeedRow:
    """A seed that is on no needle: its number and its centre, RAS (3,)."""

    number: int
    position_mm: FloatArray
    strength_u: float


@dataclass(frozen=True)
class SeedStrength:
    """The strength of one seed on a day: air-kerma strength and apparent activity."""

    day: date
    strength_u: float
    activity_mbq: float
    activity_mci: float


@dataclass(frozen=True)
class OrderRow:
    """Seeds of one strength to be ordered.

    Parameters
    ----------
    planned, spare
        Number of seeds in the plan and beyond it.
    implant
        A seed on the implant day.
    reference
        What to order: a seed on the reference day that decays to the planned one by the implant day.
    """

    planned: int
    spare: int
    implant: SeedStrength
    reference: SeedStrength

    @property
    def ordered(self) -> int:
        """Number of seeds to order."""
        return self.planned + self.spare


@dataclass(frozen=True)
class CheckLine:
    """One line of the independent check: what, and what should be found; who checks writes beside it."""

    text: str
    expected: str


@dataclass(frozen=True, eq=False)
class LoadingSheet:
    """All that the sheet shows.

    Parameters
    ----------
    plan
        The plan itself: patient, dates, prescription.
    source_label
        The seed model in words, with the surrogate said.
    needles
        Rows for needles that hold seeds, in the order of their numbers.
    free_seeds
        Seeds on no needle.
    order
        By strength, strongest first.
    checks
        Lines for the independent check.
    use
        What the sheet may be used for.
    """

    plan: ImplantPlan
    source_label: str
    needles: tuple[NeedleRow, ...]
    free_seeds: tuple[FreeSeedRow, ...]
    order: tuple[OrderRow, ...]
    checks: tuple[CheckLine, ...]
    use: str = USE


def loading_sheet(plan: ImplantPlan, source: Source, *, options: SheetOptions = SheetOptions()) -> LoadingSheet:
    """Return the needle and loading sheet of a plan.

    Parameters
    ----------
    source
        The seed model the plan names: half-life and radionuclide.
    options
        Spares, reference date, seed length.

    Raises
    ------
    PlanError
        The plan has no seeds, seeds of a needle overlap or reach beyond its tip, or the reference date cannot
        belong to the implant (:func:`check_reference_date`).
    """
    if not plan.seeds.count:
        raise PlanError(f"Plan {plan.name!r} has no seeds: load the needles before the loading sheet is made.")
    needles = sorted(plan.needles, key=lambda needle: needle.number)
    rows = tuple(_needle_row(plan, needle, options) for needle in needles if (plan.seeds.needle == needle.number).any())
    order = _order(plan, source, options)
    free = tuple(
        FreeSeedRow(int(n) + 1, plan.seeds.positions_mm[n], float(plan.seeds.air_kerma_strength_u[n]))
        for n in np.flatnonzero(plan.seeds.needle == FREE)
    )
    return LoadingSheet(plan, seed_model_label(plan, source), rows, free, order, _checks(plan, order, len(rows)))


def seed_model_label(plan: ImplantPlan, source: Source) -> str:
    """Return the seed model in words, with the seed that it stands in for."""
    says_more = bool(plan.surrogate_for) and source.surrogate_for is None
    return f"{source.label}, surrogate for {plan.surrogate_for}" if says_more else source.label


def needle_angles_deg(needle: Needle) -> tuple[float | None, float]:
    """Return the axial angle (None along the body's axis) and the tilt of a needle, as :class:`NeedleRow` defines."""
    right, anterior, superior = needle.direction
    tilt_deg = float(np.degrees(np.arcsin(np.clip(superior, -1.0, 1.0))))
    if np.hypot(right, anterior) < 1e-3:
        return None, tilt_deg
    # From 0 and not by a minus sign: minus zero would be shown as such, and turn 180 degrees into -180.
    return float(np.degrees(np.arctan2(0.0 - right, 0.0 - anterior))), tilt_deg


def _needle_row(plan: ImplantPlan, needle: Needle, options: SheetOptions) -> NeedleRow:
    train = train_of(plan, needle, options.seed_length_mm)
    depths_mm = [part.depth_mm for part in train if part.is_seed]
    axial_deg, tilt_deg = needle_angles_deg(needle)
    return NeedleRow(
        number=needle.number,
        hole=needle.hole,
        entry_mm=needle.entry_mm,
        axial_angle_deg=axial_deg,
        tilt_deg=tilt_deg,
        tip_depth_mm=needle.length_mm,
        first_seed_depth_mm=depths_mm[0],
        last_seed_depth_mm=depths_mm[-1],
        train=train,
        strength_u=sum(part.strength_u for part in train),
    )


def _order(plan: ImplantPlan, source: Source, options: SheetOptions) -> tuple[OrderRow, ...]:
    strengths_u, counts = np.unique(plan.seeds.air_kerma_strength_u.round(STRENGTH_DIGITS), return_counts=True)
    day = options.reference_date or plan.implant_date
    check_reference_date(day, plan.implant_date)
    rows = []
    for strength_u, planned in zip(strengths_u[::-1].tolist(), counts[::-1].tolist(), strict=True):
        # Decay from the implant day back to the reference day: above the planned strength where that is earlier.
        reference_u = decayed_strength_u(strength_u, source.half_life_days, plan.implant_date, day)
        implant = _strength(plan.implant_date, strength_u, source)
        spare = ceil(planned * options.spare_fraction - 1e-9)
        rows.append(OrderRow(planned, spare, implant, _strength(day, reference_u, source)))
    return tuple(rows)


def _strength(day: date, strength_u: float, source: Source) -> SeedStrength:
    nuclide = source.radionuclide
    return SeedStrength(day, strength_u, u_to_mbq(strength_u, nuclide), u_to_mci(strength_u, nuclide))


def _checks(plan: ImplantPlan, order: tuple[OrderRow, ...], needles: int) -> tuple[CheckLine, ...]:
    figures = {
        "ordered": sum(row.ordered for row in order),
        "implant_date": plan.implant_date,
        "strengths": ", ".join(f"{row.implant.strength_u:.3f}" for row in order),
        "needles": needles,
        "seeds": plan.seeds.count,
        "total_u": float(plan.seeds.air_kerma_strength_u.sum()),
    }
    return tuple(CheckLine(line.text.format(**figures), line.expected.format(**figures)) for line in _check_lines())


@cache
def _check_lines() -> tuple[CheckLine, ...]:
    text = (files("brachyresponse.planning") / "data" / "independent_checks.json").read_text(encoding="utf-8")
    return tuple(CheckLine(line["text"], line["expected"]) for line in json.loads(text)["lines"])
