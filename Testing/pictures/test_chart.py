from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.pictures import Axis, Curve, Line, line_chart

SVG = "{http://www.w3.org/2000/svg}"


def chart_of(*curves: Curve, lines: tuple[Line, ...] = ()) -> ET.Element:
    return ET.fromstring(line_chart(curves, Axis("Dose (Gy)", 0, 300), Axis("Volume (%)", 0, 100), lines=lines))


def ramp(name: str, **look: object) -> Curve:
    x = np.linspace(0, 300, 2001)
    return Curve(name, x, 100 - x / 3, "#123456", **look)  # type: ignore[arg-type]


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e5))
def test_ticks_are_round_and_lie_within_the_axis(lower: float, span: float) -> None:
    axis = Axis("x", lower, lower + span)
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 9
    room = 1e-6 * max(span, abs(lower))
    assert all(lower - room <= tick <= lower + span + room for tick in ticks)


def test_a_chart_is_well_formed_and_names_its_axes_and_curves() -> None:
    chart = chart_of(ramp("PTV <1>"), ramp("Rectum"))
    texts = [text.text or "" for text in chart.iter(f"{SVG}text")]
    assert {"Dose (Gy)", "Volume (%)", "PTV <1>", "Rectum"} <= set(texts)


def test_curves_end_at_the_plot_s_edge_and_lose_hidden_points() -> None:
    path = next(iter(chart_of(ramp("PTV")).iter(f"{SVG}path"))).get("d", "")
    points = np.array(re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path), float)
    assert len(points) <= 602
    assert points[0, 1] < points[-1, 1]  # from 100 % on top to 0 % below


def test_a_gap_in_the_data_is_a_gap_in_the_curve() -> None:
    x = np.arange(5.0)
    curve = Curve("gap", x, np.array([1.0, 2.0, np.nan, 4.0, 5.0]), "#000000")
    path = next(iter(chart_of(curve).iter(f"{SVG}path"))).get("d", "")
    assert path.count("M") == 2
    assert "nan" not in path


def test_curves_are_told_apart_without_colour() -> None:
    chart = chart_of(ramp("one"), ramp("two", dash="7 3"))
    assert [path.get("stroke-dasharray") for path in chart.iter(f"{SVG}path")] == [None, "7 3"]


def test_measurements_are_marked_with_dots() -> None:
    curve = Curve("size", np.array([1.0, 2.0]), np.array([10.0, np.nan]), "#000000", points=True)
    assert len(list(chart_of(curve).iter(f"{SVG}circle"))) == 1


@pytest.mark.parametrize("value", [0.0, 145.0, 300.0])
def test_the_label_of_a_line_stays_within_the_picture(value: float) -> None:
    chart = chart_of(ramp("PTV"), lines=(Line(value, "prescription 145 Gy"),))
    label = next(text for text in chart.iter(f"{SVG}text") if text.text == "prescription 145 Gy")
    half = 0.56 * 13 * len("prescription 145 Gy") / 2
    assert float(label.get("x", "nan")) - half >= 0
    assert float(label.get("x", "nan")) + half <= 760


def test_a_level_is_drawn_across_the_plot() -> None:
    chart = chart_of(ramp("PTV"), lines=(Line(90, "90 %", vertical=False),))
    assert any(text.text == "90 %" for text in chart.iter(f"{SVG}text"))


def test_a_long_name_is_cut_in_the_legend_and_whole_in_its_tool_tip() -> None:
    name = "a structure whose name goes on for much longer than the legend is wide"
    chart = chart_of(ramp(name))
    texts = [text.text or "" for text in chart.iter(f"{SVG}text")]
    assert name not in texts
    assert any(text.endswith("…") for text in texts)
    assert name in [title.text for title in chart.iter(f"{SVG}title")]
