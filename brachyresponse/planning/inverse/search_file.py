"""How a plan was found, in a file: ``optimisation.json``, schema 1.

``cost`` is the sum of ``terms``; ``costs`` holds the cost after every step of the search, ``tried`` the sets of needle
tracks among which it chose, ``limits`` what was found of each, ``flags`` what a person should look at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.result import OptimisedPlan
from brachyresponse.planning.inverse.weights import as_weights
from brachyresponse.planning.plain_fields import plain_fields
from brachyresponse.planning.record import write_fields

SCHEMA = 1
DECIMALS = 6


def write_search(problem: ImplantProblem, found: OptimisedPlan, path: Path) -> Path:
    """Write how a plan was found and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    return write_fields(_search_fields(problem, found), path, "search")


def _search_fields(problem: ImplantProblem, found: OptimisedPlan) -> dict[str, Any]:
    search = found.search
    return {
        "schema": SCHEMA,
        "random_seed": search.random_seed,
        "moves": problem.moves,
        "cancelled": search.cancelled,
        "weights": plain_fields(as_weights(problem.weights)),
        "limit_weights": {str(limit): problem.weight_of(limit) for limit in problem.limits},
        "cost": _rounded(search.cost),
        "terms": {name: _rounded(cost) for name, cost in search.terms.items()},
        "limits": [
            {"limit": str(result.limit), "found": result.value, "kept": result.passed, "note": result.note}
            for result in found.limits
        ],
        "flags": [{"kind": str(flag.what), "which": flag.which, "sentence": flag.sentence} for flag in found.flags],
        "tried": [
            {"direction": tried.direction.tolist(), "tracks": tried.tracks, "cost": _rounded(tried.cost)}
            for tried in search.tried
        ],
        "costs": [_rounded(cost) for cost in search.costs],
    }


def _rounded(cost: float | None) -> float | None:
    return None if cost is None else round(float(cost), DECIMALS)
