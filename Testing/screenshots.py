"""Pictures of the modules for README and pages: the real panels on the real scene, drawn without the application.

``make screenshots`` writes them into ``Resources/Screenshots``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "Resources" / "Screenshots"
VIEW = (430, 344)
PANEL = (400, 640)
OPENED = ("patientSection", "needlesSection", "seedsSection", "resultsSection")


def main() -> None:
    """Plan the digital patient in BrachyDose and write every picture."""
    from slicer_standin.application import start
    from slicer_standin.layout import LayoutManager
    from slicer_standin.style import apply_light_theme

    application = start()
    apply_light_theme(application)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with LayoutManager(VIEW) as views:
        widget = opened_module("BrachyDose")
        plan_by_clicks(widget)
        application.processEvents()
        show_views(widget, views)
        photograph(widget, views, application)
        widget.cleanup()


def opened_module(name: str) -> Any:
    """The widget of a module that was just opened."""
    from slicer_standin.modules import load_module

    panel = load_module(PROJECT / name / f"{name}.py").widgetRepresentation()
    panel.enter()
    return panel.self()


def plan_by_clicks(widget: Any) -> None:
    """Sample patient, PTV, a template of 8 mm, seeds, dose: as a user does it."""
    ui = widget.ui
    ui.sampleButton.click()
    ui.ptvMarginSpinBox.value = 2
    ui.growTargetButton.click()
    ui.structuresTable.item(0, 4).setText("D0.1cc <= 60 Gy")
    ui.activityMciSpinBox.value = 0.3
    ui.templatePitchSpinBox.value = 8
    ui.makeTemplateButton.click()
    ui.seedSpacingSpinBox.value = 8
    ui.loadNeedlesButton.click()
    ui.computeButton.click()


def show_views(widget: Any, views: Any) -> None:
    """Slices through the target, the implant in 3D, the chart."""
    import slicer

    from brachyresponse.scene.plan_parts import PlanRole, plan_part
    from brachyresponse.scene.plan_structures import read_plan_segments, read_plan_structure

    plan = widget.panel.plan
    segmentation = plan_part(plan, PlanRole.SEGMENTATION)
    segmentation.CreateClosedSurfaceRepresentation()
    display = segmentation.GetDisplayNode()
    display.SetOpacity3D(0.6)
    display.SetSegmentOpacity3D(read_plan_segments(plan).ptv, 0.15)
    plan_part(plan, PlanRole.SEEDS).GetDisplayNode().SetPointLabelsVisibility(False)
    centre = read_plan_structure(plan, read_plan_segments(plan).gtv).centre_mm
    for name in views.sliceViewNames():
        view = views.sliceWidget(name).view
        view.fit()
        zoom(view.node, centre, 110.0)
    widget.ui.chartButton.click()
    slicer.app.processEvents()
    look_at_implant(views.threeDWidget(0).view, centre)


def zoom(slice_node: Any, centre_mm: np.ndarray, width_mm: float) -> None:
    """Show a part of a slice round a point."""
    width, height, depth = slice_node.GetFieldOfView()
    slice_node.SetFieldOfView(width_mm, width_mm * height / width, depth)
    slice_node.JumpSliceByCentering(*map(float, centre_mm))


def look_at_implant(view: Any, centre_mm: np.ndarray) -> None:
    """Look at the implant from the front, a little from above."""
    view.look_from(35, 15)
    camera = view.renderer.GetActiveCamera()
    away = np.array(camera.GetPosition()) - np.array(camera.GetFocalPoint())
    camera.SetFocalPoint(*centre_mm)
    camera.SetPosition(*(centre_mm + away / np.linalg.norm(away) * 190))
    view.renderer.ResetCameraClippingRange()


def photograph(widget: Any, views: Any, application: Any) -> None:
    """Write the pictures: everything together, each section, the dark theme, each view."""
    from brachyresponse.scene.plan_parts import PlanRole, plan_part
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot, photograph_panel
    from slicer_standin.style import apply_dark_theme, apply_light_theme

    chart = FOLDER / "BrachyDoseChart.png"
    render_chart(plan_part(widget.panel.plan, PlanRole.DVH_CHART), chart, VIEW)
    pictures = [views.sliceWidget("Red").view, views.threeDWidget(0).view, views.sliceWidget("Green").view, chart]
    panel = widget.parent
    widget.panel.accordion.open("resultsSection")
    compose_screenshot(panel, pictures, FOLDER / "BrachyDose.png")
    views.sliceWidget("Red").view.render(FOLDER / "BrachyDoseAxial.png")
    views.threeDWidget(0).view.render(FOLDER / "BrachyDose3D.png")
    for section in OPENED:
        widget.panel.accordion.open(section)
        name = section.removesuffix("Section").capitalize()
        photograph_panel(panel, FOLDER / f"BrachyDosePanel{name}.png", PANEL)
    apply_dark_theme(application)
    widget.panel.accordion.open("resultsSection")
    photograph_panel(panel, FOLDER / "BrachyDosePanelDark.png", PANEL)
    apply_light_theme(application)


if __name__ == "__main__":
    main()
    print(*sorted(path.name for path in FOLDER.iterdir()), sep="\n")
