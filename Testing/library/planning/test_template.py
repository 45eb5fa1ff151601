from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import Needle, StructureSurface, Template, TrackRule, needles_through, template_needles
from brachyresponse.planning.holes import hole_index, hole_label

ROUNDING_MM = 1e-6
directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


def egg() -> Structure:
    """Half-axes 14, 9 and 18 mm, on an oblique grid."""
    axes = np.linalg.qr(np.array([[1.0, 0.2, 0.1], [0.0, 1.0, 0.3], [0.1, 0.0, 1.0]]))[0]
    matrix = np.eye(4)
    matrix[:3, :3] = axes
    matrix[:3, 3] = axes @ [-20.0, -20.0, -20.0]
    grid = Grid((41, 41, 41), matrix)
    return Structure("egg", np.linalg.norm(grid.points_mm() / [14, 9, 18], axis=-1) < 1, grid)


EGG = egg()


def steps_from(origin_mm: np.ndarray, needles: tuple[Needle, ...], template: Template) -> np.ndarray:
    """Where needles lie across and up the lattice, in pitches."""
    entries = np.array([needle.entry_mm for needle in needles])
    return (entries - origin_mm) @ template.axes.T / template.pitch_mm


@settings(max_examples=40, deadline=None)
@given(directions, st.floats(4, 12), st.floats(4, 12))
def test_every_needle_is_parallel_on_the_lattice_and_crosses_the_target(
    direction: tuple[float, float, float], across_mm: float, up_mm: float
) -> None:
    template = Template(np.array(direction), (across_mm, up_mm), EGG.centre_mm)
    needles = needles_through(EGG, template)
    surface = StructureSurface(EGG)
    steps = steps_from(EGG.centre_mm, needles, template)
    np.testing.assert_allclose(steps, steps.round(), atol=ROUNDING_MM)
    for needle in needles:
        np.testing.assert_allclose(needle.direction, template.direction, atol=ROUNDING_MM)
        assert len(surface.intervals_mm(needle.entry_mm, needle.direction))
    assert len({needle.hole for needle in needles}) == len(needles)
    assert [needle.number for needle in needles] == list(range(1, len(needles) + 1))


@settings(max_examples=20, deadline=None)
@given(directions)
def test_no_track_through_the_target_is_left_out(direction: tuple[float, float, float]) -> None:
    template = Template(np.array(direction), (6.0, 6.0), EGG.centre_mm)
    found = {tuple(step) for step in steps_from(EGG.centre_mm, needles_through(EGG, template), template).round()}
    surface = StructureSurface(EGG)
    every = np.array(np.meshgrid(np.arange(-5, 6), np.arange(-5, 6))).reshape(2, -1).T
    crossing = {
        tuple(step.astype(float))
        for step in every
        if len(surface.intervals_mm(template.position_mm(step), template.direction))
    }
    assert found == crossing


def test_needles_begin_before_the_target_and_end_at_its_distal_edge(ball: Callable) -> None:
    (needle,) = template_needles(ball(radius_mm=4), direction=[0, -1, 0], pitch_mm=10, tracks=TrackRule(lead_in_mm=30))
    # A ball on 1 mm voxels with partial ones: its surface is known to a twentieth of a millimetre.
    np.testing.assert_allclose(needle.entry_mm, [0, 34, 0], atol=0.05)
    np.testing.assert_allclose(needle.tip_mm, [0, -4, 0], atol=0.05)


def test_the_tip_can_lie_beyond_the_target_or_before_its_edge(ball: Callable) -> None:
    target = ball(radius_mm=8)
    for beyond_mm in (-5.0, 3.0):
        rule = TrackRule(beyond_mm=beyond_mm)
        needle = template_needles(target, direction=[0, -1, 0], pitch_mm=20, tracks=rule)[0]
        assert needle.tip_mm[1] == pytest.approx(-8 - beyond_mm, abs=0.05)  # partial voxels of 1 mm


def test_needles_begin_at_the_skin_of_a_body(ball: Callable, box: Callable) -> None:
    body = box("body", (-40.0, -40.0, -40.0), (40.0, 37.0, 40.0))
    needles = template_needles(ball(), direction=[0, -1, 0], pitch_mm=10, tracks=TrackRule(body=body))
    np.testing.assert_allclose([needle.entry_mm[1] for needle in needles], 37.0, atol=ROUNDING_MM)


def test_a_needle_into_a_hollow_body_begins_at_the_outermost_skin(ball: Callable, box: Callable) -> None:
    body = box("body", (-40.0, -40.0, -40.0), (40.0, 40.0, 40.0))
    hollow = body.occupancy.copy()
    gap = (body.grid.points_mm()[..., 1] > 20) & (body.grid.points_mm()[..., 1] < 30)
    hollow[gap] = False
    rule = TrackRule(body=Structure("body", hollow, body.grid))
    needle = template_needles(ball(radius_mm=4), direction=[0, -1, 0], pitch_mm=20, tracks=rule)[0]
    assert needle.entry_mm[1] == pytest.approx(40.0, abs=ROUNDING_MM)


def test_a_body_cut_by_its_image_has_no_skin_there(ball: Callable) -> None:
    grid = Grid.covering([-40, -40, -25], [40, 40, 25], 1.0)
    points = grid.points_mm()
    body = Structure("body", np.hypot(points[..., 0], points[..., 1]) < 35, grid)
    template_needles(ball(), direction=[0, -1, 0], pitch_mm=10, tracks=TrackRule(body=body))
    with pytest.raises(PlanError, match="leaves the image inside 'body', so the skin is not in it"):
        template_needles(ball(), direction=[0, 0, 1], pitch_mm=10, tracks=TrackRule(body=body))


