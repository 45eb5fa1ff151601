"""Balloon: its shape, model, filling and wall."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.slicer_panel.brachydose.section import Section
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.selectors import show_node, show_segments

DIAMETER, VOLUME, SEGMENT = "diameter", "volume", "segment"
SHAPES: dict[str, str] = {
    DIAMETER: _("sphere, diameter"),
    VOLUME: _("sphere, volume"),
    SEGMENT: _("segment"),
}
SIZES: dict[str, str] = {DIAMETER: _("Diameter:"), VOLUME: _("Volume:"), SEGMENT: _("Segment:")}
NUMBERS = {
    "balloonDiameterSpinBox": ("diameterMm", "diameter_mm"),
    "balloonVolumeSpinBox": ("volumeMl", "volume_ml"),
    "fillVolumeSpinBox": ("fillVolumeMl", "fill_volume_ml"),
    "balloonWallSpinBox": ("wallMm", "wall_mm"),
}
"""Widget, keyword of the Logic's ``setBalloon``, field of the settings."""


class BalloonSection(Section):
    """The balloon of the plan; each change is kept in it."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The value was not taken.")
        self._shape = Choice(ui.balloonShapeSelector, SHAPES)
        self._model = Choice(ui.balloonModelSelector, {UNKNOWN: _("not stated"), **self.logic.balloonModels()})
        self._placing = Placing(self.panel.window, self._on_placing_ended)
        self.on_numbers(NUMBERS, self.logic.setBalloon)
        self.on_shown(ui.balloonShapeSelector, "activated(int)", self._on_word, failed)
        self.on_shown(ui.balloonModelSelector, "activated(int)", self._on_word, failed)
        self.on_shown(ui.balloonSelector, "currentSegmentChanged(QString)", self._on_segment, failed)
        self.on_shown(ui.balloonCentreSelector, "currentNodeChanged(vtkMRMLNode*)", self.logic.setBalloonCentre, failed)
        self.on_shown(ui.placeCentreButton, "clicked(bool)", self._on_place, _("Cannot click the centre."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the balloon of the plan."""
        if plan is None:
            self._show_shape(DIAMETER)
            return
        ui, balloon = self.ui, self.logic.balloon(plan)
        self._shape.show(balloon.shape)
        self._model.show(balloon.balloon_model)
        self.show_numbers(NUMBERS, balloon)
        segmentation = plan_part(plan, PlanRole.SEGMENTATION)
        ui.balloonSelector.setCurrentNode(segmentation)
        show_segments(ui.balloonSelector, segmentation, ((ui.balloonSelector, balloon.segment),))
        show_node(ui.balloonCentreSelector, self.logic.balloonCentre(plan))
        self._show_shape(balloon.shape)

    def stop_placing(self) -> None:
        """End clicking the centre, as Escape does."""
        self._placing.end()

    def _show_shape(self, shape: str) -> None:
        """Show what a shape is given by."""
        ui = self.ui
        ui.balloonSizeLabel.text = SIZES[shape]
        ui.balloonDiameterSpinBox.visible = shape == DIAMETER
        ui.balloonVolumeSpinBox.visible = shape == VOLUME
        ui.balloonSelector.visible = shape == SEGMENT
        for widget in (ui.balloonCentreLabel, ui.balloonCentreSelector, ui.placeCentreButton):
            widget.visible = shape != SEGMENT

    def _on_word(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        self.logic.setBalloon(plan, shape=self._shape.value, balloonModel=self._model.value)

    def _on_segment(self, plan: slicer.vtkMRMLScriptedModuleNode, segment: str) -> None:
        self.logic.setBalloon(plan, segment=segment or "")

    def _on_place(self, plan: slicer.vtkMRMLScriptedModuleNode, start: bool) -> None:
        self._placing.end()
        if start:
            self._placing.begin(self.logic.startBalloonCentre(plan))

    def _on_placing_ended(self) -> None:
        self.ui.placeCentreButton.checked = False
        self.panel.request_refresh()
