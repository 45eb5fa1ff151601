"""What the tests of the PerfusionRatios panel share: the panel with small scans, and a user's hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gui.module_panel import ModulePanelHand
from gui.small_scan import T1_S, SmallScan

SECTIONS = (
    "scanSection", "arterySection", "lesionSection", "mapsSection", "ratioSection", "advancedSection",
)  # fmt: skip
QUICK = {"fit_delay": False, "patlak_by_aicc": False, "bootstrap_samples": 40}
"""Settings of tests that are not about the figures."""
SEGMENT_ROW = 1
"""Of the selector of arteries."""


@dataclass
class Panel(ModulePanelHand):
    """The PerfusionRatios panel with a scan before treatment and one after."""

    before: SmallScan
    scan: SmallScan

    @property
    def study(self) -> Any:
        return self.widget.panel.study

    def choose(self, scan: SmallScan, day: str, treated: str = "2026-03-06") -> None:
        """Choose a series, its day, T1, artery, lesion and white matter."""
        ui = self.ui
        ui.seriesSelector.setCurrentNode(scan.series)
        self.settle()
        self.write("scanDateEdit", day)
        self.write("treatmentEdit", treated)
        ui.t1SpinBox.value = T1_S
        self.choose_artery(scan)
        ui.anatomicalSelector.setCurrentNode(scan.anatomical)
        self.add_lesion(scan)
        ui.whiteMatterSegmentationSelector.setCurrentNode(scan.segmentation)
        ui.whiteMatterSelector.setCurrentSegmentID(scan.white_matter)
        self.logic.setSettings(self.study, **QUICK)
        self.settle()

    def choose_artery(self, scan: SmallScan) -> None:
        """Choose the artery's segment."""
        self.ui.aifSelector.setCurrentIndex(SEGMENT_ROW)
        self.ui.aifSelector.activated.emit(SEGMENT_ROW)
        self.ui.aifSegmentationSelector.setCurrentNode(scan.segmentation)
        self.ui.aifSegmentSelector.setCurrentSegmentID(scan.artery)
        self.settle()

    def add_lesion(self, scan: SmallScan) -> None:
        """Add the lesion that was drawn."""
        self.ui.lesionSegmentationSelector.setCurrentNode(scan.segmentation)
        self.ui.lesionSegmentSelector.setCurrentSegmentID(scan.lesion)
        self.settle()
        self.click("addLesionButton")

    def compute(self) -> None:
        """The later scan alone, to the end."""
        self.choose(self.scan, "2026-09-22")
        self.click("computeButton")

    def compute_both(self) -> None:
        """Both visits, the earlier one beside the later."""
        self.choose(self.before, "2026-02-20")
        earlier = self.study
        self.click("computeButton")
        self.click("newStudyButton")
        self.choose(self.scan, "2026-09-22")
        self.ui.preTreatmentSelector.setCurrentNode(earlier)
        self.settle()
        self.click("computeButton")
