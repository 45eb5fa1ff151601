"""The ADC histogram: each part has a curve and its percentiles, in numbers and where they lie."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

import pictured_evidence
from brachyresponse.pictures.diffusion_histogram import BOX, WIDTH, diffusion_histogram
from brachyresponse.report.markup import Markup

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture() -> Markup:
    return diffusion_histogram(pictured_evidence.histogram())


def texts(picture: Markup) -> list[str]:
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}text")]


def test_every_part_is_named_with_its_percentiles(picture: Markup) -> None:
    shown = texts(picture)
    assert {"Lesion", "Enhancing part", "Core", "White matter"} <= set(shown)
    assert "5th 722, 10th 817, median 1150, 90th 1483" in shown


def test_the_reference_is_an_area_behind_the_lines(picture: Markup) -> None:
    paths = list(ET.fromstring(picture).iter(f"{SVG}path"))
    assert paths[0].get("fill-opacity") == "0.35"
    assert [path.get("stroke-dasharray") for path in paths[1:]] == [None, "8 3", "2 3"]


def test_the_median_lies_at_its_value_on_the_axis(picture: Markup) -> None:
    tree = ET.fromstring(picture)
    medians = [float(n.get("x1", 0)) for n in tree.iter(f"{SVG}line") if n.get("stroke-width") == "4"]
    tick = {n.text: float(n.get("x", 0)) for n in tree.iter(f"{SVG}text") if n.get("text-anchor") == "middle"}
    per_unit = (tick["1500"] - tick["1000"]) / 500
    assert medians[0] == pytest.approx(tick["1000"] + 150 * per_unit, abs=0.2)


def test_empty_bins_at_the_ends_are_not_shown(picture: Markup) -> None:
    ticks = [float(text) for text in texts(picture) if text.isdigit() and int(text) >= 200]
    assert max(ticks) < 2600


def test_a_percentile_outside_the_range_is_marked_at_its_edge() -> None:
    part = replace(pictured_evidence.histogram_part("Lesion", 900, 80), percentiles={5.0: 100.0, 50.0: np.nan})
    picture = diffusion_histogram([part])
    lines = [n for n in ET.fromstring(picture).iter(f"{SVG}line") if n.get("stroke-width") == "1.4"]
    assert [float(n.get("x1", 0)) for n in lines] == [BOX.left]
    assert "nan" not in picture


def test_texts_lie_within_the_picture_and_no_parts_give_no_picture(picture: Markup) -> None:
    for node in ET.fromstring(picture).iter(f"{SVG}text"):
        if node.get("text-anchor") == "end":
            assert float(node.get("x", 0)) <= WIDTH
    assert diffusion_histogram([]) == ""
