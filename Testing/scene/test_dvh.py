"""Histograms in the scene: the library's curve, the marks of SlicerRT, one chart, updated in place."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

from brachyresponse.dose import Dvh, compute_dvh
from brachyresponse.geometry import Structure
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.dvh import DvhLook, read_dvh_table, write_dvhs
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts, set_plan_part
from brachyresponse.scene.plans import create_plan, delete_plan
from scene.building import oblique_grid

LOOKS = {"PTV": DvhLook((1.0, 0.2, 0.2), "Segment_1"), "Rectum": DvhLook((0.6, 0.4, 0.1), "Segment_2")}


def histograms(scale: float = 1.0) -> dict[str, Dvh]:
    """Histograms of two structures in a dose with a steep peak."""
    grid = oblique_grid((12, 12, 12))
    dose = np.random.default_rng(4).uniform(50, 250, grid.shape_kji).astype(np.float32) * scale
    dose[5, 5, 5] = 20_000
    masks = {name: np.zeros(grid.shape_kji, bool) for name in LOOKS}
    masks["PTV"][3:8, 3:8, 3:8] = masks["Rectum"][7:10, 2:9, 2:9] = True
    return {name: compute_dvh(dose, grid, Structure(name, mask, grid)) for name, mask in masks.items()}


@pytest.fixture
def plan(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    plan_node = create_plan(scene, "Plan A")
    set_plan_part(plan_node, PlanRole.DOSE, write_dose(np.ones((5, 6, 7)), oblique_grid(), scene, "Plan A dose"))
    return plan_node


def test_a_table_holds_the_curve_of_the_library_in_percent(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    dvhs = histograms()
    write_dvhs(dvhs, plan, LOOKS, 145.0)
    dose_gy, volume_percent = read_dvh_table(plan_parts(plan, PlanRole.DVH_TABLE)[0])
    np.testing.assert_array_equal(dose_gy, dvhs["PTV"].dose_gy)
    assert (dose_gy[0], volume_percent[0]) == (0.0, 100.0)
    assert np.all(np.diff(volume_percent) <= 0)
    for percent in (90, 50, 10):
        found = np.interp(-percent, -volume_percent, dose_gy)
        assert found == pytest.approx(dvhs["PTV"].d(percent), rel=0.01)  # steps of the curve


def test_near_seed_peaks_do_not_make_thousands_of_rows(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_dvhs(histograms(), plan, LOOKS, 145.0)
    table = plan_parts(plan, PlanRole.DVH_TABLE)[0]
    assert read_dvh_table(table)[0][-1] > 1000
    assert table.GetTable().GetNumberOfRows() < 1000


def test_a_table_carries_what_slicerrt_compares_histograms_by(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_dvhs(histograms(), plan, LOOKS, 145.0)
    table = plan_parts(plan, PlanRole.DVH_TABLE)[0]
    assert [table.GetColumnName(n) for n in range(2)] == ["Dose", "Volume"]
    assert table.GetAttribute("DoseVolumeHistogram.DVH") == "1"
    assert table.GetAttribute("DoseVolumeHistogram.SegmentID") == "Segment_1"
    assert float(table.GetAttribute("DoseVolumeHistogram.Volume (cc)")) == pytest.approx(0.469, abs=0.001)  # 125 voxels
    assert table.GetNodeReference("doseVolumeRef") is plan_part(plan, PlanRole.DOSE)


def test_the_chart_shows_each_structure_in_its_colour_and_the_prescription(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    chart = write_dvhs(histograms(), plan, LOOKS, 145.0)
    curves = [chart.GetNthPlotSeriesNode(n) for n in range(chart.GetNumberOfPlotSeriesNodes())]
    assert [curve.GetName() for curve in curves] == ["PTV (Plan A)", "Rectum (Plan A)", "Prescription (Plan A)"]
    assert [curve.GetColor() for curve in curves[:2]] == [look.colour for look in LOOKS.values()]
    assert (chart.GetXAxisTitle(), chart.GetYAxisTitle()) == ("Dose (Gy)", "Volume (%)")
    line_dose, line_volume = read_dvh_table(curves[2].GetTableNode())
    assert (line_dose.tolist(), line_volume.tolist()) == ([145.0, 145.0], [0.0, 100.0])
    assert curves[2].GetTableNode().GetAttribute("DoseVolumeHistogram.DVH") is None


def test_a_new_dose_changes_the_same_nodes_and_a_new_structure_makes_new_ones(
    plan: slicer.vtkMRMLScriptedModuleNode,
) -> None:
    chart = write_dvhs(histograms(), plan, LOOKS, 145.0)
    tables, count = plan_parts(plan, PlanRole.DVH_TABLE), plan.GetScene().GetNumberOfNodes()
    assert write_dvhs(histograms(1.1), plan, LOOKS, 160.0) is chart
    assert plan_parts(plan, PlanRole.DVH_TABLE) == tables
    assert plan.GetScene().GetNumberOfNodes() == count
    assert read_dvh_table(tables[0])[0][200] == pytest.approx(histograms(1.1)["PTV"].dose_gy[200])
    assert chart.GetXAxisRange()[1] == pytest.approx(480.0)
    only_ptv = {"PTV": histograms()["PTV"]}
    assert write_dvhs(only_ptv, plan, LOOKS, 145.0) is chart
    assert chart.GetNumberOfPlotSeriesNodes() == 2
    assert plan.GetScene().GetNumberOfNodesByClass("vtkMRMLTableNode") == 2


def test_deleting_the_plan_deletes_tables_curves_and_chart(plan: slicer.vtkMRMLScriptedModuleNode) -> None:
    write_dvhs(histograms(), plan, LOOKS, 145.0)
    scene = plan.GetScene()
    delete_plan(plan)
    for class_name in ("vtkMRMLTableNode", "vtkMRMLPlotSeriesNode", "vtkMRMLPlotChartNode"):
        assert scene.GetNumberOfNodesByClass(class_name) == 0