def test_a_target_at_the_skin_may_reach_out_a_little(box: Callable) -> None:
    body = box("body", (-40.0, -40.0, -40.0), (40.0, 20.0, 40.0))
    for front_mm, refused in ((21.0, False), (23.0, True)):
        target = box("GTV", (-5.0, 0.0, -5.0), (5.0, front_mm, 5.0))
        if refused:
            with pytest.raises(PlanError, match="does not lie inside 'body'"):
                template_needles(target, direction=[0, -1, 0], pitch_mm=20, tracks=TrackRule(body=body))
        else:
            (needle,) = template_needles(target, direction=[0, -1, 0], pitch_mm=20, tracks=TrackRule(body=body))
            assert needle.entry_mm[1] == pytest.approx(20.0, abs=ROUNDING_MM)


def test_a_body_that_does_not_hold_the_target_is_refused(ball: Callable, box: Callable) -> None:
    body = box("body", (-40.0, -40.0, -40.0), (40.0, 5.0, 40.0))
    with pytest.raises(PlanError, match="does not lie inside 'body'"):
        template_needles(ball(), direction=[0, -1, 0], pitch_mm=10, tracks=TrackRule(body=body))


def test_a_margin_adds_tracks_beside_the_target(ball: Callable) -> None:
    target = ball(radius_mm=9)
    holes = [
        len(template_needles(target, direction=[0, 0, 1], pitch_mm=10, tracks=TrackRule(margin_mm=margin_mm)))
        for margin_mm in (0.0, 1.5, 6.0)
    ]
    assert holes == [1, 5, 9]  # the centre; 4 neighbours at 10 mm; 4 on the diagonal at 14.1 mm


def test_short_chords_can_be_left_out(ball: Callable) -> None:
    rule = TrackRule(least_chord_mm=5.0)  # at 14.1 mm from the centre of a 15 mm ball the chord is 10 mm
    assert len(template_needles(ball(), direction=[0, 0, 1], pitch_mm=10, tracks=rule)) == 9
    rule = TrackRule(least_chord_mm=12.0)
    assert len(template_needles(ball(), direction=[0, 0, 1], pitch_mm=10, tracks=rule)) == 5


def test_holes_are_lettered_across_and_numbered_upward(ball: Callable) -> None:
    needles = template_needles(ball(), direction=[0, 0, 1], pitch_mm=10)
    assert [needle.hole for needle in needles] == ["A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3"]
    by_hole = {needle.hole: needle.tip_mm for needle in needles}
    # Transperineal: letters rise from the patient's right (R+) to the left, numbers towards anterior.
    assert by_hole["A1"][0] > by_hole["C1"][0]
    assert by_hole["A3"][1] > by_hole["A1"][1]


def test_a_printed_template_keeps_its_labels(ball: Callable) -> None:
    template = Template(np.array([0.0, 0.0, 1.0]), (10.0, 10.0), np.zeros(3), origin_hole="D4")
    by_hole = {needle.hole: needle for needle in needles_through(ball(), template)}
    np.testing.assert_allclose(by_hole["D4"].tip_mm[:2], [0, 0], atol=ROUNDING_MM)
    assert set(by_hole) == {f"{letter}{n}" for letter in "CDE" for n in (3, 4, 5)}
    with pytest.raises(PlanError, match="needs a hole 1 left of A and 0 below 1"):
        needles_through(ball(), Template(np.array([0.0, 0.0, 1.0]), (10.0, 10.0), np.zeros(3), origin_hole="A4"))


@given(st.integers(0, 2000), st.integers(0, 500))
def test_a_hole_is_found_by_its_label(across: int, up: int) -> None:
    assert hole_index(hole_label(across, up)) == (across, up)


def test_labels_read_like_a_template() -> None:
    assert [hole_label(n, 0) for n in (0, 25, 26, 27)] == ["A1", "Z1", "AA1", "AB1"]
    with pytest.raises(PlanError, match="'4C' is not a hole"):
        hole_index("4C")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"direction": [0, 0, 0], "pitch_mm": 5}, "direction of the template is .* with a length"),
        ({"direction": [0, 0, np.nan], "pitch_mm": 5}, "direction of the template"),
        ({"direction": [0, 0, 1], "pitch_mm": 0}, "pitch is .* positive distance"),
        ({"direction": [0, 0, 1], "pitch_mm": 0.01}, "holes over the target: give the pitch in mm"),
        ({"direction": [0, 0, 1], "pitch_mm": 5, "origin_mm": [0, np.nan, 0]}, "origin of the template is"),
        ({"direction": [0, 0, 1], "pitch_mm": 5, "up": [0, 0, 2]}, "parallel to its needles"),
        ({"direction": [0, 0, 1], "pitch_mm": 50, "origin_mm": [25, 25, 0]}, "No track of the .* crosses 'GTV'"),
    ],
)
def test_templates_that_make_no_sense_are_refused(arguments: dict, message: str, ball: Callable) -> None:
    with pytest.raises(PlanError, match=message):
        template_needles(ball(), **arguments)


def test_needles_that_would_have_no_length_are_refused(ball: Callable) -> None:
    rule = TrackRule(lead_in_mm=0, beyond_mm=-40)
    with pytest.raises(PlanError, match=r"tip .* mm before its entry"):
        template_needles(ball(), direction=[0, 0, 1], pitch_mm=10, tracks=rule)
    with pytest.raises(PlanError, match="the first three not negative"):
        TrackRule(margin_mm=-1)
