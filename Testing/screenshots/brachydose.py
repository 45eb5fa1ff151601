"""Pictures of BrachyDose: the digital patient, planned by clicks: by hand, by the planner, with its trade-offs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

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

NAME = "BrachyDose"
OPENED = ("patientSection", "sourceSection", "needlesSection", "seedsSection", "resultsSection")
TABS = (
    ("plannerSection", "plannerTabs", "pathsTab", "Paths"),
    ("plannerSection", "plannerTabs", "placementTab", "Placement"),
    ("plannerSection", "plannerTabs", "constraintsTab", "Limits"),
    ("plannerSection", "plannerTabs", "weightsTab", "Weights"),
    ("tradeOffSection", "tradeOffTabs", "tradeOffTab", "TradeOffs"),
    ("tradeOffSection", "tradeOffTabs", "compareTab", "Compare"),
    ("tradeOffSection", "tradeOffTabs", "robustTab", "Robustness"),
)
"""Section, its tabs, the tab, and how the picture is called."""
BALLOON_TABS = (
    ("sourceSection", "balloonTabs", "balloonTab", "Balloon"),
    ("sourceSection", "balloonTabs", "liquidTab", "Liquid"),
    ("sourceSection", "balloonTabs", "dwellTab", "Dwell"),
    ("resultsSection", "resultsTabs", "rulesTab", "BalloonRules"),
)
BIOLOGY_TABS = (
    ("biologySection", "biologyTabs", "tissueTab", "Tissues"),
    ("biologySection", "biologyTabs", "bedTab", "Biology"),
)
TISSUES = (("GTV", "glioma"), ("Brainstem", "late_brain"))
TALL = (PANEL[0], 780)
OBSTACLES = ("Brainstem", "Vessel")
PLANS, LONGEST_S = 30, 600.0


def write_pictures() -> None:
    """Plan the digital patient and write every picture."""
    with opened_module(NAME) as (widget, views, application):
        plan_by_hand(widget)
        photograph_sections(widget, NAME, OPENED, TALL)
        find_plan(widget)
        show_views(widget, views)
        photograph(widget, views, application)
        make_trade_offs(widget, application)
        photograph_planner(widget)
        photograph_biology(widget)
        photograph_balloon(widget, application)


def plan_by_hand(widget: Any) -> None:
    """Sample patient, PTV, obstacles, a limit, a template of 8 mm, seeds, dose: as a user does it."""
    import qt

    ui = widget.ui
    ui.sampleButton.click()
    ui.ptvMarginSpinBox.value = 2
    ui.growTargetButton.click()
    for row in range(ui.structuresTable.rowCount):
        if ui.structuresTable.item(row, 0).text() in OBSTACLES:
            ui.structuresTable.item(row, 2).setCheckState(qt.Qt.Checked)
    ui.structuresTable.item(0, 5).setText("D0.1cc <= 60 Gy")
    ui.activityMciSpinBox.value = 0.6
    ui.templatePitchSpinBox.value = 10
    ui.makeTemplateButton.click()
    ui.seedSpacingSpinBox.value = 10
    ui.loadNeedlesButton.click()
    ui.computeButton.click()


def find_plan(widget: Any) -> None:
    """Keep the plan by hand, and let the planner make another one."""
    ui, by_hand = widget.ui, widget.panel.plan
    ui.newPlanButton.click()
    widget.panel.plan.SetName("Optimised")
    ui.otherPlanSelector.setCurrentNode(by_hand)
    ui.avoidMarginSpinBox.value = 1
    ui.planButton.click()
    ui.compareButton.click()
    hide(by_hand)
    ui.robustnessButton.click()
    ui.obstaclesButton.click()


def hide(plan: Any) -> None:
    """Take needles, seeds and isodoses of a plan out of the views: two at once cannot be told apart."""
    from brachyresponse.scene.plan_parts import PlanRole, plan_parts

    for role in (PlanRole.NEEDLE, PlanRole.SEEDS, PlanRole.SEED_MODEL, PlanRole.ISODOSE):
        for node in plan_parts(plan, role):
            node.SetDisplayVisibility(False)


def make_trade_offs(widget: Any, application: Any) -> None:
    """Make some plans in processes of their own, and wait for them."""
    widget.ui.tradeOffCountSpinBox.value = PLANS
    widget.ui.startTradeOffsButton.click()
    until = time.monotonic() + LONGEST_S
    while widget.logic.tradeOffsRunning(widget.panel.plan) and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.1)
    application.processEvents()


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
    """Write the pictures of the plan: everything together, the dark theme, each view."""
    from brachyresponse.scene.plan_parts import PlanRole, plan_part
    from slicer_standin.charts import render_chart
    from slicer_standin.screenshots import compose_screenshot

    chart = FOLDER / f"{NAME}Chart.png"
    render_chart(plan_part(widget.panel.plan, PlanRole.DVH_CHART), chart, VIEW)
    pictures = [views.sliceWidget("Red").view, views.threeDWidget(0).view, views.sliceWidget("Green").view, chart]
    widget.panel.accordion.open("plannerSection")
    widget.ui.plannerTabs.setCurrentWidget(widget.ui.constraintsTab)
    compose_screenshot(widget.parent, pictures, FOLDER / f"{NAME}.png")
    views.sliceWidget("Red").view.render(FOLDER / f"{NAME}Axial.png")
    views.threeDWidget(0).view.render(FOLDER / f"{NAME}3D.png")
    photograph_dark(widget, NAME, "resultsSection", application, TALL)


def photograph_planner(widget: Any) -> None:
    """Write the pictures of what the planner is told and what it found, and its charts."""
    from slicer_standin.charts import render_chart

    logic, plan = widget.logic, widget.panel.plan
    charts = {
        "Convergence": logic.convergenceChart(plan),
        "Scatter": logic.tradeOffChart(plan),
        "Parallel": logic.tradeOffParallelChart(plan),
        "Comparison": logic.comparisonChart(plan),
    }
    for name, chart in charts.items():
        render_chart(chart, FOLDER / f"{NAME}{name}.png", VIEW)
    photograph_tabs(widget, TABS)


def photograph_balloon(widget: Any, application: Any) -> None:
    """Write the pictures of a balloon of liquid: 60 Gy at 1 cm."""
    ui = widget.ui
    ui.newPlanButton.click()
    ui.kindSelector.setCurrentIndex(ui.kindSelector.findData("balloon"))
    ui.kindSelector.activated.emit(ui.kindSelector.currentIndex)
    ui.prescriptionSpinBox.value = 60
    ui.fillVolumeSpinBox.value = 14.5
    ui.dwellTimeButton.click()
    ui.dwellDoseButton.click()
    application.processEvents()
    photograph_tabs(widget, BALLOON_TABS)


def photograph_biology(widget: Any) -> None:
    """Write the pictures of biological dose: of the tumour and of the brain stem."""
    ui = widget.ui
    for structure, tissue in TISSUES:
        names = [ui.tissueTable.item(row, 0).text() for row in range(ui.tissueTable.rowCount)]
        ui.tissueTable.selectRow(next(row for row, name in enumerate(names) if structure in name))
        ui.tissueSelector.setCurrentIndex(ui.tissueSelector.findData(tissue))
        ui.useTissueButton.click()
    ui.biologyButton.click()
    photograph_tabs(widget, BIOLOGY_TABS)


def photograph_tabs(widget: Any, tabs: Sequence[tuple[str, str, str, str]]) -> None:
    """Write a picture of each tab: its section, the tabs, the tab, and how the picture is called."""
    import slicer

    from slicer_standin.screenshots import photograph_panel

    for section, tab_widget, tab, name in tabs:
        widget.panel.accordion.open(section)
        getattr(widget.ui, tab_widget).setCurrentWidget(getattr(widget.ui, tab))
        slicer.app.processEvents()
        photograph_panel(widget.parent, FOLDER / f"{NAME}Panel{name}.png", TALL)
