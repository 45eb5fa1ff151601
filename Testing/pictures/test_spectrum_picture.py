"""The picture of a spectrum: ppm runs to the left, every metabolite has its row, and a refused one says why."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

import pictured_evidence
from brachyresponse.pictures.chart_theme import LIGHT
from brachyresponse.pictures.spectrum_picture import LEFT, PLOT_WIDTH, SHOWN_PPM, WIDTH, spectrum_picture
from brachyresponse.report.markup import Markup

SVG = "{http://www.w3.org/2000/svg}"
WHY = "bound 55 % is above 20 %, and the line is wider than 10 Hz"


@pytest.fixture(scope="module")
def picture() -> Markup:
    return spectrum_picture(pictured_evidence.spectrum(refused={"Lac": WHY}))


def labels(picture: Markup) -> dict[str, ET.Element]:
    return {node.text or "": node for node in ET.fromstring(picture).iter(f"{SVG}text")}


def place_of(ppm: float) -> float:
    low, high = SHOWN_PPM
    return LEFT + (high - ppm) / (high - low) * PLOT_WIDTH


def test_peaks_are_named_where_they_lie_and_high_ppm_is_to_the_left(picture: Markup) -> None:
    named = labels(picture)
    for name in ("Cho", "NAA"):
        at, _ = pictured_evidence.LINES[name]
        assert float(named[name].get("x", 0)) == pytest.approx(LEFT - 8, abs=0.1)  # its row comes last
        over = next(n for n in ET.fromstring(picture).iter(f"{SVG}text") if n.text == name)
        assert float(over.get("x", 0)) == pytest.approx(place_of(at), abs=0.5)  # the grid of points is 0.0044 ppm
    assert float(named["4"].get("x", 0)) < float(named["1"].get("x", 0))


def test_lines_on_one_another_share_a_name_and_no_name_covers_another(picture: Markup) -> None:
    assert "(Lac), Lip13" in labels(picture) or "Lip13, (Lac)" in labels(picture)
    peaks = [n for n in ET.fromstring(picture).iter(f"{SVG}text") if n.get("text-anchor") == "middle" and n.get("y")]
    over = sorted((float(n.get("y", 0)), float(n.get("x", 0)), len(n.text or "")) for n in peaks)
    for (y, x, length), (next_y, next_x, next_length) in pairwise(over):
        assert y != next_y or x + 3.6 * length < next_x - 3.6 * next_length


def test_a_refused_metabolite_is_grey_and_dashed_with_its_reason_whole(picture: Markup) -> None:
    words = " ".join(" ".join(text for text in node.itertext()) for node in ET.fromstring(picture).iter(f"{SVG}text"))
    assert f"not used: {WHY}" in words
    assert labels(picture)["Lac"].get("fill") == LIGHT.quiet
    assert labels(picture)["NAA"].get("fill") == LIGHT.ink


def test_a_long_reason_is_cut_with_a_mark_and_given_whole_as_a_tool_tip() -> None:
    long = "the bound is above what is allowed, " * 6
    picture = spectrum_picture(pictured_evidence.spectrum(refused={"Lac": long}))
    assert " …" in picture
    assert long.strip() in picture


def test_an_inverted_line_points_down_in_its_row(picture: Markup) -> None:
    rows = [n for n in ET.fromstring(picture).iter(f"{SVG}path") if n.get("stroke-width") == "1.8"]
    lac = next(n for n in rows if n.get("stroke") == LIGHT.quiet)
    heights = [float(step.split()[1]) for step in lac.get("d", "").replace("M", "L").split("L")[1:]]
    assert max(heights) - heights[0] > heights[0] - min(heights)  # y grows downwards


def test_an_order_from_low_to_high_gives_the_same_picture(picture: Markup) -> None:
    plain = pictured_evidence.spectrum(refused={"Lac": WHY})
    turned = {name: getattr(plain, name)[::-1] for name in ("ppm", "measured", "fitted", "baseline", "residual")}
    components = {name: values[::-1] for name, values in plain.components.items()}
    again = type(plain)(plain.name, *turned.values(), components, plain.notes, plain.refused)
    assert spectrum_picture(again) == picture


def test_all_parts_have_a_legend_and_lie_within_the_picture(picture: Markup) -> None:
    assert {"measured", "fit", "baseline", "metabolite", "residual"} <= set(labels(picture))
    for node in ET.fromstring(picture).iter(f"{SVG}text"):
        if node.get("x") and node.get("text-anchor", "start") == "start":
            assert float(node.get("x", 0)) + 6.5 * len(node.text or "") < WIDTH


def test_a_spectrum_without_metabolites_is_drawn() -> None:
    plain = pictured_evidence.spectrum()
    alone = type(plain)("raw", plain.ppm, plain.measured, plain.fitted, plain.baseline, np.zeros_like(plain.ppm), {})
    assert "Chemical shift (ppm)" in labels(spectrum_picture(alone))
