"""Pictures of ResponseAssess: the digital patient's course, assessed by clicks."""

from __future__ import annotations

from typing import Any

import numpy as np

from screenshots.module import FOLDER, PANEL, VIEW, opened_module, photograph_dark, photograph_sections, zoom

NAME = "ResponseAssess"
OPENED = ("visitsSection", "treatmentSection", "lesionSection", "responseSection", "scheduleSection")
TABS = (
    ("visitsSection", "visitTabs", "clinicalTab", "Clinical"),
    ("treatmentSection", "treatmentTabs", "criteriaTab", "Criteria"),
    ("treatmentSection", "treatmentTabs", "referenceTab", "Reference"),
    ("lesionSection", "lesionTabs", "findingTab", "Finding"),
    ("lesionSection", "lesionTabs", "matchTab", "Match"),
    ("responseSection", "responseTabs", "rowsTab", "Rules"),
    ("responseSection", "responseTabs", "changesTab", "WhatIf"),
    ("responseSection", "responseTabs", "readerTab", "Reader"),
    ("scheduleSection", "scheduleTabs", "protocolTab", "Protocol"),
)
"""Section, its tabs, the tab, and how the picture is called."""


def write_pictures() -> None:
    """Assess the digital patient and write every picture."""
    with opened_module(NAME) as (widget, _views, application):
        assess_by_clicks(widget)
        application.processEvents()
        beside = show_beside(widget)
        photograph(widget, beside, application)
        for view in beside:
            view.close()


def assess_by_clicks(widget: Any) -> None:
    """Sample patient, registration of the last visit, category: as a user does it."""
    ui = widget.ui
    ui.sampleButton.click()
    ui.registerButton.click()
    ui.matchButton.click()
    ui.assessButton.click()
    ui.chartButton.click()


def show_beside(widget: Any) -> list[Any]:
    """Three visits side by side, at the slice in which the lesion of the last has its longest diameter."""
    from slicer_standin.views import SliceView

    names = [f"ResponseVisit{place}" for place in (1, 2, 3)]  # those of the module's own layout
    views = [SliceView(name, "Axial", VIEW) for name in names]
    for view in views:
        view.fit()
    choose_rows(widget.ui.visitsTable, (0, 2, 3))
    widget.ui.sideBySideButton.click()
    zoom(views[-1].node, place_of(widget), 110.0)
    return views


def choose_rows(table: Any, rows: tuple[int, ...]) -> None:
    """Choose rows as clicks with Ctrl do."""
    import qt

    model = table.selectionModel()
    model.clearSelection()
    for row in rows:
        model.select(table.model().index(row, 0), qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows)


def place_of(widget: Any) -> Any:
    """The middle of the longest diameter of the chosen lesion, RAS in mm."""
    line = widget.logic.lineNodes(widget.panel.visit, widget.panel.lesions.chosen)[0]
    return np.mean([line.GetNthControlPointPositionWorld(number) for number in (0, 1)], axis=0)


def place_new_lesion(widget: Any) -> None:
    """Say where the new lesion of the last visit lies against the irradiated field."""
    widget.panel.lesions.choose("N1")
    widget.panel.refresh()
    widget.ui.placeButton.click()


def photograph(widget: Any, views: list[Any], application: Any) -> None:
    """Write the pictures: everything together, each section and tab, the dark theme, the chart."""
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot, photograph_panel

    chart = FOLDER / f"{NAME}Chart.png"
    render_chart(widget.logic.timelineChart(widget.panel.assessment), chart, VIEW)
    widget.panel.accordion.open("responseSection")
    compose_screenshot(widget.parent, [*views, chart], FOLDER / f"{NAME}.png")
    views[-1].render(FOLDER / f"{NAME}Diameters.png")
    photograph_sections(widget, NAME, OPENED)
    place_new_lesion(widget)
    for section, tabs, tab, name in TABS:
        widget.panel.accordion.open(section)
        getattr(widget.ui, tabs).setCurrentWidget(getattr(widget.ui, tab))
        photograph_panel(widget.parent, FOLDER / f"{NAME}Panel{name}.png", PANEL)
        getattr(widget.ui, tabs).currentIndex = 0
    photograph_dark(widget, NAME, "responseSection", application)
