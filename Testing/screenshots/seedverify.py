"""Pictures of SeedVerify: the digital patient's implant, verified by clicks."""

from __future__ import annotations

from typing import Any

import numpy as np

from screenshots.module import (
    FOLDER,
    PANEL,
    VIEW,
    look_at_implant,
    opened_module,
    photograph_dark,
    photograph_sections,
    zoom,
)

OPENED = (
    "imagesSection", "findSection", "correctSection", "registerSection", "doseSection", "resultsSection",
    "reportSection",
)  # fmt: skip


def write_pictures() -> None:
    """Verify the digital patient's implant and write every picture."""
    with opened_module("SeedVerify") as (widget, views, application):
        find_by_clicks(widget)
        application.processEvents()
        photograph_correcting(widget, views)
        verify_by_clicks(widget)
        application.processEvents()
        show_views(widget, views)
        photograph(widget, views, application)


def find_by_clicks(widget: Any) -> None:
    """Sample implant, seeds: as a user does it."""
    widget.ui.sampleButton.click()
    widget.ui.findButton.click()


def verify_by_clicks(widget: Any) -> None:
    """Registration on bone, pairs, dose, robustness."""
    ui = widget.ui
    ui.straightenButton.click()
    ui.foundTable.clearSelection()
    for button in (ui.registerButton, ui.matchButton, ui.computeButton, ui.robustnessButton):
        button.click()


def photograph_correcting(widget: Any, views: Any) -> None:
    """The panel beside slices that have jumped to the least certain seed, one of them turned along it."""
    from slicer_standin.screenshots import compose_screenshot

    widget.panel.accordion.open("correctSection")
    for name in views.sliceViewNames():
        views.sliceWidget(name).view.fit()
    seeds = widget.logic.foundSeeds(widget.panel.verification)
    least = int(np.argmin(seeds.confidence))
    widget.ui.foundTable.selectRow(least)
    place = seeds.positions_mm[least]
    pictures = [views.sliceWidget(name).view for name in ("Red", "Yellow", "Green")]
    for view in pictures:
        zoom(view.node, place, 60.0)
    three_d = views.threeDWidget(0).view
    look_at_implant(three_d, place, 120.0)
    compose_screenshot(widget.parent, [*pictures[:1], three_d, *pictures[1:]], FOLDER / "SeedVerifyCorrect.png")


def show_views(widget: Any, views: Any) -> None:
    """Slices through the target, seeds with their arrows in 3D, the chart."""
    import slicer

    logic, verification = widget.logic, widget.panel.verification
    logic.seedsNode(verification).GetDisplayNode().SetPointLabelsVisibility(False)
    logic.targetSegmentation(verification).CreateClosedSurfaceRepresentation()
    logic.targetSegmentation(verification).GetDisplayNode().SetOpacity3D(0.2)
    centre = target_centre(logic, verification)
    for name in views.sliceViewNames():
        view = views.sliceWidget(name).view
        view.fit()
        zoom(view.node, centre, 110.0)
    widget.ui.chartButton.click()
    slicer.app.processEvents()
    look_at_implant(views.threeDWidget(0).view, centre, 130.0)


def target_centre(logic: Any, verification: Any) -> np.ndarray:
    """Where the target lies on the implant CT, RAS."""
    from brachyresponse.scene.segments import read_structure

    segmentation = logic.targetSegmentation(verification)
    return read_structure(segmentation, logic.segments(verification).target).centre_mm


def photograph(widget: Any, views: Any, application: Any) -> None:
    """Write the pictures: everything together, each section, the tabs of the results, the dark theme, each view."""
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot, photograph_panel

    chart = FOLDER / "SeedVerifyChart.png"
    render_chart(widget.logic.dvhChart(widget.panel.verification), chart, VIEW)
    red, green, three_d = views.sliceWidget("Red").view, views.sliceWidget("Green").view, views.threeDWidget(0).view
    widget.panel.accordion.open("resultsSection")
    compose_screenshot(widget.parent, [red, three_d, green, chart], FOLDER / "SeedVerify.png")
    red.render(FOLDER / "SeedVerifyAxial.png")
    three_d.render(FOLDER / "SeedVerify3D.png")
    photograph_sections(widget, "SeedVerify", OPENED)
    widget.panel.accordion.open("resultsSection")
    tabs = widget.ui.resultsTabs
    for name, tab in (("Limits", widget.ui.limitsTab), ("Watch", widget.ui.watchTab)):
        tabs.setCurrentWidget(tab)
        photograph_panel(widget.parent, FOLDER / f"SeedVerifyPanel{name}.png", PANEL)
    tabs.currentIndex = 0
    photograph_dark(widget, "SeedVerify", "resultsSection", application)
