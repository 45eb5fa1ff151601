"""Patient and target section: image, structures, GTV and PTV, and what every other structure is to the plan."""

from __future__ import annotations

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.planning import OrganLimit
from brachyresponse.scene.plan_choices import PlanChoices, read_plan_choices
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_structures import PlanSegments, read_plan_segments, read_plan_structure
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.section import BALLOON, Section
from brachyresponse.slicer_panel.layout import edit_segments, jump_slices, show_volume
from brachyresponse.slicer_panel.selectors import show_node, show_segments
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

NAME, RISK, AVOID, STOP, GAP, LIMITS = range(6)
ROLE_OF_COLUMN = {RISK: "organs", AVOID: "avoid", STOP: "barriers"}
NO_GTV: str = _("Choose the GTV first.")
NO_SEGMENTATION: str = _("Choose the structures first.")


class PatientSection(Section):
    """Which image, which targets, and the table of the other structures."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.structuresTable, stretched=LIMITS)
        self._shown: list[str] = []
        failed = _("The structure cannot be used.")
        self.on(ui.volumeSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_image, _("The image cannot be used."))
        self.on(ui.segmentationSelector, "currentNodeChanged(vtkMRMLNode*)", self._on_segmentation, failed)
        signal = "currentSegmentChanged(QString)"
        for selector, role in ((ui.targetSelector, "gtv"), (ui.ptvSelector, "ptv"), (ui.bodySelector, "skin")):
            self.on(selector, signal, lambda segment, it=role: self._choose(it, segment), failed)
        self.on(ui.growTargetButton, "clicked()", self._on_grow, _("The PTV was not made."))
        self.on(ui.structuresTable, "cellChanged(int,int)", self._on_cell, failed)
        self.on(ui.editSegmentsButton, "clicked()", self._on_edit_segments, _("The Segment Editor cannot be opened."))
        ui.sampleButton.connect("clicked()", self._on_sample)

    @property
    def has_target(self) -> bool:
        """Whether a target is chosen."""
        return bool(self.ui.targetSelector.currentSegmentID() or self.ui.ptvSelector.currentSegmentID())

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the structures of the plan."""
        segments = read_plan_segments(plan) if plan else PlanSegments()
        segmentation = plan_part(plan, PlanRole.SEGMENTATION) if plan else None
        ui = self.ui
        show_node(ui.volumeSelector, plan_part(plan, PlanRole.PLANNING_VOLUME) if plan else None)
        chosen = ((ui.targetSelector, segments.gtv), (ui.ptvSelector, segments.ptv), (ui.bodySelector, segments.skin))
        show_segments(ui.segmentationSelector, segmentation, chosen)
        self._fill(plan, segmentation, segments)
        allow(ui.growTargetButton, "" if segments.gtv else NO_GTV)
        allow(ui.editSegmentsButton, "" if segmentation is not None else NO_SEGMENTATION)

    def _fill(
        self,
        plan: slicer.vtkMRMLScriptedModuleNode | None,
        segmentation: slicer.vtkMRMLSegmentationNode | None,
        segments: PlanSegments,
    ) -> None:
        ids = segment_ids(segmentation) if segmentation else ()
        self._shown = [segment for segment in ids if segment not in (segments.gtv, segments.ptv, segments.skin)]
        choices = read_plan_choices(plan) if plan else PlanChoices()
        limits = self.logic.limits(plan) if plan else ()
        is_balloon = plan is not None and self.logic.sourceKind(plan) == BALLOON
        gaps = self.logic.balloon(plan).gaps if is_balloon else ()
        rows = []
        for segment in self._shown:
            name = segment_name(segmentation, segment)
            roles = (segments.organs, choices.avoid, choices.barriers, gaps)
            ticks = (segment in role for role in roles)
            rows.append(
                [Cell(name), *(Cell(checked=tick) for tick in ticks), Cell(_written(limits, name), editable=True)]
            )
        fill_table(self.ui.structuresTable, rows)
        self.ui.structuresTable.setColumnHidden(AVOID, is_balloon)  # no needles to keep off, but gaps to leave out
        self.ui.structuresTable.setColumnHidden(GAP, not is_balloon)

    def _on_image(self, node: slicer.vtkMRMLNode | None) -> None:
        if node is not None or self.panel.plan is not None:
            self.logic.setImage(self.panel.require_plan(), node)

    def _on_segmentation(self, node: slicer.vtkMRMLNode | None) -> None:
        if node is not None or self.panel.plan is not None:
            self.logic.setSegmentation(self.panel.require_plan(), node)

    def _choose(self, role: str, segment: str) -> None:
        if self.panel.plan is not None:
            self.logic.setStructures(self.panel.plan, **{role: segment or ""})

    def _on_grow(self) -> None:
        self.logic.growTarget(self.panel.plan, self.panel.parameters.ptvMarginMm)

    def _on_cell(self, row: int, column: int) -> None:
        if column == LIMITS:
            self._write_limits(row, self.ui.structuresTable.item(row, column).text())
        elif column == GAP:
            self.logic.setBalloon(self.panel.plan, gaps=self._ticked(column))
        elif column in ROLE_OF_COLUMN:
            self.logic.setStructures(self.panel.plan, **{ROLE_OF_COLUMN[column]: self._ticked(column)})

    def _ticked(self, column: int) -> list[str]:
        table = self.ui.structuresTable
        return [
            segment for row, segment in enumerate(self._shown) if table.item(row, column).checkState() == qt.Qt.Checked
        ]

    def _write_limits(self, row: int, text: str) -> None:
        """Replace the limits of the structure of a row by those that the user has typed."""
        name = self.ui.structuresTable.item(row, NAME).text()
        others = [str(limit) for limit in self.logic.limits(self.panel.plan) if limit.structure != name]
        typed = [f"{name}:{part.strip()}" for part in text.replace(",", ";").split(";") if part.strip()]
        self.logic.setLimits(self.panel.plan, [*others, *typed])

    def _on_edit_segments(self) -> None:
        roles = (PlanRole.SEGMENTATION, PlanRole.PLANNING_VOLUME)
        edit_segments(*(plan_part(self.panel.plan, role) for role in roles))

    def _on_sample(self) -> None:
        with self.panel.runner.long_action(_("Building the sample patient"), _("No sample patient.")) as report:
            self.panel.parameters.plan = self.logic.loadSamplePatient(report)
            self._show_patient()
        self.panel.show_node()

    def _show_patient(self) -> None:
        """Bring image and target into the views."""
        plan = self.panel.plan
        show_volume(plan_part(plan, PlanRole.PLANNING_VOLUME))
        jump_slices(slicer.mrmlScene, read_plan_structure(plan, read_plan_segments(plan).target).centre_mm)


def _written(limits: tuple[OrganLimit, ...], name: str) -> str:
    """The limits of a structure as the user types them."""
    return "; ".join(str(limit).removeprefix(f"{name}:") for limit in limits if limit.structure == name)
