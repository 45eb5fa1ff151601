"""Pictures of PerfusionRatios: the digital patient before treatment and at the follow-up, measured by clicks."""

from __future__ import annotations

from typing import Any

import numpy as np

from screenshots.module import FOLDER, PANEL, VIEW, opened_module, photograph_dark, photograph_sections, zoom

OPENED = ("scanSection", "arterySection", "lesionSection", "mapsSection", "ratioSection", "advancedSection")
LESION_TABS = (("WhiteMatter", "whiteMatterTab"), ("LeftOut", "leftOutTab"))


def write_pictures() -> None:
    """Measure the digital patient's follow-up beside its scan before treatment, and write every picture."""
    with opened_module("PerfusionRatios") as (widget, views, application):
        measure_by_clicks(widget)
        application.processEvents()
        show_views(widget, views)
        photograph(widget, views, application)
    with opened_module("PerfusionRatios") as (widget, _views, application):
        photograph_not_evaluable(widget, application)


def measure_by_clicks(widget: Any) -> None:
    """Sample patient, artery, maps of both visits: as a user does it."""
    ui = widget.ui
    ui.sampleButton.click()
    follow_up = widget.panel.study
    ui.studySelector.setCurrentNode(widget.logic.preTreatment(follow_up))
    ui.computeButton.click()
    ui.studySelector.setCurrentNode(follow_up)
    ui.findAifButton.click()
    ui.computeButton.click()
    ui.chartButton.click()


def photograph_not_evaluable(widget: Any, application: Any) -> None:
    """A DSC of a lesion within its implant: what is left of it, and that nothing can be concluded."""
    from slicer_standin.screenshots import photograph_panel

    ui = widget.ui
    ui.sampleSelector.setCurrentIndex(1)
    ui.sampleKindSelector.setCurrentIndex(1)
    measure_by_clicks(widget)
    for section, name in (("mapsSection", "MapsDSC"), ("ratioSection", "NotEvaluable")):
        widget.panel.accordion.open(section)
        application.processEvents()
        photograph_panel(widget.parent, FOLDER / f"PerfusionRatiosPanel{name}.png", PANEL)


def show_views(widget: Any, views: Any) -> None:
    """Slices through the lesion with the map that is judged, and the outlines of lesion and white matter."""
    import slicer

    row = [widget.ui.mapsTable.item(n, 0).text() for n in range(widget.ui.mapsTable.rowCount)].index("vp")
    widget.ui.mapsTable.selectRow(row)
    study = widget.panel.study
    lesion, white_matter = widget.logic.lesions(study)[0].read(), widget.logic.whiteMatter(study).read()
    centres = {"Yellow": lesion.centre_mm}
    between = (np.array(lesion.centre_mm) + white_matter.centre_mm) / 2
    for name in views.sliceViewNames():
        view = views.sliceWidget(name).view
        view.fit()
        zoom(view.node, centres.get(name, between), 180.0)
    slicer.app.processEvents()


def photograph(widget: Any, views: Any, application: Any) -> None:
    """Write the pictures: everything together, each section, tabs, the dark theme, each view, the chart."""
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot, photograph_panel

    chart = FOLDER / "PerfusionRatiosChart.png"
    render_chart(widget.logic.curveChart(widget.panel.study), chart, VIEW)
    red, green, yellow = (views.sliceWidget(name).view for name in ("Red", "Green", "Yellow"))
    widget.panel.accordion.open("ratioSection")
    compose_screenshot(widget.parent, [red, yellow, green, chart], FOLDER / "PerfusionRatios.png")
    red.render(FOLDER / "PerfusionRatiosAxial.png")
    photograph_sections(widget, "PerfusionRatios", OPENED)
    widget.panel.accordion.open("lesionSection")
    for name, tab in LESION_TABS:
        widget.ui.lesionTabs.setCurrentWidget(getattr(widget.ui, tab))
        photograph_panel(widget.parent, FOLDER / f"PerfusionRatiosPanel{name}.png", PANEL)
    widget.ui.lesionTabs.currentIndex = 0
    widget.panel.accordion.open("ratioSection")
    widget.ui.ratioTabs.setCurrentWidget(widget.ui.timingTab)
    photograph_panel(widget.parent, FOLDER / "PerfusionRatiosPanelTiming.png", PANEL)
    widget.ui.ratioTabs.currentIndex = 0
    photograph_dark(widget, "PerfusionRatios", "ratioSection", application)
