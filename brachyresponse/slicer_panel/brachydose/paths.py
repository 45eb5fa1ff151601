"""Planner, where needles may run: a template's holes, parallel tracks in a cone of directions, a fan from entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import slicer
from slicer.i18n import tr as _

from brachyresponse.scene.inverse_settings import TrackKind, TrackSettings
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.choice import Choice
from brachyresponse.slicer_panel.placing import Placing
from brachyresponse.slicer_panel.selectors import show_node

KINDS: dict[str, str] = {
    TrackKind.TEMPLATE: _("through a template"),
    TrackKind.PARALLEL: _("parallel, direction searched"),
    TrackKind.FAN: _("spreading from entry points"),
}
NUMBERS = {
    "trackPitchSpinBox": ("pitchMm", "pitch_mm"),
    "coneSpinBox": ("coneDeg", "cone_deg"),
    "directionsSpinBox": ("directions", "directions"),
    "perEntrySpinBox": ("needlesPerEntry", "needles_per_entry"),
}
"""Widget, keyword of the Logic's ``setTracks``, field of the settings."""
ROWS = {
    TrackKind.TEMPLATE: ("trackDirectionLabel", "trackDirectionSelector"),
    TrackKind.PARALLEL: (
        "trackDirectionLabel", "trackDirectionSelector", "coneLabel", "coneSpinBox", "directionsLabel",
        "directionsSpinBox",
    ),
    TrackKind.FAN: (
        "entriesLabel", "entriesSelector", "placeEntriesButton", "coneLabel", "coneSpinBox", "perEntryLabel",
        "perEntrySpinBox",
    ),
}  # fmt: skip
"""What is shown for one kind of tracks and not for each."""
NEEDLE, VIEW, VECTOR = "NEEDLE", "VIEW", "vector"


class PathsSection(Section):
    """Tracks of the plan; each change is kept in it."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, failed = self.ui, _("The value was not taken.")
        self._kind, self._direction = Choice(ui.trackKindSelector, KINDS), Choice(ui.trackDirectionSelector, {})
        self._placing = Placing(self.panel.window, self._on_placing_ended)
        self.on_shown(ui.trackKindSelector, "activated(int)", self._on_kind, failed)
        self.on_shown(ui.trackDirectionSelector, "activated(int)", self._on_direction, failed)
        self.on_numbers(NUMBERS, self._change)
        self.on_shown(ui.entriesSelector, "currentNodeChanged(vtkMRMLNode*)", self.logic.setEntries, failed)
        self.on_shown(ui.placeEntriesButton, "clicked(bool)", self._on_place, _("Cannot click entry points."))

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the tracks of the plan."""
        tracks = self.logic.tracks(plan) if plan else TrackSettings()
        self._kind.show(tracks.kind)
        self._show_direction(tracks.direction)
        self.show_numbers(NUMBERS, tracks)
        show_node(self.ui.entriesSelector, self.logic.entries(plan) if plan else None)
        for name in {name for names in ROWS.values() for name in names}:
            getattr(self.ui, name).visible = name in ROWS[tracks.kind]
        for name in ("trackKindSelector", "trackDirectionSelector", "entriesSelector", "placeEntriesButton", *NUMBERS):
            allow(getattr(self.ui, name), "" if plan else NO_PLAN)

    def stop_placing(self) -> None:
        """End clicking entries, as Escape does."""
        self._placing.end()

    def _show_direction(self, direction: str | Sequence[float]) -> None:
        """Show a direction by its word, one of a needle by its number, a vector by its numbers."""
        parameters = self.panel.parameters
        kinds: Any = type(parameters.templateDirection) if parameters else ()
        ways = list(kinds)
        words = {way.name.lower() if way.name not in (NEEDLE, VIEW) else way.name: way.label() for way in ways}
        shown = direction if isinstance(direction, str) else VECTOR
        if shown == VECTOR:
            words[VECTOR] = " ".join(f"{part:+.2f}" for part in direction)
        elif shown not in words:
            words[shown] = _("as {needle}").format(needle=shown)
        self._direction.fill(words)
        self._direction.show(shown)

    def _change(self, plan: slicer.vtkMRMLScriptedModuleNode, **values: object) -> None:
        self.logic.setTracks(plan, **values)
        self.panel.planner.update_tracks()

    def _on_kind(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        self._change(plan, kind=self._kind.value)

    def _on_direction(self, plan: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
        """Take a direction; that of the needle that is chosen, or that of the 3D view as it is now."""
        chosen, numbers = self._direction.value, self.panel.needles.selected_numbers()
        if chosen == VIEW:
            way = type(self.panel.parameters.templateDirection)[VIEW]
            self._change(plan, direction=tuple(self.logic.templateDirection(plan, way)))
        elif chosen == NEEDLE:
            self._change(plan, direction=f"needle {numbers[0] if numbers else 1}")
        elif chosen != VECTOR:
            self._change(plan, direction=chosen)

    def _on_place(self, plan: slicer.vtkMRMLScriptedModuleNode, start: bool) -> None:
        self._placing.end()
        if start:
            self._placing.begin(self.logic.startEntries(plan))

    def _on_placing_ended(self) -> None:
        self.ui.placeEntriesButton.checked = False
        self.panel.request_refresh()
