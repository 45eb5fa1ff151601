"""Lesions: the one click that grows one, segments drawn before, and the image they are seen on."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.perfusion_segments import ChosenSegment
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.clicking import Clicking
from brachyresponse.slicer_panel.layout import edit_segments, jump_slices, show_volume
from brachyresponse.slicer_panel.perfusionratios.following import changed_at
from brachyresponse.slicer_panel.perfusionratios.section import NO_IMAGE, NO_SERIES, Section
from brachyresponse.slicer_panel.selectors import show_node
from brachyresponse.slicer_panel.shortcuts import Shortcuts
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns, selected_rows
from brachyresponse.types import FloatArray

CHOOSE_ONE: str = _("Choose a lesion in the table first.")


class LesionsSection(Section):
    """Which lesions are measured."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui, shown = self.ui, self.on_shown
        fit_columns(ui.lesionsTable, stretched=0)
        self._lesions: list[ChosenSegment] = []
        self._volumes: dict[tuple[str, int], str] = {}
        self.clicking = Clicking(self.panel.window, self._on_place, self._on_ended)
        ui.lesionSegmentationSelector.connect(
            "currentNodeChanged(vtkMRMLNode*)", ui.lesionSegmentSelector.setCurrentNode
        )
        ui.lesionSegmentSelector.connect("currentSegmentChanged(QString)", lambda segment: self._enable())
        shown(ui.anatomicalSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_image, _("The image cannot be used."))
        shown(ui.clickLesionButton, "clicked(bool)", self._on_click, _("The lesion cannot be clicked."))
        shown(ui.addLesionButton, "clicked()", self._on_add, _("The segment cannot be used."))
        shown(ui.removeLesionButton, "clicked()", self._on_remove, _("The lesion was not removed."))
        shown(ui.editLesionButton, "clicked()", self._on_edit, _("The Segment Editor cannot be opened."))
        shown(ui.lesionsTable, "itemSelectionChanged()", self._on_selected, _("Cannot go there."))
        self._shortcuts = Shortcuts(
            ui.lesionSection,
            {"L": ui.clickLesionButton, "W": ui.proposeButton, "Delete": ui.removeLesionButton},
        )

    def refresh(self, node: PerfusionNode | None) -> None:
        """Show image and lesions."""
        show_node(self.ui.anatomicalSelector, self.logic.anatomicalVolume(node) if node else None)
        self._lesions = self.logic.lesions(node) if node else []
        notes = [self.logic.segmentNotes(lesion.node, lesion.segment_id) for lesion in self._lesions]
        volumes = list(map(self._volume, self._lesions))
        fill_table(self.ui.lesionsTable, list(map(_cells, self._lesions, volumes, notes)))
        self._enable()

    def stop_clicking(self) -> None:
        """End clicking a lesion, as Escape does."""
        self.clicking.end()

    def _volume(self, lesion: ChosenSegment) -> str:
        """Its volume, measured again only when it was changed."""
        key = (lesion.segment_id, changed_at(lesion))
        if key not in self._volumes:
            self._volumes[key] = _read_volume(lesion)
        return self._volumes[key]

    def _enable(self) -> None:
        ui, node = self.ui, self.panel.study
        chosen = [row for row in selected_rows(ui.lesionsTable) if row < len(self._lesions)]
        image = self.logic.anatomicalVolume(node) if node else None
        allow(ui.anatomicalSelector, "" if node else NO_SERIES)
        allow(ui.clickLesionButton, first_reason((node is None, NO_SERIES), (image is None, NO_IMAGE)))
        no_segment = (not ui.lesionSegmentSelector.currentSegmentID(), _("Choose a segment first."))
        allow(ui.addLesionButton, first_reason((node is None, NO_SERIES), no_segment))
        for button in (ui.removeLesionButton, ui.editLesionButton):
            allow(button, "" if chosen else CHOOSE_ONE)

    def _on_image(self, node: PerfusionNode, volume: slicer.vtkMRMLNode | None) -> None:
        self.logic.setAnatomicalVolume(node, volume)
        if volume is not None:
            show_volume(volume)

    def _on_click(self, node: PerfusionNode, start: bool) -> None:
        self.clicking.end()
        if start:
            self.clicking.begin(slicer.mrmlScene)
            self.ui.clickLesionButton.checked = True

    def _on_ended(self) -> None:
        self.ui.clickLesionButton.checked = False

    def _on_place(self, position_mm: FloatArray) -> None:
        if self.panel.study is not None:
            study, place = self.panel.study, position_mm.tolist()
            self.panel.run(lambda: self.logic.growLesion(study, place), _("No lesion was grown there."))

    def _on_add(self, node: PerfusionNode) -> None:
        ui = self.ui
        self.logic.addLesion(
            node, ui.lesionSegmentationSelector.currentNode(), ui.lesionSegmentSelector.currentSegmentID()
        )

    def _on_remove(self, node: PerfusionNode) -> None:
        lesion = self._chosen()
        self.logic.removeLesion(node, lesion.node, lesion.segment_id)
        self.ui.lesionsTable.clearSelection()

    def _on_edit(self, node: PerfusionNode) -> None:
        edit_segments(self._chosen().node, self.logic.anatomicalVolume(node))

    def _on_selected(self, node: PerfusionNode) -> None:
        if selected_rows(self.ui.lesionsTable) and self._chosen().exists:
            jump_slices(slicer.mrmlScene, self._chosen().read().centre_mm)

    def _chosen(self) -> ChosenSegment:
        return self._lesions[selected_rows(self.ui.lesionsTable)[0]]


def _cells(lesion: ChosenSegment, volume: str, notes: str) -> list[Cell]:
    if not lesion.exists:
        return [Cell(_("deleted"), _("Its segment was deleted: remove it.")), Cell("–", number=True)]
    return [Cell(lesion.name, notes), Cell(volume, notes, number=True)]


def _read_volume(lesion: ChosenSegment) -> str:
    try:
        return f"{lesion.read().volume_cc:.2f}"
    except BrachyResponseError:
        return "–"  # empty: said when it is measured
