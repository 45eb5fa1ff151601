"""What misplaced seeds do to a plan: the dose of moved seeds, the errors that are drawn, and the figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.dose import StructureSamples, implant_dose
from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle, PlanAnatomy, PlanRoles
from brachyresponse.planning.inverse import assess_robustness
from brachyresponse.planning.inverse.robustness.placement_errors import PlacementErrors, draw_errors
from brachyresponse.planning.inverse.robustness.scenario_dose import scenario_dose_gy
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, load_source

SOURCE: Source = load_source("amersham_6711")
FEW = PlacementErrors(sd_mm=(2.0, 5.0))


@pytest.fixture(scope="module")
def anatomy(ball: Callable[..., Structure]) -> PlanAnatomy:
    parts = [ball("GTV", 10.0), ball("Nerve", 5.0, (0.0, 0.0, 18.0)), ball("Lens", 2.0, (0.0, 0.0, -16.0))]
    roles = PlanRoles(gtv="GTV", ptv="GTV", organs=("Nerve", "Lens"))
    return PlanAnatomy({part.name: part for part in parts}, roles)


@pytest.fixture(scope="module")
def plan(plan_of: Callable[..., ImplantPlan], straight_needle: Callable[..., Needle]) -> ImplantPlan:
    """Five needles with three seeds each and one free seed, a few per cent above the prescription."""
    places = [(0.0, 0.0), (-7.0, 0.0), (7.0, 0.0), (0.0, -7.0), (0.0, 7.0)]
    needles = tuple(straight_needle(number, x, z) for number, (x, z) in enumerate(places, start=1))
    positions = np.concatenate([needle.at([43.0, 50.0, 57.0]) for needle in needles])
    on_needles = Seeds(positions, np.tile([0.0, 1.0, 0.0], (15, 1)), 0.55, needle=np.repeat(range(1, 6), 3))
    free = Seeds(np.array([[3.0, 0.0, 3.0]]), np.array([[0.0, 0.0, 1.0]]), 0.55, axis_known=False)
    return plan_of(needles, on_needles.joined(free))


def test_one_implant_of_moved_seeds_has_the_histogram_of_the_full_computation(
    plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    drawn = draw_errors(plan, FEW, 1, random_seed=4)
    moved_mm = 3 * drawn.moved_mm
    grid = Grid.covering(np.full(3, -14.0), np.full(3, 14.0), 1.5)
    there = plan.seeds.positions_mm + moved_mm[0]
    implanted = replace(plan.seeds, positions_mm=there).select(~drawn.lost[0])
    expected = implant_dose(SOURCE, implanted, grid)
    points_mm = grid.points_mm().reshape(-1, 3)
    found = scenario_dose_gy(SOURCE, plan.seeds, points_mm, moved_mm, drawn.lost)[0]
    away = np.linalg.norm(points_mm[:, None] - implanted.positions_mm, axis=-1).min(axis=1)
    np.testing.assert_allclose(found[away > 2.5], expected.ravel()[away > 2.5], rtol=5e-3)  # as its text says
    samples = StructureSamples(anatomy.structures["GTV"], grid)
    ours, full = samples.dvh(found.reshape(grid.shape_kji)), samples.dvh(expected)
    assert ours.d(90) == pytest.approx(full.d(90), rel=1e-3)  # far below the doses beside the seeds
    assert ours.v(120) == pytest.approx(full.v(120), abs=0.05)


def test_the_figures_as_planned_are_those_of_the_plan(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    grid = Grid.covering(np.array([-14.0, -14.0, -20.0]), np.array([14.0, 14.0, 26.0]), 1.5)
    dose_gy = implant_dose(SOURCE, plan.seeds, grid)
    dvhs = {name: StructureSamples(one, grid).dvh(dose_gy) for name, one in anatomy.structures.items()}
    row = assess_robustness(plan, SOURCE, anatomy, scenarios=20, errors=FEW).rows[0]
    assert row.d90.as_found == pytest.approx(dvhs["GTV"].d(90), rel=0.02)  # a dose interpolated on 1.5 mm
    assert row.v100.as_found == pytest.approx(dvhs["GTV"].v(120), abs=0.5)
    assert row.organs["Nerve"].label == "D0.1cc"
    assert row.organs["Nerve"].as_found == pytest.approx(dvhs["Nerve"].d_cc(0.1), rel=0.02)


def test_larger_errors_cost_dose_and_a_sure_implant_is_as_planned(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    none_lost = PlacementErrors(sd_mm=(0.0, 2.0, 5.0), lost_seeds=0)
    found = assess_robustness(plan, SOURCE, anatomy, scenarios=30, errors=none_lost)
    sure, small, large = found.rows
    assert sure.d90.low == pytest.approx(sure.d90.as_found)
    assert sure.d90.high == pytest.approx(sure.d90.as_found)
    assert large.d90.low < small.d90.low < sure.d90.low
    assert large.v100.median < small.v100.median
    assert small.meets_prescription >= large.meets_prescription


def test_a_lost_seed_costs_dose(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    rows = [
        assess_robustness(
            plan, SOURCE, anatomy, scenarios=20, errors=PlacementErrors(sd_mm=(0.0,), lost_seeds=lost)
        ).rows[0]
        for lost in (1, 4)
    ]
    assert rows[1].d90.high < rows[0].d90.low < rows[0].d90.as_found


def test_the_same_number_gives_the_same_figures_and_all_sizes_move_the_same_seeds(
    plan: ImplantPlan, anatomy: PlanAnatomy
) -> None:
    first, again, other = (
        assess_robustness(plan, SOURCE, anatomy, scenarios=20, errors=FEW, random_seed=seed) for seed in (1, 1, 2)
    )
    assert first.rows == again.rows
    assert first.rows[0].d90.low != other.rows[0].d90.low


def test_seeds_move_more_along_their_needle_than_across_and_together_as_far_as_is_said(plan: ImplantPlan) -> None:
    errors = PlacementErrors(across=0.4, shared_by_needle=0.5)
    drawn = draw_errors(plan, errors, 4000, random_seed=0)
    along, across = drawn.moved_mm[:, :15, 1], drawn.moved_mm[:, :15, 0]
    assert along.std() == pytest.approx(0.99, abs=0.02)  # 1, less what lies beyond three standard deviations
    assert across.std() == pytest.approx(0.4, abs=0.01)
    assert np.corrcoef(along[:, 0], along[:, 1])[0, 1] == pytest.approx(0.5, abs=0.05)  # 4000 implants: sd 0.012
    assert np.corrcoef(along[:, 0], along[:, 3])[0, 1] == pytest.approx(0.0, abs=0.05)
    assert drawn.moved_mm[:, 15, 2].std() == pytest.approx(0.99, abs=0.03)  # a free seed: along its own axis
    assert drawn.lost.sum(axis=1).tolist() == [1] * 4000
    assert drawn.lost.any(axis=0).all()


def test_the_table_and_the_sentence_say_what_was_drawn(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    found = assess_robustness(plan, SOURCE, anatomy, scenarios=20, errors=FEW)
    table = found.as_table()
    assert [row[2] for row in table.rows[:4]] == ["D90 meets the prescription", "D90", "V100", "D0.1cc"]
    assert {row[0] for row in table.rows} == {"2", "5"}
    assert "20 implants of each size" in found.sentence
    assert "Lens: too small for a figure." in found.sentence
    assert "D90 meets the prescription in" in found.rows[0].sentence


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sd_mm": ()}, "No error of seed placement"),
        ({"sd_mm": (50.0,)}, "is 50 mm: give 0 to 30 mm"),
        ({"across": 1.5}, "across is 1.5; give a share from 0 to 1"),
        ({"lost_seeds": -1}, "-1 seeds cannot be lost"),
    ],
)
def test_errors_that_cannot_be_are_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        PlacementErrors(**fields)


def test_a_plan_that_cannot_be_tested_is_refused(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    with pytest.raises(PlanError, match="has no seeds that could be misplaced"):
        assess_robustness(replace(plan, seeds=Seeds.none()), SOURCE, anatomy)
    with pytest.raises(PlanError, match="16 seeds: 16 of them cannot be lost"):
        assess_robustness(plan, SOURCE, anatomy, errors=PlacementErrors(lost_seeds=16))
    with pytest.raises(PlanError, match="made for the target 'Elsewhere'"):
        assess_robustness(replace(plan, target="Elsewhere"), SOURCE, anatomy)
    with pytest.raises(PlanError, match="over 3 implants is not computed: give 20"):
        assess_robustness(plan, SOURCE, anatomy, scenarios=3)


def test_a_test_can_be_cancelled(plan: ImplantPlan, anatomy: PlanAnatomy) -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        assess_robustness(plan, SOURCE, anatomy, report=cancel)
