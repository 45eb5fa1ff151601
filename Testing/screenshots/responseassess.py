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
    ("diffusionSection", "diffusionTabs", "adcTab", "Diffusion"),
    ("diffusionSection", "diffusionTabs", "spectraTab", "Spectra"),
    ("evidenceSection", "evidenceTabs", "priorTab", "Prior"),
    ("evidenceSection", "evidenceTabs", "markersTab", "Markers"),
    ("evidenceSection", "evidenceTabs", "typedTab", "Add"),
    ("evidenceSection", "evidenceTabs", "questionsTab", "Questions"),
    ("evidenceSection", "evidenceTabs", "answerTab", "Answer"),
    ("scheduleSection", "scheduleTabs", "protocolTab", "Protocol"),
)
"""Section, its tabs, the tab, and how the picture is called."""
GROWING, TALL = ("diffusionSection", "evidenceSection"), (400, 800)
"""Sections whose tables and texts grow with the window, and the size in which that is seen."""
TYPED = "fet_tbrmax_romagna"
"""The marker that is chosen to be typed in."""


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
    """Sample patient, registration of the last visit, evidence, category: as a user does it."""
    ui = widget.ui
    ui.sampleButton.click()
    ui.registerButton.click()
    ui.matchButton.click()
    weigh_by_clicks(widget)
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


def weigh_by_clicks(widget: Any) -> None:
    """Type a PET value in for the recurrence, answer what is asked, weigh; first marker and question stay chosen."""
    ui, panel = widget.ui, widget.panel
    panel.lesions.choose("N1")
    panel.accordion.open("diffusionSection")
    panel.refresh()
    ui.spectrumChartButton.click()
    panel.accordion.open("evidenceSection")
    panel.refresh()
    type_marker_in(ui)
    answer_questions(widget)
    ui.weighButton.click()
    ui.typedMarkerSelector.activated.emit(ui.typedMarkerSelector.currentIndex)
    choose_rows(ui.markersTable, (0,))
    choose_rows(ui.questionsTable, (0,))


def type_marker_in(ui: Any) -> None:
    """A PET value as a reader takes it from a report."""
    ui.typedMarkerSelector.setCurrentIndex(ui.typedMarkerSelector.findData(TYPED))
    ui.typedMarkerSelector.activated.emit(ui.typedMarkerSelector.currentIndex)
    ui.typedValueEdit.text, ui.typedStatisticEdit.text = "2.9", "maximum"
    ui.typedTracerEdit.text, ui.typedReferenceEdit.text = "18F-FET", "contralateral cortex"
    ui.typedByEdit.text = "PET report"
    ui.addMarkerButton.click()


def answer_questions(widget: Any) -> None:
    """Answer what is open as it has to be for the markers to be weighed."""
    from brachyresponse.response.evidence.markers import condition

    ui, logic = widget.ui, widget.logic
    evidence = logic.evidenceOf(widget.panel.visit, widget.panel.lesions.chosen)
    buttons = {"yes": ui.yesButton, "no": ui.noButton}
    ui.answeredByEdit.text = "Dr A"
    while logic.questions(evidence)[0].answer == "unknown":  # open ones stand first
        choose_rows(ui.questionsTable, (0,))
        buttons[condition(logic.questions(evidence)[0].id).holds_when].click()


def photograph_charts(widget: Any) -> None:
    """Write the charts: time line, spectrum, sensitivity of the answer."""
    from slicer_standin.charts import render_chart

    logic, visit = widget.logic, widget.panel.visit
    evidence = logic.evidenceOf(visit, "N1")
    charts = {
        "Chart": logic.timelineChart(widget.panel.assessment),
        "Spectrum": logic.spectrumChart(logic.spectra(visit)[0]),
        "Sensitivity": logic.sensitivityChart(evidence),
    }
    for name, chart in charts.items():
        render_chart(chart, FOLDER / f"{NAME}{name}.png", VIEW)


def photograph_voxel(widget: Any, view: Any) -> None:
    """Write a picture of the single voxel on the lesion."""
    logic, spectra = widget.logic, widget.logic.spectra(widget.panel.visit)[0]
    logic.showVoxel(spectra)
    view.render(FOLDER / f"{NAME}Voxel.png")
    logic.showVoxel(spectra, False)


def photograph(widget: Any, views: list[Any], application: Any) -> None:
    """Write the pictures: everything together, each section and tab, the dark theme, the chart."""
    from slicer_standin.screenshots import compose_screenshot, photograph_panel

    widget.ui.evidenceTabs.currentIndex = 0
    photograph_charts(widget)
    chart = FOLDER / f"{NAME}Chart.png"
    widget.panel.accordion.open("responseSection")
    compose_screenshot(widget.parent, [*views, chart], FOLDER / f"{NAME}.png")
    views[-1].render(FOLDER / f"{NAME}Diameters.png")
    photograph_voxel(widget, views[-1])
    photograph_sections(widget, NAME, OPENED)
    place_new_lesion(widget)
    for section, tabs, tab, name in TABS:
        widget.panel.accordion.open(section)
        getattr(widget.ui, tabs).setCurrentWidget(getattr(widget.ui, tab))
        photograph_panel(widget.parent, FOLDER / f"{NAME}Panel{name}.png", TALL if section in GROWING else PANEL)
        getattr(widget.ui, tabs).currentIndex = 0
    photograph_dark(widget, NAME, "responseSection", application)
