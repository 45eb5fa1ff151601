"""A small problem of inverse planning that is solved in a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, Template, parse_limit
from brachyresponse.planning.inverse import ImplantProblem, PlanDetails, TemplateTracks
from brachyresponse.sources import load_source

LIMIT = "Nerve:D0.1cc<=110%"


def small_anatomy() -> PlanAnatomy:
    """A target of 2.1 cc and a nerve of 0.5 cc beside it, on a grid of 2 mm."""
    grid = Grid.covering(np.full(3, -20.0), np.full(3, 20.0), 2.0)
    points = grid.points_mm()
    parts = {"GTV": ((0.0, 0.0, 0.0), 8.0), "Nerve": ((15.0, 0.0, 0.0), 5.0)}
    structures = {
        name: Structure(name, np.linalg.norm(points - np.array(centre), axis=-1) <= radius, grid)
        for name, (centre, radius) in parts.items()
    }
    return PlanAnatomy(structures, PlanRoles(gtv="GTV", ptv="GTV", limits=(parse_limit(LIMIT),)))


def small_problem(**fields: Any) -> ImplantProblem:
    """The problem: 120 Gy by seeds of 0.6 U through a template of 7 mm; other fields as given."""
    known: dict[str, Any] = {
        "anatomy": small_anatomy(),
        "source": load_source("amersham_6711"),
        "strengths_u": (0.6,),
        "prescription_gy": 120.0,
        "tracks": TemplateTracks(Template(np.array([0.0, 0.0, 1.0]), (7.0, 7.0), np.zeros(3))),
        "moves": 10,
        "details": PlanDetails("Small", "P-1", "1.2.3", datetime(2026, 3, 2, 12), date(2026, 3, 6)),
    }
    return ImplantProblem(**(known | fields))
