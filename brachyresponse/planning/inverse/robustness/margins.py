"""What a margin round the target buys against misplaced seeds, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from brachyresponse.planning.exports import Table
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.robustness.assess import PlanRobustness, assess_robustness
from brachyresponse.planning.inverse.robustness.placement_errors import PlacementErrors
from brachyresponse.planning.inverse.search.prepared import PreparedProblem
from brachyresponse.planning.inverse.trade_off.figures import FigureReader, PlanFigures
from brachyresponse.planning.inverse.trade_off.part import MOVES
from brachyresponse.planning.inverse.weights import as_weights
from brachyresponse.progress import Report, ignore_progress

MARGINS_MM = (0.0, 1.0, 2.0, 3.0)


@dataclass(frozen=True, eq=False)
class MarginRow:
    """The plan for one margin.

    Parameters
    ----------
    margin_mm
        Of the problem's ``target_margin_mm``.
    figures
        As planned.
    robustness
        Of the plan.
    needles, seeds
        How many.
    """

    margin_mm: float
    figures: PlanFigures
    robustness: PlanRobustness
    needles: int
    seeds: int


def margin_trade_off(
    problem: ImplantProblem,
    margins_mm: Sequence[float] = MARGINS_MM,
    *,
    moves: int = MOVES,
    errors: PlacementErrors | None = None,
    report: Report = ignore_progress,
) -> tuple[MarginRow, ...]:
    """Return a plan's figures and its robustness for several margins round the target, other things being equal.

    Raises
    ------
    PlanError
        The problem cannot be solved, or a margin cannot be used.
    Cancelled
        By the report.
    """
    reader, rows = FigureReader(problem), []
    for done, margin_mm in enumerate(margins_mm):
        report(done / len(margins_mm), f"Margin: {margin_mm:g} mm")
        prepared = PreparedProblem.of(replace(problem, target_margin_mm=margin_mm))
        (needles, seeds), _ = prepared.solve(as_weights(problem.weights), moves)
        plan = problem.plan_of(needles, seeds)
        tested = assess_robustness(
            plan, problem.source, problem.anatomy, errors=errors, random_seed=problem.random_seed
        )
        rows.append(MarginRow(margin_mm, reader.read(seeds), tested, len(needles), seeds.count))
    return tuple(rows)


def margins_table(rows: Sequence[MarginRow]) -> Table:
    """Return one row a margin: figures as planned, and how often D90 meets the prescription at each size of error."""
    if not rows:
        return Table("Margins", ("margin mm",), ())
    sizes = [f"D90 met, {row.sd_mm:g} mm %" for row in rows[0].robustness.rows]
    organs = list(rows[0].figures.organs)
    columns = ("margin mm", "D90 %", "V100 %", "V150 %", *(f"{name} %" for name in organs), "needles", "seeds", *sizes)
    return Table("Margins", columns, tuple(_cells(row) for row in rows))


def _cells(row: MarginRow) -> tuple[str, ...]:
    figures = row.figures
    doses = (figures.d90, figures.v100, figures.v150, *figures.organs.values())
    met = (f"{100 * one.meets_prescription:.0f}" for one in row.robustness.rows)
    return (f"{row.margin_mm:g}", *(f"{dose:.1f}" for dose in doses), str(row.needles), str(row.seeds), *met)
