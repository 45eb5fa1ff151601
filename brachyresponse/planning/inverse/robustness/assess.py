"""How a plan survives misplaced and lost seeds: its figures over many implants drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brachyresponse.dose.intervals import Interval
from brachyresponse.errors import PlanError
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.exports import Table
from brachyresponse.planning.inverse.robustness.placement_errors import PlacementErrors, draw_errors
from brachyresponse.planning.inverse.robustness.samples import PlannedImplant, SampledStructure, figures_of
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.sources import Source
from brachyresponse.types import Float32Array

FEWEST_SCENARIOS, MOST_SCENARIOS = 20, 10_000


@dataclass(frozen=True)
class RobustnessRow:
    """What errors of one size do to a plan.

    Parameters
    ----------
    sd_mm
        Of the errors along the needle.
    meets_prescription
        Probability, 0 to 1, that D90 of the target is not below the prescription.
    d90, v100
        Of the target, Gy and percent: as planned, and the 5th, 50th and 95th percentile.
    organs
        D2cc, or D0.1cc of a smaller one, Gy, by organ.
    """

    sd_mm: float
    meets_prescription: float
    d90: Interval
    v100: Interval
    organs: Mapping[str, Interval]

    @property
    def sentence(self) -> str:
        """The row in words."""
        organs = "".join(f"; {name} {interval.text}" for name, interval in self.organs.items())
        return (
            f"{self.sd_mm:g} mm: D90 meets the prescription in {self.meets_prescription:.0%} of implants; "
            f"{self.d90.text}; {self.v100.text}{organs}"
        )


@dataclass(frozen=True, eq=False)
class PlanRobustness:
    """A plan under errors of placement, one row a size.

    Parameters
    ----------
    target, prescription_gy
        The target, and the dose that its D90 is to reach.
    rows
        In the order of the errors' sizes.
    errors, scenarios, random_seed
        What was assumed and drawn.
    left_out
        Organs too small for a figure.
    """

    target: str
    prescription_gy: float
    rows: tuple[RobustnessRow, ...]
    errors: PlacementErrors
    scenarios: int
    random_seed: int
    left_out: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was assumed, in words."""
        small = f" {', '.join(self.left_out)}: too small for a figure." if self.left_out else ""
        return f"{self.scenarios} implants of each size. {self.errors.sentence}{small}"

    def as_table(self) -> Table:
        """Return one row a size and metric: as planned, and the 5th, 50th and 95th percentile."""
        rows: list[tuple[str, ...]] = []
        for row in self.rows:
            size = f"{row.sd_mm:g}"
            share = f"{100 * row.meets_prescription:.0f}"
            rows.append((size, self.target, "D90 meets the prescription", "", "", share, "", "% of implants"))
            named = [(self.target, row.d90), (self.target, row.v100), *row.organs.items()]
            for structure, found in named:
                numbers = (f"{value:.1f}" for value in (found.as_found, found.low, found.median, found.high))
                rows.append((size, structure, found.label, *numbers, found.unit))
        columns = ("sd mm", "structure", "metric", "as planned", "5 %", "median", "95 %", "unit")
        return Table("Robustness", columns, tuple(rows))


def assess_robustness(  # noqa: PLR0913 - what is tested, and what is drawn, by name
    plan: ImplantPlan,
    source: Source,
    anatomy: PlanAnatomy,
    *,
    scenarios: int = 100,
    errors: PlacementErrors | None = None,
    random_seed: int = 0,
    report: Report = ignore_progress,
) -> PlanRobustness:
    """Return how D90 and V100 of a plan's target and the hottest part of its organs spread when seeds lie elsewhere.

    The dose of every implant is summed over its seeds at some points of each structure, denser in an organ where the
    plan is hot. The plan itself is looked at with many more points, and what the fewer ones change of it is taken off
    every implant.

    Parameters
    ----------
    source
        The seed model that the plan names.
    scenarios
        Implants of each size of error; all sizes move the same seeds the same way, only farther.
    errors
        What is assumed; :class:`PlacementErrors` as it is unless given.
    random_seed
        The same number gives the same figures.
    report
        Told the fraction done; may raise ``Cancelled``.

    Raises
    ------
    PlanError
        The plan has no seeds, its target is not in the anatomy, or a number cannot be used.
    """
    _check(plan, anatomy, scenarios)
    assumed = errors or PlacementErrors()
    drawn = draw_errors(plan, assumed, scenarios, random_seed)
    implant = PlannedImplant(source, plan.seeds)
    names = dict.fromkeys([plan.target, *anatomy.roles.reported_organs])
    figures = {name: figures_of(plan, anatomy.structures[name]) for name in names}
    sampled = [SampledStructure.of(implant, anatomy.structures[name], some) for name, some in figures.items() if some]
    rows = []
    for done, sd_mm in enumerate(assumed.sd_mm):
        report(done / len(assumed.sd_mm), f"Robustness: errors of {sd_mm:g} mm")
        rows.append(_row(sd_mm, plan, sampled, implant.dose_gy(sampled, drawn, sd_mm)))
    left_out = tuple(name for name, some in figures.items() if not some)
    return PlanRobustness(plan.target, plan.prescription_gy, tuple(rows), assumed, scenarios, random_seed, left_out)


def check_scenarios(scenarios: int) -> None:
    """Refuse so few implants that they say nothing of their 5 % ends, or far too many.

    Raises
    ------
    PlanError
        There are fewer or more.
    """
    if not FEWEST_SCENARIOS <= scenarios <= MOST_SCENARIOS:
        raise PlanError(
            f"Robustness over {scenarios} implants is not computed: give {FEWEST_SCENARIOS} to {MOST_SCENARIOS:,}."
        )


def _row(
    sd_mm: float, plan: ImplantPlan, sampled: Sequence[SampledStructure], dose_gy: Sequence[Float32Array]
) -> RobustnessRow:
    found = [one.intervals(doses) for one, doses in zip(sampled, dose_gy, strict=True)]
    (of_target, (d90, v100)), *of_organs = found
    organs = {one.points.name: interval for one, (_, (interval,)) in zip(sampled[1:], of_organs, strict=True)}
    return RobustnessRow(sd_mm, float((of_target[:, 0] >= plan.prescription_gy).mean()), d90, v100, organs)


def _check(plan: ImplantPlan, anatomy: PlanAnatomy, scenarios: int) -> None:
    if not plan.seeds.count:
        raise PlanError(f"Plan {plan.name!r} has no seeds that could be misplaced: lay seeds along its needles first.")
    if plan.target not in anatomy.structures:
        raise PlanError(f"Plan {plan.name!r} is made for the target {plan.target!r}, which the structures do not have.")
    check_scenarios(scenarios)
