from __future__ import annotations

import re

import numpy as np
import pytest

from brachyresponse.dose import compute_dvh
from brachyresponse.pictures import comparison_chart, displacement_chart
from pictured_plan import pictured_implant


def test_plan_and_implant_share_a_colour_and_differ_in_dash() -> None:
    drawn = pictured_implant()
    dvhs = {"PTV": compute_dvh(drawn.dose.values, drawn.dose.grid, drawn.structures["PTV"])}
    chart = comparison_chart(dvhs, dvhs, 120.0, colours={"PTV": "#e0245e"})
    plan, implant = (
        re.search(rf"<path[^>]*><title>PTV, {what}[^<]*</title>", chart)[0] for what in ("plan", "implant")
    )
    assert 'stroke="#e0245e"' in plan
    assert 'stroke="#e0245e"' in implant
    assert "stroke-dasharray" in plan
    assert "stroke-dasharray" not in implant
    assert "prescription 120 Gy" in chart


def test_a_structure_without_a_plan_has_one_curve() -> None:
    drawn = pictured_implant()
    dvhs = {"PTV": compute_dvh(drawn.dose.values, drawn.dose.grid, drawn.structures["PTV"])}
    chart = comparison_chart({}, dvhs, 120.0, colours={"PTV": "#e0245e"})
    assert "PTV, implant" in chart
    assert "PTV, plan" not in chart


def test_displacements_are_dots_that_are_not_joined() -> None:
    chart = displacement_chart(np.array([1.0, 2, 4]), np.array([1.0, -2, np.nan]), np.array([1.0, 0, 2]))
    assert len(re.findall(r"<circle[^>]*r=\"3.5\"", chart)) == 2 + 2 + 3 + 3  # total, along, lateral, and the legend
    assert re.findall(r'<path d="([^"]*)"', chart) == ["", "", ""]


@pytest.mark.parametrize("count", [0, 1])
def test_few_displacements_are_drawn_too(count: int) -> None:
    assert displacement_chart(np.arange(count) + 1.0, np.zeros(count), np.zeros(count)).startswith("<svg")
