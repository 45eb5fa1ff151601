"""Metrics of plan and implant side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from brachyresponse.geometry import Grid
from brachyresponse.planning import PlanAnatomy, PlanRoles, load_profile
from brachyresponse.verification import (
    CARRIED_STAMP,
    ComparedRole,
    MetricComparison,
    comparison_table,
    dvh_comparison_table,
    verify_implant,
)

GRID = Grid.covering([-24, -24, -24], [24, 24, 24], 2.0)


def test_the_targets_metrics_are_those_of_both_evaluations(request_of: Callable, anatomy_of: Callable) -> None:
    anatomy = anatomy_of(ptv="PTV")
    verification = verify_implant(request_of(plan_anatomy=anatomy, implant_anatomy=anatomy, implant_grid=GRID))
    rows = {(row.role, row.id): row for row in verification.comparison}
    for role, name in ((ComparedRole.GTV, "GTV"), (ComparedRole.PTV, "PTV")):
        for metric in ("volume", "d90", "d100", "v100", "v150", "v200", "hi", "ci"):
            row = rows[role, metric]
            assert row.structure == name
            assert row.plan == verification.plan.metric(name, metric).value
            assert row.implant == verification.implant.metric(name, metric).value
    assert rows[ComparedRole.ORGAN, "d0_1cc"].structure == "Cord"


def test_targets_are_brought_together_by_their_role_and_not_their_name(
    request_of: Callable, anatomy_of: Callable, a_ball: Callable
) -> None:
    structures = {"Tumour after": a_ball("Tumour after", 10.0)}
    after = PlanAnatomy(structures, PlanRoles(gtv="Tumour after"))
    verification = verify_implant(request_of(implant_anatomy=after, implant_grid=GRID))
    d90 = verification.metric("Tumour after", "d90")
    assert d90.plan == verification.plan.metric("GTV", "d90").value
    assert d90.difference > 0  # the same seeds, a smaller target
    cord = verification.metric("Cord", "mean")
    assert (cord.implant, cord.difference, cord.note) == (None, None, "implant: not known there")


def test_a_structure_goes_by_the_name_of_its_role(request_of: Callable, a_ball: Callable) -> None:
    after = PlanAnatomy({"GTV": a_ball("drawn on day 1", 10.0)}, PlanRoles(gtv="GTV"))
    verification = verify_implant(request_of(implant_anatomy=after, implant_grid=GRID, carried_structures=("GTV",)))
    for rows in (verification.comparison[:17], verification.point_implant):
        assert {(row.structure, row.stamp) for row in rows} == {("GTV", CARRIED_STAMP)}


def test_a_target_that_is_gtv_and_ptv_is_compared_once(request_of: Callable, anatomy_of: Callable) -> None:
    anatomy = anatomy_of(ptv="GTV")
    verification = verify_implant(request_of(plan_anatomy=anatomy, implant_anatomy=anatomy, implant_grid=GRID))
    roles = {row.role for row in verification.comparison if row.structure == "GTV"}
    assert roles == {ComparedRole.GTV_AND_PTV}
    assert len([row for row in verification.comparison if row.id == "d90"]) == 1


@pytest.mark.parametrize(
    ("plan", "implant", "difference", "percent"),
    [(100.0, 90.0, -10.0, -10.0), (None, 90.0, None, None), (100.0, None, None, None), (0.0, 5.0, 5.0, None)],
)
def test_a_difference_needs_both_values(
    plan: float | None, implant: float | None, difference: float | None, percent: float | None
) -> None:
    row = MetricComparison(ComparedRole.GTV, "GTV", "d90", "D90", "Gy", plan, implant)
    assert (row.difference, row.percent) == (difference, percent)


def test_the_skins_dose_is_compared_where_the_profile_asks_for_it(request_of: Callable, anatomy_of: Callable) -> None:
    anatomy = anatomy_of(body="Body")
    fields = {"plan_anatomy": anatomy, "profile": load_profile("neck_node")}
    wide = Grid.covering([-50, -50, -50], [50, 50, 50], 2.5)
    verification = verify_implant(request_of(**fields, plan_grid=wide, implant_grid=wide, implant_anatomy=None))
    skin = verification.metric("Skin (2 mm under Body)", "d0_1cc")
    assert skin.plan == verification.plan.dvhs["Skin (2 mm under Body)"].d_cc(0.1)
    assert skin.implant == pytest.approx(skin.plan, rel=1e-6)
    assert (skin.role, skin.stamp) == (ComparedRole.ORGAN, CARRIED_STAMP)
    assert verification.implant.findings == ()
    columns = dvh_comparison_table(verification).columns
    assert f"implant Skin (2 mm under Body) (cc; {CARRIED_STAMP})" in columns


def test_without_an_oedema_model_there_is_no_column_for_it(request_of: Callable) -> None:
    table = comparison_table(verify_implant(request_of(implant_grid=GRID)))
    assert not any("oedema" in column for column in table.columns)
