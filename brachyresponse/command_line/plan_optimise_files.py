"""The result files of an optimised plan beside those of every plan."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.command_line.plan_optimise import OptimisedCase
from brachyresponse.pictures.robustness_charts import robustness_charts
from brachyresponse.pictures.search_charts import convergence_chart, cost_terms_chart
from brachyresponse.pictures.trade_off_charts import trade_off_parallel, trade_off_scatter
from brachyresponse.planning import write_csv
from brachyresponse.planning.inverse import write_problem, write_trade_offs
from brachyresponse.planning.inverse.replanning.so_far_file import write_so_far
from brachyresponse.planning.inverse.robustness.margins import margins_table
from brachyresponse.planning.inverse.search_file import write_search
from brachyresponse.planning.inverse.trade_off.file import TRADE_OFFS_FILE
from brachyresponse.planning.inverse.trade_off.part import as_trade_off
from brachyresponse.report.implanted_so_far import so_far_section
from brachyresponse.report.markup import NOTHING, Markup, joined
from brachyresponse.report.optimised_plan import (
    SearchPictures,
    margins_section,
    robustness_section,
    search_section,
    trade_off_section,
)


def optimised_sections(case: OptimisedCase) -> Markup:
    """Return the sections of the report on how a plan was found, its robustness and its trade-offs."""
    pictures = _pictures(case)
    return joined(
        so_far_section(case.replanned),
        search_section(case.problem, case.found, case.preset, pictures),
        robustness_section(case.beside.robustness, pictures),
        margins_section(case.beside.margins),
        trade_off_section(case.beside.trade_offs, pictures),
    )


def write_optimised(case: OptimisedCase, folder: Path) -> None:
    """Write the problem, how the plan was found, and what was computed beside it.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    write_problem(case.problem, folder)
    if case.replanned is not None:
        write_so_far(case.replanned, folder / "so_far.json")
    write_search(case.problem, case.found, folder / "optimisation.json")
    beside = case.beside
    if beside.robustness is not None:
        write_csv(beside.robustness.as_table(), folder / "robustness.csv")
    if beside.margins:
        write_csv(margins_table(beside.margins), folder / "margins.csv")
    if beside.trade_offs is not None:
        write_trade_offs(beside.trade_offs, folder / TRADE_OFFS_FILE)
        write_csv(beside.trade_offs.as_table(), folder / "trade_offs.csv")


def _pictures(case: OptimisedCase) -> SearchPictures:
    search, tested, others = case.found.search, case.beside.robustness, case.beside.trade_offs
    scatter, parallel, this = [], NOTHING, None
    if others is not None and others.plans:
        this = as_trade_off(case.problem, case.found)
        coverage, *rest = others.criteria
        scatter = [trade_off_scatter(others, criterion, coverage, this) for criterion in rest]
        parallel = trade_off_parallel(others, this)
    return SearchPictures(
        convergence=convergence_chart(search.costs),
        terms=cost_terms_chart(search.terms),
        robustness=robustness_charts(tested) if tested is not None else (),
        scatter=scatter,
        parallel=parallel,
        this=this,
    )
