"""Biological dose of plans of seeds and of a balloon, from the console: ranges, an earlier beam, volumes, chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.dose.biology import Exposure, bed_volume, load_tissue
from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Volume
from brachyresponse.scene.biology_report import biology_files, biology_markup
from brachyresponse.scene.dose_volume import read_dose
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.volumes import read_grid
from brachyresponse.sources import load_source
from scene.planner_case import COARSE, PlannerCase, add_planner_case
from scene_state import scene_state

RATE_OF_DECAY = Exposure.of(load_source("amersham_6711"))


@pytest.fixture
def case(scene: Any, logic: Any) -> PlannerCase:
    """Seeds laid by hand, with their dose."""
    case = add_planner_case(scene, logic)
    case.by_hand()
    logic.evaluatePlan(case.plan, COARSE["doseSpacingMm"], COARSE["doseMarginMm"])
    return case


def cells(table_node: Any, structure: str, metric: str) -> dict[str, str]:
    """The row of a metric, by column."""
    table = table_node.GetTable()
    names = [table.GetColumnName(column) for column in range(table.GetNumberOfColumns())]
    for row in range(table.GetNumberOfRows()):
        found = {name: table_node.GetCellText(row, column) for column, name in enumerate(names)}
        if (found["structure"], found["metric"]) == (structure, metric):
            return found
    raise AssertionError(f"no row {structure} {metric}")


def test_tissues_are_chosen_changed_and_left_out(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    assert [(row.structure, row.tissue) for row in logic.biology(plan)] == [("GTV", ""), ("Cord", "")]
    preset = logic.setBiology(plan, case.cord, "late_brain")
    assert "unverified" in preset.source or "read" in preset.source
    changed = logic.setBiology(plan, "Cord", alphaBetaGy="2.5 (2 - 4)")
    assert changed.alpha_beta_gy == "2.5 (2-4)"
    assert logic.biology(plan)[1] == changed
    assert logic.setBiology(plan, "Cord", alphaBetaGy="").alpha_beta_gy == preset.alpha_beta_gy
    for values, message in (
        ({"segment": "Lung", "tissue": "late_brain"}, "no target or organ 'Lung'"),
        ({"segment": "Cord", "tissue": "stone"}, "no tissue 'stone'"),
        ({"segment": "Cord", "alphaBetaGy": "big"}, "write it as 3"),
        ({"segment": "Cord", "colour": "3"}, "no parameter 'colour'"),
        ({"segment": "GTV", "alphaBetaGy": "3"}, "'GTV' has no tissue yet"),
        ({"segment": "Cord", "alphaPerGy": "0.3"}, "only one of"),
    ):
        before = scene_state(plan.GetScene())
        with pytest.raises(BrachyResponseError, match=message):
            logic.setBiology(plan, **values)
        assert scene_state(plan.GetScene()) == before
    logic.setBiology(plan, "Cord", "")
    assert logic.biology(plan)[1].tissue == ""
    assert set(logic.tissues()) >= {"glioma", "late_brain"}


def test_figures_are_ranges_and_say_when_they_no_longer_hold(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    with pytest.raises(BrachyResponseError, match="No tissue is chosen"):
        logic.computeBiology(plan)
    with pytest.raises(BrachyResponseError, match="has no histograms of BED: compute the biological dose first"):
        logic.showBedChart(plan)
    logic.setBiology(plan, "GTV", "glioma")
    table = logic.computeBiology(plan)
    found = cells(table, "GTV", "D90")
    assert float(found["bed low"]) < float(found["bed"]) < float(found["bed high"])
    d90 = cells(plan_part(plan, PlanRole.METRICS), "GTV", "D90")
    assert float(found["dose"]) == pytest.approx(float(d90["value"]), abs=0.06)  # of the tables' decimals
    assert any("not a verdict" in sentence for sentence in logic.biologySentences(plan))
    assert logic.biologyChart(plan).GetNumberOfPlotSeriesNodes() == 3
    assert logic.biologyState(plan) == ""
    logic.setBiology(plan, "Cord", "late_brain")
    segment = case.segmentation.GetSegmentation().GetSegment(case.cord)
    segment.SetName("GTV")
    with pytest.raises(BrachyResponseError, match="Two structures of plan 'Plan' have one name"):
        logic.computeBiology(plan)
    segment.SetName("Cord")
    logic.setBiology(plan, "Cord", "")
    assert biology_markup(plan)
    assert set(biology_files(plan)) == {"biology.csv", "biology_dvh.csv"}
    logic.setBiology(plan, "GTV", "glioma", alphaBetaGy="12")
    assert logic.biologyState(plan) == "the dose, the tissues or the earlier beam were changed"
    assert not biology_markup(plan)
    logic.setPrescription(plan, 100)
    assert logic.biologyState(plan) == "the plan was changed"
    with pytest.raises(BrachyResponseError, match="is out of date"):
        logic.computeBiology(plan)


def test_bed_and_eqd2_of_every_voxel_are_volumes_that_say_what_they_are(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    logic.setBiology(plan, "Cord", "late_brain")
    node = logic.bedVolume(plan, "Cord")
    dose_gy, grid = read_dose(logic.doseNode(plan))
    right = bed_volume(Volume("dose", dose_gy, grid, "Gy"), RATE_OF_DECAY, load_tissue("late_brain"))
    assert np.array_equal(slicer.util.arrayFromVolume(node), right.values)
    assert np.allclose(read_grid(node).ijk_to_ras, grid.ijk_to_ras)
    assert node.GetVoxelValueUnits().GetCodeMeaning() == "Gy"
    assert node.GetVoxelValueQuantity().GetCodeMeaning() == "Biologically effective dose"
    assert logic.bedVolume(plan) is node
    assert logic.eqd2Volume(plan) is not node
    view = plan.GetScene().AddNewNodeByClass("vtkMRMLSliceCompositeNode", "Red")
    logic.showBed(plan)
    assert view.GetForegroundVolumeID() == node.GetID()
    assert logic.bedShown(plan)
    logic.showBed(plan, False)
    assert not logic.bedShown(plan)


def test_an_earlier_beam_is_added_up_with_its_assumptions(case: PlannerCase) -> None:
    logic, plan = case.logic, case.plan
    logic.setBiology(plan, "Cord", "late_brain")
    logic.computeBiology(plan)
    alone = cells(logic.biologyTable(plan), "Cord", "D0.1cc")
    grid = read_grid(plan_part(plan, PlanRole.PLANNING_VOLUME))
    beam = slicer.util.addVolumeFromArray(np.full(grid.shape_kji, 50.0), ijkToRAS=grid.ijk_to_ras, name="Beam")
    logic.setEarlierBeam(plan, beam)
    with pytest.raises(BrachyResponseError, match="'Beam' has no number of fractions"):
        logic.computeBiology(plan)
    logic.setEarlierBeam(plan, beam, fractions=25, recoveredPercent=50)
    assert (logic.earlierBeam(plan), logic.earlierFractions(plan), logic.earlierRecovered(plan)) == (beam, 25, 50)
    table = logic.computeBiology(plan)
    total = cells(table, "Cord", "D0.1cc with earlier beam")
    # 25 fractions of 2 Gy are 50 Gy of EQD2 whatever the tissue, and half of it is left
    assert float(total["eqd2"]) == pytest.approx(float(alone["eqd2"]) + 25, abs=0.5)
    assert any("25 equal fractions" in sentence for sentence in logic.biologySentences(plan))
    with pytest.raises(BrachyResponseError, match="give a whole number from 1"):
        logic.setEarlierBeam(plan, beam, fractions=1000)
    with pytest.raises(BrachyResponseError, match="give 0 to 100 %"):
        logic.setEarlierBeam(plan, beam, recoveredPercent=120)
    with pytest.raises(BrachyResponseError, match="number of fractions of the earlier beam is 'many': give a number"):
        logic.setEarlierBeam(plan, beam, fractions="many")
    assert logic.earlierFractions(plan) == 25
    logic.setEarlierBeam(plan, None)
    assert logic.biologyState(plan) != ""


def test_a_balloon_has_the_biology_of_its_time_and_of_its_shell(scene: Any, logic: Any, tmp_path: Path) -> None:
    case = add_planner_case(scene, logic)
    plan = case.plan
    logic.setSourceKind(plan, "balloon")
    logic.setBalloon(plan, diameterMm=10, depthMm=5, activityMci=90)
    logic.evaluateBalloon(plan, 3.0, 6.0)
    assert logic.biology(plan)[0].segment == "Shell 5 mm"
    logic.setBiology(plan, "Shell 5 mm", "glioma")
    four_days = float(cells(logic.computeBiology(plan), "Shell 5 mm", "D90")["bed"])
    logic.setBalloon(plan, depthMm=6)
    assert logic.biology(plan)[0].structure == "Shell 6 mm"
    logic.setBalloon(plan, depthMm=5)
    assert float(cells(logic.biologyTable(plan), "Shell 5 mm", "D90")["dose"]) < four_days
