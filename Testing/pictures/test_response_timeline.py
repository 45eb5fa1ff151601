"""The time-line chart and the category strip: everything is there, inside the picture, and nothing covers another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

import invented_timeline
from brachyresponse.pictures.response_legend import WIDTH
from brachyresponse.pictures.response_plot import TimeAxis
from brachyresponse.pictures.response_strip import MOST_IN_A_ROW, category_strip
from brachyresponse.pictures.response_timeline import response_timeline, time_axis
from brachyresponse.report.markup import Markup
from brachyresponse.response.timeline import TimelineLimit, TimelineMark
from brachyresponse.response.vocabulary import Category

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: Markup) -> list[str]:
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}text")]


def test_possible_pseudoprogression_is_said_in_words() -> None:
    plain = invented_timeline.timeline()
    assert "possible pseudoprogression" in texts(response_timeline(plain))
    assert "possible pseudoprogression" not in texts(response_timeline(replace(plain, visits=plain.visits[:3])))


def test_a_category_that_deviates_from_its_criteria_is_marked_with_a_key() -> None:
    plain = invented_timeline.timeline()
    deviating = replace(plain, visits=tuple(replace(visit, is_deviating=True) for visit in plain.visits))
    shown = texts(response_timeline(deviating))
    assert {"PD†", "CR†", "†", "deviates from the criteria"} <= set(shown)
    assert not any("†" in text for text in texts(response_timeline(plain)))


def test_a_published_limit_of_ratios_is_a_line_inside_their_panel_with_its_name() -> None:
    plain = replace(invented_timeline.timeline(), perfusion_limit=None)
    limit = TimelineLimit(9.0, "below 9 it is absent", ())  # above every ratio: the panel makes room for it
    drawn = response_timeline(replace(plain, perfusion_limit=limit))
    lines = [line for line in ET.fromstring(drawn).iter(f"{SVG}line") if line.get("stroke-dasharray") == "1 3"]
    assert len(lines) == 2  # in the panel and in the legend
    before = ET.fromstring(response_timeline(plain)).iter(f"{SVG}line")
    assert not [line for line in before if line.get("stroke-dasharray") == "1 3"]
    bottom = max(
        float(line.get("y1", 0)) for line in ET.fromstring(drawn).iter(f"{SVG}line") if line.get("x1") == "66.0"
    )
    assert 0 < float(lines[0].get("y1", 0)) < bottom
    assert "below 9 it is absent" in texts(drawn)


def boxes_of_words(picture: Markup, words: set[str]) -> list[tuple[float, float, float]]:
    """The place (left, right, base line) of each text that is one of the words, by an average width of letters."""
    found = []
    for node in ET.fromstring(picture).iter(f"{SVG}text"):
        if node.text in words and node.get("font-size") == "12" and node.get("text-anchor") == "middle":
            x, half = float(node.get("x", 0)), 3.4 * len(node.text or "")
            found.append((x - half, x + half, float(node.get("y", 0))))
    return found


def test_sum_thresholds_ratios_markers_and_the_next_scan_are_named() -> None:
    shown = texts(response_timeline(invented_timeline.timeline()))
    wanted = {"Sum (mm²)", "nadir before the visit", "partial response", "progression", "early window", "rVp, Lesion"}
    assert wanted | {"new lesion", "next scan due 2027-05-27", "the reader's word"} <= set(shown)
    assert {"ratio", "µg/L", "mU/L", "Thyroglobulin", "TSH"} <= set(shown)


def test_every_category_stands_with_its_word_and_the_readers_beside() -> None:
    for picture in (response_timeline, category_strip):
        shown = texts(picture(invented_timeline.timeline()))
        assert set(map(str, Category)) <= set(shown)
        assert "SD*" in shown


def test_a_visit_without_a_sum_leaves_a_gap() -> None:
    tree = ET.fromstring(response_timeline(invented_timeline.timeline()))
    lines = [node for node in tree.iter(f"{SVG}path") if node.get("stroke-width") == "2.2"]
    assert [node.get("d", "").count("L") for node in lines] == [4, 1]  # five visits, the one without, two visits


@pytest.mark.parametrize("count", [2, 8, 24])
def test_categories_of_many_visits_do_not_cover_one_another(count: int) -> None:
    picture = response_timeline(invented_timeline.timeline(count))
    boxes = boxes_of_words(picture, {*map(str, Category), "SD*"})
    assert len(boxes) == count + (count > 4)
    for number, (left, right, y) in enumerate(boxes):
        assert left >= 0
        assert right <= WIDTH
        for other in boxes[number + 1 :]:
            assert y != other[2] or right <= other[0] or other[1] <= left


def test_twenty_treatments_stand_in_rows_of_their_own_within_the_picture() -> None:
    picture = response_timeline(invented_timeline.timeline(12, invented_timeline.marks(20)))
    names = [node for node in ET.fromstring(picture).iter(f"{SVG}text") if (node.text or "").startswith("Treatment")]
    assert len(names) == 20
    places = sorted((float(n.get("y", 0)), float(n.get("x", 0)), len(n.text or "")) for n in names)
    for (y, x, length), (next_y, next_x, _) in pairwise(places):
        assert y != next_y or x + 5.5 * length <= next_x
    assert all(x >= 0 and x + 6.2 * length <= WIDTH for _, x, length in places)


def test_a_treatment_of_years_ago_stands_at_the_edge_with_its_month() -> None:
    early = TimelineMark("External beam, 60 Gy", "external beam", date(2019, 2, 1), date(2019, 3, 15))
    shape = invented_timeline.timeline(4, (early,))
    assert time_axis(shape).first.year >= 2025
    assert "External beam, 60 Gy (2019-02)" in texts(response_timeline(shape))


def test_one_visit_alone_is_a_chart() -> None:
    alone = replace(invented_timeline.timeline(1), window=None, next_due=None, perfusion=(), serum=())
    assert "baseline" in texts(response_timeline(alone))


def test_a_strip_of_many_visits_is_in_rows() -> None:
    picture = category_strip(invented_timeline.timeline(2 * MOST_IN_A_ROW + 1))
    rows = re.findall(r"translate\(0 ([\d.]+)\)", picture)
    assert len(rows) == 3


@pytest.mark.parametrize("days", [20, 74, 80, 400, 3000, 20000])
def test_the_axis_has_a_few_round_days(days: int) -> None:
    first = date(2020, 1, 17)
    axis = TimeAxis(first, first + timedelta(days=days), 680.0)
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 9
    assert all(first <= day <= axis.last for day, _ in ticks)


def test_a_category_that_may_change_has_a_dashed_border() -> None:
    shape = invented_timeline.timeline(2)
    is_open = replace(shape, visits=tuple(replace(visit, is_imaging_only=True) for visit in shape.visits))
    for picture in (response_timeline, category_strip):
        assert 'rx="3" fill="#ced4dc" stroke="#1c2733" stroke-dasharray="4 3"' in picture(is_open)
        assert 'stroke-dasharray="4 3"' not in category_strip(shape)
    assert "from what is known" in texts(response_timeline(is_open))


def test_preliminary_progression_is_hatched_and_not_evaluable_is_dashed() -> None:
    picture = category_strip(invented_timeline.timeline())
    assert 'fill="url(#preliminary)"' in picture
    assert 'stroke-dasharray="4 3"' in picture
