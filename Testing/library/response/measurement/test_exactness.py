"""The diameters against plain searches that try everything, on small outlines with bays and holes."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.chords import LesionSlice
from brachyresponse.response.measurement.outline import Outline, trace_outline
from brachyresponse.response.measurement.perpendicular import longest_perpendicular
from lesion_solids import ragged
from segments_inside import even_odd, outside_by_mm

PIXEL_MM = np.array([1.0, 0.7])
SEEDS = [0, 2, 4, 9, 11]  # in these, longer segments leave the lesion


def a_slice(seed: int) -> LesionSlice:
    mask = ragged(seed, (1, 13, 14))[0]
    mask[5:8, 6:8] = False  # a hole or a bay in all of them
    return LesionSlice(mask, PIXEL_MM)


def loops_of(outline: Outline) -> list[np.ndarray]:
    return [outline.points_mm[loop] for loop in outline.loops]


def points_along(outline: Outline, parts: int) -> np.ndarray:
    """Points on all edges."""
    shares = np.arange(parts) / parts
    start, end = outline.points_mm, outline.points_mm[outline.following]
    return (start[:, None] + shares[:, None] * (end - start)[:, None]).reshape(-1, 2)


def longest_by_trying(outline: Outline, parts: int = 8) -> float:
    """The longest segment between many points of the outline whose inner points are all inside, the longest first."""
    points, loops = points_along(outline, parts), loops_of(outline)
    one, other = np.triu_indices(len(points), 1)
    length = np.linalg.norm(points[one] - points[other], axis=1)
    shares = np.linspace(0, 1, 42)[1:-1]
    order = np.argsort(-length)
    for some in np.array_split(order, len(order) // 400 + 1):
        start, along = points[one[some]], points[other[some]] - points[one[some]]
        between = (start[:, None] + shares[:, None] * along[:, None]).reshape(-1, 2)
        inside = even_odd(between, loops).reshape(len(some), -1).all(axis=1)
        for n in some[inside]:
            if outside_by_mm(np.stack([points[one[n]], points[other[n]]]), loops, 400) < 1e-3:
                return float(length[n])
    return 0.0


def perpendicular_by_trying(outline: Outline, chord: Chord, steps: int = 2001) -> float:
    """The longest perpendicular at many places of a chord, from every crossing with every edge."""
    along = (chord.end_mm - chord.start_mm) / chord.length_mm
    across = np.array([-along[1], along[0]])
    relative = outline.points_mm - chord.start_mm
    place, height = relative @ along, relative @ across
    longest = 0.0
    for here in np.linspace(0, chord.length_mm, steps)[1:-1]:
        spans = (place < here) != (place[outline.following] < here)
        begin, end = place[spans], place[outline.following][spans]
        low, high = height[spans], height[outline.following][spans]
        crossing = np.sort(low + (here - begin) / (end - begin) * (high - low))
        intervals = crossing.reshape(-1, 2)  # in and out in turn
        holding = intervals[(intervals[:, 0] <= 2e-3) & (intervals[:, 1] >= -2e-3)]
        longest = max(longest, float((holding[:, 1] - holding[:, 0]).max(initial=0.0)))
    return longest


@pytest.mark.parametrize("seed", SEEDS)
def test_the_longest_diameter_is_that_of_a_search_through_everything(seed: int) -> None:
    region = a_slice(seed)
    found = region.longest_chords()[0]
    tried = longest_by_trying(region.outline)
    assert found.length_mm > tried - 5e-3  # the search tolerates a little more outside
    assert found.length_mm < tried + 0.2  # it tries the eighths of edges, and may fall short by one at either end
    assert outside_by_mm(np.stack([found.start_mm, found.end_mm]), loops_of(region.outline)) < 2e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_perpendicular_is_that_of_a_search_through_everything(seed: int) -> None:
    region = a_slice(seed)
    for chord in region.longest_chords():
        found = longest_perpendicular(region.outline, chord)
        assert found.length_mm == pytest.approx(perpendicular_by_trying(region.outline, chord), abs=0.02)  # its steps
        assert outside_by_mm(np.stack([found.start_mm, found.end_mm]), loops_of(region.outline)) < 5e-3


def test_no_slice_holds_a_longer_diameter_than_its_outline_is_wide() -> None:
    region = a_slice(3)
    points = region.outline.points_mm
    widest = np.linalg.norm(points[:, None] - points, axis=-1).max()
    assert region.longest_chords()[0].length_mm <= widest + 1e-9
    assert region.longest_chords(longer_than_mm=widest + 1) == []


def test_the_outline_goes_left_round_the_region_and_right_round_its_holes() -> None:
    mask = np.zeros((20, 20), bool)
    mask[3:17, 3:17] = True
    mask[8:12, 8:12] = False
    outline = trace_outline(mask, np.ones(2))
    areas = []
    for loop in loops_of(outline):
        x, y = loop.T
        areas.append(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
    assert sorted(areas) == pytest.approx([-16, 196], abs=2.0)  # corners cut off by less than half a pixel each


def test_diagonal_neighbours_hang_together() -> None:
    outline = trace_outline(np.array([[1, 0], [0, 1]], bool), np.ones(2))
    assert len(outline.loops) == 1
