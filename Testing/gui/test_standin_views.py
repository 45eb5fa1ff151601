"""Views, charts and screenshots of the stand-in: the scene drawn by Slicer's own displayable managers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from slicer_standin.layout import LayoutManager
    from slicer_standin.views import SliceView, ThreeDView


def colours_of(path: Path) -> np.ndarray:
    """The picture as (height, width, 3) numbers 0..255."""
    from PySide6.QtGui import QImage

    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def has_colour(path: Path, red: int, green: int, blue: int) -> bool:
    """Whether at least twenty pixels are within 30 of a colour."""
    distance = np.abs(colours_of(path) - (red, green, blue)).max(axis=2)
    return bool((distance < 30).sum() > 20)


@pytest.fixture
def ball(scene: Any) -> Any:
    """A bright ball of 20 mm radius at the origin, in a dark volume of 80 mm."""
    import slicer

    k, j, i = np.mgrid[:40, :40, :40]
    inside = (k - 20) ** 2 + (j - 20) ** 2 + (i - 20) ** 2 < 10**2
    ijk_to_ras = np.diag([2.0, 2.0, 2.0, 1.0])
    ijk_to_ras[:3, 3] = -40
    return slicer.util.addVolumeFromArray(inside * 100.0, ijkToRAS=ijk_to_ras, name="Ball")


@pytest.fixture
def red_seeds(scene: Any) -> Any:
    import slicer

    seeds = scene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", "Seeds")
    seeds.CreateDefaultDisplayNodes()
    slicer.util.updateMarkupsControlPointsFromArray(seeds, np.array([[0.0, 0, 0], [10, 5, 0]]))
    display = seeds.GetDisplayNode()
    display.SetSelectedColor(1, 0, 0)
    display.SetUseGlyphScale(False)
    display.SetGlyphSize(6)
    display.SetPointLabelsVisibility(False)
    return seeds


@pytest.fixture
def a_chart(scene: Any) -> Any:
    import slicer

    nodes: dict[str, Any] = {}
    line = np.column_stack([np.linspace(0, 10, 20), np.linspace(100, 0, 20)])
    slicer.util.plot(line, 0, ["Dose", "PTV"], title="DVH", show=False, nodes=nodes)
    nodes["series"][0].SetColor(1, 0, 0)
    nodes["series"][0].SetLineWidth(4)
    return nodes["chart"]


def test_a_slice_view_shows_the_volume(a_slice_view: SliceView, ball: Any, tmp_path: Path) -> None:
    a_slice_view.show(ball)
    path = a_slice_view.render(tmp_path / "slice.png")
    picture = colours_of(path)
    assert picture.shape == (400, 400, 3)
    assert picture[200, 200].min() > 200
    assert picture[30, 200].max() < 50


def test_a_slice_view_follows_the_scene_between_two_pictures(
    a_slice_view: SliceView, ball: Any, red_seeds: Any, tmp_path: Path
) -> None:
    a_slice_view.show(ball)
    a_slice_view.jump_to((0, 0, 0))
    assert has_colour(a_slice_view.render(tmp_path / "seeds.png"), 255, 0, 0)
    red_seeds.GetDisplayNode().SetVisibility(False)
    assert not has_colour(a_slice_view.render(tmp_path / "no_seeds.png"), 255, 0, 0)


def test_a_slice_view_without_a_volume_is_black(a_slice_view: SliceView, tmp_path: Path) -> None:
    assert colours_of(a_slice_view.render(tmp_path / "empty.png"))[200, 200].max() == 0


def test_a_segment_is_outlined_in_its_colour(a_slice_view: SliceView, ball: Any, tmp_path: Path) -> None:
    import slicer

    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(ball)
    segmentation.GetSegmentation().AddEmptySegment("ptv", "PTV", (0.0, 1.0, 0.0))
    inside = (slicer.util.arrayFromVolume(ball) > 0).astype(np.uint8)
    slicer.util.updateSegmentBinaryLabelmapFromArray(inside, segmentation, "ptv", ball)
    a_slice_view.show(ball)
    assert has_colour(a_slice_view.render(tmp_path / "outline.png"), 0, 255, 0)


def test_a_control_point_is_dragged_with_the_mouse(a_slice_view: SliceView, ball: Any, red_seeds: Any) -> None:
    a_slice_view.show(ball)
    a_slice_view.jump_to((0, 0, 0))
    a_slice_view.render_now()
    moved: list[int] = []
    red_seeds.AddObserver(red_seeds.PointModifiedEvent, lambda *_: moved.append(1))
    a_slice_view.drag(a_slice_view.pixel_of((0, 0, 0)), a_slice_view.pixel_of((-10, 20, 0)))
    np.testing.assert_allclose(
        red_seeds.GetNthControlPointPositionWorld(0), (-10, 20, 0), atol=0.3
    )  # a pixel is 0.2 mm
    np.testing.assert_allclose(red_seeds.GetNthControlPointPositionWorld(1), (10, 5, 0))
    assert moved


def test_a_click_places_a_point_in_place_mode(a_slice_view: SliceView, ball: Any, red_seeds: Any) -> None:
    import slicer

    a_slice_view.show(ball)
    a_slice_view.jump_to((0, 0, 0))
    a_slice_view.render_now()
    selection, interaction = (
        getattr(slicer.app.applicationLogic(), f"Get{name}Node")() for name in ("Selection", "Interaction")
    )
    selection.SetReferenceActivePlaceNodeClassName(red_seeds.GetClassName())
    selection.SetActivePlaceNodeID(red_seeds.GetID())
    interaction.SwitchToSinglePlaceMode()
    a_slice_view.click(a_slice_view.pixel_of((15, -15, 0)))
    assert red_seeds.GetNumberOfDefinedControlPoints() == 3
    np.testing.assert_allclose(red_seeds.GetNthControlPointPositionWorld(2), (15, -15, 0), atol=0.3)
    assert interaction.GetCurrentInteractionMode() == interaction.ViewTransform


def test_a_3d_view_shows_a_model(a_3d_view: ThreeDView, tmp_path: Path) -> None:
    import slicer
    import vtk

    source = vtk.vtkSphereSource()
    source.SetRadius(30)
    model = slicer.modules.models.logic().AddModel(source.GetOutputPort())
    model.GetDisplayNode().SetColor(1, 0, 0)
    model.GetDisplayNode().SetAmbient(1)
    model.GetDisplayNode().SetDiffuse(0)
    a_3d_view.look_from()
    assert has_colour(a_3d_view.render(tmp_path / "model.png"), 255, 0, 0)
    model.GetDisplayNode().SetVisibility(False)
    assert not has_colour(a_3d_view.render(tmp_path / "hidden.png"), 255, 0, 0)


def test_a_closed_view_leaves_no_node_and_no_logic_behind(scene: Any) -> None:
    import slicer

    from slicer_standin.views import SliceView

    for _ in range(2):
        view = SliceView("Red")
        view.close()
    assert scene.GetNumberOfNodesByClass("vtkMRMLSliceNode") == 0
    assert slicer.app.applicationLogic().GetSliceLogics().GetNumberOfItems() == 0


def test_clearing_the_scene_under_an_open_view_does_no_harm(
    a_slice_view: SliceView, a_3d_view: ThreeDView, ball: Any, red_seeds: Any, scene: Any, tmp_path: Path
) -> None:
    a_slice_view.show(ball)
    a_slice_view.render(tmp_path / "before.png")
    scene.Clear(0)
    assert not has_colour(a_slice_view.render(tmp_path / "after.png"), 255, 0, 0)


def test_a_chart_is_drawn_with_its_series(a_chart: Any, tmp_path: Path) -> None:
    from slicer_standin.charts import chart_of, render_chart

    chart = chart_of(a_chart)
    assert chart.GetTitle() == "DVH"
    assert chart.GetPlot(0).GetLabel() == "DVH PTV"
    assert has_colour(render_chart(a_chart, tmp_path / "chart.png"), 255, 0, 0)


def test_a_plot_view_follows_its_chart(scene: Any, a_chart: Any, tmp_path: Path) -> None:
    import slicer

    from slicer_standin.screenshots import photograph_panel

    view = slicer.qMRMLPlotView()
    view.setMRMLScene(scene)
    node = scene.AddNewNodeByClass("vtkMRMLPlotViewNode")
    view.setMRMLPlotViewNode(node)
    node.SetPlotChartNodeID(a_chart.GetID())
    assert has_colour(photograph_panel(view, tmp_path / "red.png"), 255, 0, 0)
    a_chart.GetNthPlotSeriesNode(0).SetColor(0, 0, 1)
    assert has_colour(photograph_panel(view, tmp_path / "blue.png"), 0, 0, 255)


def test_there_is_no_layout_manager_without_a_main_window(scene: Any) -> None:
    import slicer

    assert slicer.app.layoutManager() is None
    assert slicer.util.mainWindow() is None


def test_slicers_own_helpers_work_on_the_layout_manager(a_layout_manager: LayoutManager, ball: Any) -> None:
    import slicer

    assert slicer.app.layoutManager() is a_layout_manager
    slicer.util.setSliceViewerLayers(background=ball, fit=True)
    for name in a_layout_manager.sliceViewNames():
        composite = a_layout_manager.sliceWidget(name).sliceLogic().GetSliceCompositeNode()
        assert composite.GetBackgroundVolumeID() == ball.GetID()


def test_a_chart_shown_in_the_layout_changes_layout_and_plot(a_layout_manager: LayoutManager, a_chart: Any) -> None:
    import slicer

    slicer.modules.plots.logic().ShowChartInLayout(a_chart)
    assert a_layout_manager.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView
    assert a_layout_manager.plotWidget(0).mrmlPlotViewNode().GetPlotChartNodeID() == a_chart.GetID()


def test_a_screenshot_has_the_panel_left_of_the_views(
    a_layout_manager: LayoutManager, ball: Any, a_chart: Any, tmp_path: Path
) -> None:
    import qt

    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot

    panel = qt.QLabel("Panel")
    panel.setStyleSheet("background: rgb(0, 0, 255)")
    axial, three_d = a_layout_manager.sliceWidget("Red").sliceView(), a_layout_manager.threeDWidget(0).threeDView()
    axial.show(ball)
    chart = render_chart(a_chart, tmp_path / "chart.png", (400, 320))
    picture = colours_of(compose_screenshot(panel, [axial, three_d, chart], tmp_path / "whole.png"))
    assert picture.shape == (642, 1204, 3)
    assert tuple(picture[10, 10]) == (0, 0, 255)
    assert picture[160, 602].min() > 200


def test_the_dark_theme_turns_a_panel_dark(dark_theme: None, scene: Any, tmp_path: Path) -> None:
    import slicer

    from slicer_standin.screenshots import photograph_panel

    panel = slicer.qMRMLWidget()
    assert colours_of(photograph_panel(panel, tmp_path / "dark.png", (60, 40)))[20, 30].max() < 80


def test_the_light_theme_is_the_usual_one(scene: Any, tmp_path: Path) -> None:
    import slicer

    from slicer_standin.screenshots import photograph_panel

    panel = slicer.qMRMLWidget()
    assert colours_of(photograph_panel(panel, tmp_path / "light.png", (60, 40)))[20, 30].min() == 255
