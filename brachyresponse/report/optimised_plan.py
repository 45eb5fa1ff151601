"""The parts of a plan's report that tell how it was found, how it bears errors, and what else could be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, facts, section, table
from brachyresponse.report.markup import NOTHING, Markup, as_markup, element, joined
from brachyresponse.report.plan_tables import verdict_word
from brachyresponse.report.problem_words import placement_words, problem_facts

if TYPE_CHECKING:
    from brachyresponse.dose.intervals import Interval
    from brachyresponse.planning.inverse import ImplantProblem, OptimisedPlan, PlanRobustness, TradeOffPlan, TradeOffs
    from brachyresponse.planning.inverse.robustness.margins import MarginRow

MOST_PLANS = 30
STOPPED = "The search was stopped: this is the best plan until then."
SEARCH_NOTE = (
    "Cost is the sum of penalties that grow linearly with the dose that is missing or too much, and of the cost of "
    "needles and seeds. The figures of the plan are computed anew on a grid, not at the points of the search."
)
BETTER_NOTE = (
    "A plan is beaten where another one is nowhere worse and somewhere better in these criteria. Figures are read at "
    "some thousand points; the whole evaluation is made when a plan is loaded, in Slicer or with "
    "--seeds-json trade_offs.json --plan-number."
)
MARGINS_NOTE = (
    "For each margin a plan was searched anew with the same weights, more shortly than the plan of this report; doses "
    "are percent of the prescription, V100 and V150 those of the target without the margin; D90 met: percent of "
    "implants with errors of this size whose D90 is not below the prescription. To take one, plan with "
    "--target-margin-mm."
)


@dataclass(frozen=True)
class SearchPictures:
    """Charts of an optimised plan, ready for the page; those without content are left out.

    Parameters
    ----------
    convergence, terms
        Cost over the search, and by term.
    robustness
        One chart a figure.
    scatter, parallel
        Of the trade-offs.
    this
        The plan of the report, to be read beside them.
    """

    convergence: Markup = NOTHING
    terms: Markup = NOTHING
    robustness: Sequence[Markup] = ()
    scatter: Sequence[Markup] = ()
    parallel: Markup = NOTHING
    this: TradeOffPlan | None = None


def search_section(problem: ImplantProblem, found: OptimisedPlan, preset: str, pictures: SearchPictures) -> Markup:
    """Return what was asked for, with which weights, what came of each constraint, and how the search went."""
    flags = [element("span", flag.sentence, class_="open") for flag in found.flags]
    if found.search.cancelled:
        flags.insert(0, element("span", STOPPED, class_="open"))
    charts = [element("figure", chart) for chart in (pictures.convergence, pictures.terms) if chart]
    return section(
        "How the plan was found",
        bullets(flags),
        facts([*problem_facts(problem), ("Search", _search_words(found))], columns=1),
        bullets(placement_words(problem)),
        element("h3", "Constraints"),
        _constraints(problem, found),
        element("h3", f"Weights (preset {preset})"),
        _weights(problem),
        element("div", *charts, class_="pictures charts") if charts else NOTHING,
        element("p", SEARCH_NOTE, class_="quiet"),
        class_="optimised",
    )


def robustness_section(found: PlanRobustness | None, pictures: SearchPictures) -> Markup:
    """Return what misplaced and lost seeds do to the plan; nothing where it was not computed."""
    if found is None:
        return NOTHING
    organs = list(found.rows[0].organs)
    labels = ["D90", "V100", *(f"{name} {found.rows[0].organs[name].label}" for name in organs)]
    headings = ["Error (sd)", "D90 meets the prescription", *labels]
    rows = [
        [
            f"{row.sd_mm:g} mm",
            f"{row.meets_prescription:.0%}",
            _range(row.d90),
            _range(row.v100),
            *(_range(row.organs[name]) for name in organs),
        ]
        for row in found.rows
    ]
    charts = [element("figure", chart) for chart in pictures.robustness]
    return section(
        "Robustness against misplaced and lost seeds",
        table(headings, rows, numbers=range(1, len(headings))),
        element("p", f"Median (5th to 95th percentile). {found.sentence}", class_="quiet"),
        element("div", *charts, class_="pictures charts") if charts else NOTHING,
    )


def margins_section(rows: Sequence[MarginRow]) -> Markup:
    """Return what margins round the target buy against misplaced seeds; nothing where none were tried."""
    if not rows:
        return NOTHING
    from brachyresponse.planning.inverse.robustness.margins import margins_table

    whole = margins_table(rows)
    return section(
        "What a margin round the target buys",
        table(whole.columns, whole.rows, numbers=range(len(whole.columns))),
        element("p", MARGINS_NOTE, class_="quiet"),
    )


def trade_off_section(found: TradeOffs | None, pictures: SearchPictures) -> Markup:
    """Return the plans with other weights among which a person may choose; nothing where there are none."""
    if found is None or not found.plans:
        return NOTHING
    scatter = [element("figure", chart) for chart in pictures.scatter]
    made = f"{len(found.plans)} plans with other weights"
    wanted = f"; {found.wanted} were asked for" if found.is_cancelled else ""
    return section(
        "Trade-offs",
        element("p", f"{made}{wanted}; {len(found.front)} of them are not beaten by another one.", class_="lead"),
        element("figure", pictures.parallel) if pictures.parallel else NOTHING,
        element("div", *scatter, class_="pictures charts") if scatter else NOTHING,
        _front(found, pictures.this),
        element("p", BETTER_NOTE, class_="quiet"),
    )


def _search_words(found: OptimisedPlan) -> str:
    search = found.search
    several = len(search.tried) > 1
    tracks = f"the best of {len(search.tried)} sets of tracks" if several else f"{search.tried[0].tracks} tracks"
    return f"{tracks}; {len(search.costs)} steps, random seed {search.random_seed}, cost {search.cost:.2f}"


def _constraints(problem: ImplantProblem, found: OptimisedPlan) -> Markup:
    if not found.limits:
        return element("p", "No dose limit was given.", class_="quiet")
    rows = [
        [
            result.limit.structure,
            f"{result.limit.metric.text} {'at least' if result.limit.at_least else 'at most'}",
            f"{result.limit.limit:g} {result.limit.unit}",
            f"{problem.weight_of(result.limit):g}",
            None if result.value is None else f"{result.value:.1f} {result.limit.unit}",
            verdict_word(result.passed),
            as_markup(result.note),
        ]
        for result in found.limits
    ]
    return table(["Structure", "Metric", "Limit", "Weight", "Found", "Result", "Note"], rows, numbers=(2, 3, 4))


def _weights(problem: ImplantProblem) -> Markup:
    from brachyresponse.planning.inverse.weights import as_weights

    weights = as_weights(problem.weights)
    named = [(item.name.replace("_", " "), getattr(weights, item.name)) for item in fields(weights)]
    return table([name for name, _ in named], [[f"{value:g}" for _, value in named]], numbers=range(len(named)))


def _range(interval: Interval) -> str:
    return f"{interval.median:.1f} ({interval.low:.1f} to {interval.high:.1f}) {interval.unit}"


def _front(found: TradeOffs, this: TradeOffPlan | None) -> Markup:
    whole = found.as_table()
    own = replace(found, plans=(this,)).as_table().rows if this else ()
    rows = [whole.rows[place] for place in found.front]
    by_coverage = sorted(rows, key=lambda row: -float(row[3]))[:MOST_PLANS]
    headings = [column.capitalize() if column.islower() else column for column in whole.columns]
    shown = [[row[0], *row[2:-1], row[-1] or "none"] for row in (*own, *by_coverage)]
    if own:
        shown[0][0] = "this"
    more = len(rows) - len(by_coverage)
    rest = element("p", f"{more} more of them are in trade_offs.csv.", class_="quiet") if more else NOTHING
    headings = [headings[0], *headings[2:]]
    return joined(table(headings, shown, numbers=range(len(headings) - 1)), rest)
