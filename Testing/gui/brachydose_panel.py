"""What the tests of the BrachyDose panel share: the panel with a small patient, and a user's hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from gui.module_panel import ModulePanelHand

SECTIONS = (
    "patientSection", "sourceSection", "needlesSection", "seedsSection", "plannerSection", "doseSection",
    "resultsSection", "tradeOffSection", "replanSection", "biologySection", "filesSection", "advancedSection",
)  # fmt: skip

PANEL_WIDTH, PANEL_HEIGHT = 380, 800


class Panel(ModulePanelHand):
    """The BrachyDose panel with the small patient."""

    @property
    def plan(self) -> Any:
        return self.widget.panel.plan

    @property
    def seeds_node(self) -> Any:
        from brachyresponse.scene.plans import seeds_node_of

        return seeds_node_of(self.plan)

    def choose_patient(self) -> None:
        """Choose image, structures and target in the selectors."""
        self.ui.volumeSelector.setCurrentNode(self.patient["volume"])
        self.ui.segmentationSelector.setCurrentNode(self.patient["segmentation"])
        self.ui.targetSelector.setCurrentSegmentID(self.patient["GTV"])
        self.settle()

    def plan_by_template(self) -> None:
        """Choose the patient, make a template and load it."""
        self.choose_patient()
        self.ui.templatePitchSpinBox.value = 8
        self.ui.seedSpacingSpinBox.value = 8
        self.ui.doseSpacingSpinBox.value = 2
        self.ui.doseMarginSpinBox.value = 15
        self.click("makeTemplateButton")
        self.click("loadNeedlesButton")

    def ask_for_little(self) -> None:
        """Ask for a plan that is found at once: one template, few moves, a coarse dose."""
        self.logic.setTracks(self.plan, "template", pitchMm=8)
        self.logic.setPlacement(self.plan, spacingMm=8)
        self.logic.setSearch(self.plan, moves=10)
        self.logic.setActivity(self.plan, activityMci=1.0)
        self.ui.doseSpacingSpinBox.value, self.ui.doseMarginSpinBox.value = 3, 10
        self.settle()

    def needed_width(self) -> int:
        """Width below which something of the panel would be cut off."""
        width: int = self.widget.parent.layout().minimumSize().width()
        return width

    def position(self, index: int) -> np.ndarray:
        return np.array(self.seeds_node.GetNthControlPointPositionWorld(index))
