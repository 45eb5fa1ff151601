"""A balloon plan held against the rules of its profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.metrics import Metric
from brachyresponse.planning.balloon.fill import FillComparison
from brachyresponse.planning.balloon.leakage import LeakageBalance
from brachyresponse.planning.balloon.plan import BalloonPlan
from brachyresponse.planning.balloon.profile import BalloonProfile
from brachyresponse.planning.balloon.rules import BalloonCheck
from brachyresponse.planning.balloon.sectors import Sector
from brachyresponse.planning.findings import RuleFinding, judged
from brachyresponse.planning.measurement import Measurement, Unknown

Outcome = Sequence[Measurement] | Unknown
MBQ_PER_MCI = 37.0


@dataclass(frozen=True, eq=False)
class BalloonCase:
    """A plan with what was found of it."""

    plan: BalloonPlan
    figures: Mapping[str, Metric]
    shell: Dvh
    sectors: tuple[Sector, ...]
    fill: tuple[FillComparison, ...]
    leakage: LeakageBalance | None

    def figure(self, figure_id: str) -> float:
        """Return a figure's value."""
        value = self.figures[figure_id].value
        assert value is not None
        return value


def check_balloon(case: BalloonCase, profile: BalloonProfile) -> tuple[RuleFinding, ...]:
    """Return one finding for each rule of a profile, in its order."""
    return tuple(judged(rule, CHECKS[rule.check](case)) for rule in profile.rules)


def _prescription(case: BalloonCase) -> Outcome:
    return [Measurement(case.plan.prescription_gy, "prescribed")]


def _depth(case: BalloonCase) -> Outcome:
    return [Measurement(case.plan.prescription_depth_mm, "outside the balloon's surface")]


def _activity(case: BalloonCase) -> Outcome:
    activity = case.plan.activity_at_filling_mbq
    return [Measurement(activity, f"{activity / MBQ_PER_MCI:.4g} mCi contained at filling")]


def _dwell(case: BalloonCase) -> Outcome:
    return [Measurement(case.plan.dwell_days, "with the liquid in the balloon")]


def _dose_at_depth(case: BalloonCase) -> Outcome:
    dose_gy = case.figure("dose_at_depth")
    return [Measurement(dose_gy / case.plan.prescription_gy * 100, f"{dose_gy:.4g} Gy, mean over the surface")]


def _surface_dose(case: BalloonCase) -> Outcome:
    return [Measurement(case.figure("surface_dose"), "mean over the balloon's surface")]


def _shell_d90(case: BalloonCase) -> Outcome:
    d90_gy = case.shell.d(90)
    return [Measurement(d90_gy / case.plan.prescription_gy * 100, f"{case.shell.name}, D90 {d90_gy:.4g} Gy")]


def _fill_ml(case: BalloonCase) -> Outcome:
    return [Measurement(fill.difference_ml, f"against {fill.other}") for fill in case.fill] or _no_fill()


def _fill_percent(case: BalloonCase) -> Outcome:
    return [Measurement(fill.difference_percent, f"against {fill.other}") for fill in case.fill] or _no_fill()


def _no_fill() -> Unknown:
    return Unknown("the fill volume is not given")


def _sphericity(case: BalloonCase) -> Outcome:
    least, largest = case.figure("least_radius"), case.figure("largest_radius")
    return [Measurement(case.figure("sphericity"), f"radii {least:.1f} to {largest:.1f} mm")]


def _sphere_difference(case: BalloonCase) -> Outcome:
    return [Measurement(case.figure("sphere_difference"), "voxel dose against the sphere's")]


def _gap(case: BalloonCase) -> Outcome:
    if not case.plan.gaps:
        return Unknown("no structure is named as a gap (air, fluid, clot)")
    return [Measurement(sector.gap_mm, sector.name) for sector in case.sectors]


def _leakage(case: BalloonCase) -> Outcome:
    if case.leakage is None:
        return Unknown("the recovered activity is not given")
    return [Measurement(case.leakage.missing_percent, f"{case.leakage.missing_mbq:.4g} MBq")]


CHECKS: Mapping[BalloonCheck, Callable[[BalloonCase], Outcome]] = {
    BalloonCheck.PRESCRIPTION: _prescription,
    BalloonCheck.DEPTH: _depth,
    BalloonCheck.ACTIVITY: _activity,
    BalloonCheck.DWELL: _dwell,
    BalloonCheck.DOSE_AT_DEPTH: _dose_at_depth,
    BalloonCheck.SURFACE_DOSE: _surface_dose,
    BalloonCheck.SHELL_D90: _shell_d90,
    BalloonCheck.FILL_VOLUME: _fill_ml,
    BalloonCheck.FILL_PERCENT: _fill_percent,
    BalloonCheck.SPHERICITY: _sphericity,
    BalloonCheck.SPHERE_DIFFERENCE: _sphere_difference,
    BalloonCheck.GAP: _gap,
    BalloonCheck.LEAKAGE: _leakage,
}
