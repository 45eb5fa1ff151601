"""The bar of the answer and the chart of its sensitivity: bars lie where the numbers are, and all text is inside."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

import pictured_evidence
from brachyresponse.pictures.chart_theme import DARK, LIGHT, ChartTheme
from brachyresponse.pictures.evidence_bar import BOX, HEIGHT, NO_BAR, WIDTH, evidence_bar
from brachyresponse.pictures.evidence_sensitivity import sensitivity_chart
from brachyresponse.report.markup import Markup

SVG = "{http://www.w3.org/2000/svg}"
PRIOR = pictured_evidence.PRIOR


def rectangles(picture: Markup, colour: str) -> list[tuple[float, float]]:
    """Left and right end in percent of each bar of a colour."""
    found = [node for node in ET.fromstring(picture).iter(f"{SVG}rect") if node.get("fill") == colour]
    ends = [(float(node.get("x", 0)), float(node.get("x", 0)) + float(node.get("width", 0))) for node in found]
    return [tuple((end - BOX.left) / BOX.width * 100 for end in pair) for pair in ends]  # type: ignore[misc]


def texts(picture: Markup) -> str:
    return " ".join(text for node in ET.fromstring(picture).iter(f"{SVG}text") for text in node.itertext())


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_bar_lies_where_the_interval_is_and_changes_colour_at_50_percent(theme: ChartTheme) -> None:
    picture = evidence_bar((0.25, 0.65, 0.89), PRIOR, theme=theme)
    places = [rectangles(picture, colour)[1] for colour in (theme.necrosis, theme.recurrence)]  # the first is the prior
    for found, expected in zip(places, [(25, 50), (50, 89)], strict=True):
        assert found == pytest.approx(expected, abs=0.05)  # a tenth of a pixel


def test_a_bar_on_one_side_has_one_colour() -> None:
    assert len(rectangles(evidence_bar((0.69, 0.89, 0.97), PRIOR), LIGHT.necrosis)) == 1
    assert len(rectangles(evidence_bar((0.02, 0.09, 0.28), PRIOR), LIGHT.recurrence)) == 1


def test_without_an_interval_the_bar_says_so_and_the_prior_stays() -> None:
    picture = evidence_bar(None, PRIOR)
    assert NO_BAR in texts(picture)
    assert len(rectangles(picture, LIGHT.necrosis)) == len(rectangles(picture, LIGHT.recurrence)) == 1
    assert "Evidence: none." in texts(picture)


def test_no_number_is_larger_than_the_words() -> None:
    picture = evidence_bar((0.69, 0.89, 0.97), PRIOR)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', picture)]
    assert max(sizes) == 13
    assert "69 to 97 %, middle 89 %" in texts(picture)
    assert {"◀ radiation necrosis", "recurrence ▶"} <= {node.text for node in ET.fromstring(picture).iter(f"{SVG}text")}


def test_every_line_of_the_bar_lies_within_it() -> None:
    picture = evidence_bar((0.001, 0.5, 0.999), PRIOR)
    for node in ET.fromstring(picture).iter(f"{SVG}tspan"):
        assert float(node.get("x", 0)) + 0.5 * 11.5 * len(node.text or "") <= WIDTH
        assert float(node.get("y", 0)) <= HEIGHT


def test_the_chart_has_a_curve_a_weight_and_dots_at_the_chosen_prior() -> None:
    priors, probability = pictured_evidence.grid_of_probability()
    picture = sensitivity_chart(priors, (0.0, 0.5, 1.0), probability, PRIOR)
    tree = ET.fromstring(picture)
    curves = {node.get("stroke-dasharray", "") for node in tree.iter(f"{SVG}path") if node.get("stroke") != LIGHT.quiet}
    assert curves == {"", "9 4", "2 3"}
    dots = [(float(node.get("cx", 0)), float(node.get("cy", 0))) for node in tree.iter(f"{SVG}circle")]
    assert [y for _, y in dots] == sorted((y for _, y in dots), reverse=True)  # more weight, higher
    at_half = [100 * ratio / (1 + ratio) for ratio in (4.2, 8.6, 17.0)]
    assert [(284 - y) / 2.5 for _, y in dots] == pytest.approx(at_half, abs=0.05)
    said = texts(picture)
    for words in ("chosen prior", "recurrence more likely", "weight 0 of further markers: the first marker alone"):
        assert words in said


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_classes_differ_in_grey_and_ink_stands_out_from_paper(theme: ChartTheme) -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255  # luma of ITU-R BT.601

    assert abs(grey(theme.necrosis) - grey(theme.recurrence)) > 0.25
    assert abs(grey(theme.ink) - grey(theme.paper)) > 0.6
    for colour in theme.series:
        assert abs(grey(colour) - grey(theme.paper)) > 0.35
