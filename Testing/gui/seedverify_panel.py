"""What the tests of the SeedVerify panel share: the panel with a small implant, and a user's hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from gui.module_panel import ModulePanelHand
from gui.scanned_implant import ScannedImplant

SECTIONS = (
    "imagesSection", "findSection", "correctSection", "registerSection", "doseSection", "resultsSection",
    "reportSection",
)  # fmt: skip


@dataclass
class Panel(ModulePanelHand):
    """The SeedVerify panel with the small implant."""

    implant: ScannedImplant

    @property
    def verification(self) -> Any:
        return self.widget.panel.verification

    @property
    def seeds_node(self) -> Any:
        return self.logic.seedsNode(self.verification)

    @contextmanager
    def finder_at_once(self) -> Iterator[None]:
        """The finder answers at once: one seed rejected, two doubtful."""
        found = self.implant.found
        with patch("brachyresponse.scene.verification_finding.detect_seeds", lambda *args, **kwargs: found):
            yield

    def choose_images(self) -> None:
        """Choose implant CT, its date, and the plan."""
        self.ui.implantVolumeSelector.setCurrentNode(self.implant.ct)
        self.ui.planSelector.setCurrentNode(self.implant.plan)
        self.ui.scanDateEdit.text = "2026-03-07"
        self.ui.scanDateEdit.editingFinished.emit()
        self.settle()

    def find(self) -> None:
        """Choose the images and find the seeds."""
        self.choose_images()
        self.click("findButton")

    def choose_target(self) -> None:
        """Choose the structures that were contoured on the implant CT."""
        self.ui.targetSegmentationSelector.setCurrentNode(self.implant.structures)
        self.ui.targetSelector.setCurrentSegmentID(self.implant.target)
        self.ui.organSegmentationSelector.setCurrentNode(self.implant.structures)
        self.settle()

    def match(self) -> None:
        """Find, register in one frame of reference, and match."""
        self.find()
        self.register("NONE")
        self.click("matchButton")

    def register(self, method: str) -> None:
        """Register on something."""
        selector = self.ui.methodSelector
        self.widget.panel.parameters.registering = type(self.widget.panel.parameters.registering)[method]
        assert selector.currentIndex >= 0
        self.click("registerButton")

    def compute(self) -> None:
        """All the way to the dose."""
        self.match()
        self.choose_target()
        self.ui.doseSpacingSpinBox.value = 2
        self.click("computeButton")
