"""Pictures of BrachyDose: the digital patient, planned by clicks."""

from __future__ import annotations

from typing import Any

from screenshots.module import (
    FOLDER,
    VIEW,
    look_at_implant,
    opened_module,
    photograph_dark,
    photograph_sections,
    zoom,
)

OPENED = ("patientSection", "needlesSection", "seedsSection", "resultsSection")


def write_pictures() -> None:
    """Plan the digital patient and write every picture."""
    with opened_module("BrachyDose") as (widget, views, application):
        plan_by_clicks(widget)
        application.processEvents()
        show_views(widget, views)
        photograph(widget, views, application)


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


def photograph(widget: Any, views: Any, application: Any) -> None:
    """Write the pictures: everything together, each section, the dark theme, each view."""
    from brachyresponse.scene.plan_parts import PlanRole, plan_part
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot

    chart = FOLDER / "BrachyDoseChart.png"
    render_chart(plan_part(widget.panel.plan, PlanRole.DVH_CHART), chart, VIEW)
    pictures = [views.sliceWidget("Red").view, views.threeDWidget(0).view, views.sliceWidget("Green").view, chart]
    panel = widget.parent
    widget.panel.accordion.open("resultsSection")
    compose_screenshot(panel, pictures, FOLDER / "BrachyDose.png")
    views.sliceWidget("Red").view.render(FOLDER / "BrachyDoseAxial.png")
    views.threeDWidget(0).view.render(FOLDER / "BrachyDose3D.png")
    photograph_sections(widget, "BrachyDose", OPENED)
    photograph_dark(widget, "BrachyDose", "resultsSection", application)
