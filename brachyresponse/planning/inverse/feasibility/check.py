"""Problems that have no plan: which constraint makes them so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse.candidates.candidates import candidate_sets
from brachyresponse.planning.inverse.feasibility.contradictions import COVERED_PERCENT, check_contradictions
from brachyresponse.planning.inverse.feasibility.dose_bound import Reach, best_reach, reach_points
from brachyresponse.planning.inverse.feasibility.locked import flags_of_locked
from brachyresponse.planning.inverse.feasibility.relaxations import Relaxation, relaxations
from brachyresponse.planning.inverse.flags import Flag, FlagKind
from brachyresponse.planning.inverse.problem import ImplantProblem

WELL_COVERED_PERCENT = 98.0
"""Below this it is said which part of the target stays cold at best."""
CLEARLY_MORE_PERCENT = 1.0
ROUGHLY = 3
"""Of the lattices tried, one in so many is looked at to see what a relaxed constraint is worth."""


def check_problem(problem: ImplantProblem) -> tuple[Flag, ...]:
    """Return what is noteworthy of a problem that can be planned.

    Locked needles and seeds that break a rule are flagged and stay.

    Raises
    ------
    PlanError
        The problem cannot be planned: the message names the constraint that makes it so.
    """
    check_contradictions(problem)
    reach = _reach(problem)
    if reach.covered_percent < COVERED_PERCENT:
        raise why_infeasible(problem)
    return (*flags_of_locked(problem), *_cold(problem, reach))


def why_infeasible(problem: ImplantProblem) -> PlanError:
    """Return the error that says why a problem has no plan that reaches the prescription.

    One constraint at a time is relaxed; the one whose absence helps is named, with what can be done about it.
    """
    reach = _reach(problem)
    helpful = _most_helpful(problem)
    return PlanError(_too_little_dose(problem, reach, helpful) if reach.places else _no_needle(problem, helpful))


def _most_helpful(problem: ImplantProblem) -> Relaxation | None:
    """The first relaxation that makes a problem feasible; else the one that helps most; None where none does."""
    most, helpful = _reach(problem, every=ROUGHLY).covered_percent + CLEARLY_MORE_PERCENT, None
    enough = max(COVERED_PERCENT, most)
    for relaxation in relaxations(problem):
        relaxed = _reach(relaxation.problem, enough, every=ROUGHLY)
        if relaxed.covered_percent > most:
            most, helpful = relaxed.covered_percent, relaxation
        if most >= enough and helpful is not None:
            break
    return helpful


def _reach(problem: ImplantProblem, enough_percent: float = WELL_COVERED_PERCENT, *, every: int = 1) -> Reach:
    """The best that any of the tracks tried could do, or every n-th of them; looked for no further than is enough."""
    best, points = Reach(0.0, 0), reach_points(problem)
    for candidates in candidate_sets(problem, every=every):
        best = max(best, best_reach(candidates, points))
        if best.covered_percent >= enough_percent:
            break
    return best


def _no_needle(problem: ImplantProblem, helpful: Relaxation | None) -> str:
    tried = list(candidate_sets(problem, usable=False))
    count = sum(candidates.tracks for candidates in tried)
    if not count and helpful is not None:
        return f"No needle reaches {problem.target} {helpful.without}: no track crosses it; {helpful.remedy}."
    if not count:
        return f"No needle reaches {problem.target}: no track crosses it; take a finer pitch or move the tracks."
    if helpful is None:
        stopped = Counter({refused.what: 0 for candidates in tried for refused in candidates.refused})
        for refused in (refused for candidates in tried for refused in candidates.refused):
            stopped[refused.what] += refused.count
        reasons = ", ".join(f"{what} ({number})" for what, number in stopped.most_common())
        return f"No needle reaches {problem.target}: all {count} tracks are stopped: {reasons}; relax several rules."
    return f"No needle reaches {problem.target} {helpful.without}: all {count} tracks are stopped; {helpful.remedy}."


def _too_little_dose(problem: ImplantProblem, reach: Reach, helpful: Relaxation | None) -> str:
    found = f"{_at_most(problem, reach)} from seeds of {max(problem.strengths_u):g} U"
    if helpful is None:
        return f"{found}: take stronger seeds, narrower tracks, or let needles reach more of the target."
    return f"{found}: {helpful.because}; {helpful.remedy}."


def _cold(problem: ImplantProblem, reach: Reach) -> Iterator[Flag]:
    if reach.covered_percent < WELL_COVERED_PERCENT:
        helpful = _most_helpful(problem)
        why = "" if helpful is None else f": {helpful.because}; {helpful.remedy}"
        yield Flag(FlagKind.COLD_PART, problem.target, f"{_at_most(problem, reach)}{why}.")


def _at_most(problem: ImplantProblem, reach: Reach) -> str:
    return f"At most {reach.covered_percent:.0f} % of {problem.target} can get {problem.prescription_gy:g} Gy"
