"""The ResponseAssess panel: its sections, the assessment and the visit it shows, and when it is drawn anew."""

from __future__ import annotations

from typing import Any

import qt
import slicer

from brachyresponse.response.vocabulary import VisitRole
from brachyresponse.scene.response_lesion_list import VisitLesion
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, VisitNode
from brachyresponse.slicer_panel.layout import show_layout_once
from brachyresponse.slicer_panel.panel import ModulePanel
from brachyresponse.slicer_panel.responseassess.choosing import ChoosingSection
from brachyresponse.slicer_panel.responseassess.clinical import ClinicalSection
from brachyresponse.slicer_panel.responseassess.criteria import CriteriaSection
from brachyresponse.slicer_panel.responseassess.diffusion import DiffusionSection
from brachyresponse.slicer_panel.responseassess.dose import DoseSection
from brachyresponse.slicer_panel.responseassess.drawing import DrawingSection
from brachyresponse.slicer_panel.responseassess.evidence import EvidenceSection
from brachyresponse.slicer_panel.responseassess.evidence_answer import EvidenceAnswerSection
from brachyresponse.slicer_panel.responseassess.evidence_context import EvidenceContextSection
from brachyresponse.slicer_panel.responseassess.evidence_cutoff import OwnCutoffSection
from brachyresponse.slicer_panel.responseassess.evidence_markers import EvidenceMarkersSection
from brachyresponse.slicer_panel.responseassess.evidence_prior import EvidencePriorSection
from brachyresponse.slicer_panel.responseassess.evidence_questions import EvidenceQuestionsSection
from brachyresponse.slicer_panel.responseassess.evidence_settings import EvidenceSettingsSection
from brachyresponse.slicer_panel.responseassess.evidence_typed import TypedMarkersSection
from brachyresponse.slicer_panel.responseassess.finding import FindingSection
from brachyresponse.slicer_panel.responseassess.following import AssessmentFollower
from brachyresponse.slicer_panel.responseassess.hand import HandSection
from brachyresponse.slicer_panel.responseassess.lesion_choice import LesionChoiceSection
from brachyresponse.slicer_panel.responseassess.lesions import LesionsSection
from brachyresponse.slicer_panel.responseassess.matching import MatchingSection
from brachyresponse.slicer_panel.responseassess.measuring import MeasuringSection
from brachyresponse.slicer_panel.responseassess.notes import NotesSection
from brachyresponse.slicer_panel.responseassess.outcome import OutcomeSection
from brachyresponse.slicer_panel.responseassess.proposals import ProposalsSection
from brachyresponse.slicer_panel.responseassess.protocol import ProtocolSection
from brachyresponse.slicer_panel.responseassess.reader import ReaderSection
from brachyresponse.slicer_panel.responseassess.reference import ReferenceSection
from brachyresponse.slicer_panel.responseassess.report import ReportSection
from brachyresponse.slicer_panel.responseassess.schedule import ScheduleSection
from brachyresponse.slicer_panel.responseassess.spectra import SpectraSection
from brachyresponse.slicer_panel.responseassess.strip import StripSection
from brachyresponse.slicer_panel.responseassess.treatments import TreatmentsSection
from brachyresponse.slicer_panel.responseassess.visit_display import show_image, show_only
from brachyresponse.slicer_panel.responseassess.visit_images import VisitImagesSection
from brachyresponse.slicer_panel.responseassess.visits import VisitsSection
from brachyresponse.slicer_panel.responseassess.why import WhySection

SECTIONS = (
    "visitsSection",
    "treatmentSection",
    "lesionSection",
    "responseSection",
    "diffusionSection",
    "evidenceSection",
    "scheduleSection",
    "reportSection",
)


class ResponseAssessPanel(ModulePanel):
    """Everything the ResponseAssess widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of ``ResponseAssess.ui`` by name.
    logic
        A ``ResponseAssessLogic``; each button is one call of it.
    window
        Widget in whose window Escape ends clicking a lesion.

    Attributes
    ----------
    visits
        The visits of the assessment in order of date, as last drawn.
    found
        The lesions of each visit by their names, likewise.
    """

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget) -> None:
        super().__init__(ui, logic, window, SECTIONS)
        self.visits: list[VisitNode] = []
        self.found: list[dict[str, VisitLesion]] = []
        self.visit_list = VisitsSection(self)
        self.choosing, self.proposals = ChoosingSection(self), ProposalsSection(self)
        self.images, self.clinical = VisitImagesSection(self), ClinicalSection(self)
        self.criteria, self.treatments = CriteriaSection(self), TreatmentsSection(self)
        self.reference, self.dose = ReferenceSection(self), DoseSection(self)
        self.lesions, self.measuring = LesionsSection(self), MeasuringSection(self)
        self.finding, self.hand, self.drawing = FindingSection(self), HandSection(self), DrawingSection(self)
        self.matching, self.lesion_choice = MatchingSection(self), LesionChoiceSection(self)
        self.diffusion, self.spectra = DiffusionSection(self), SpectraSection(self)
        self.evidence, self.prior = EvidenceSection(self), EvidencePriorSection(self)
        self.weighing, self.own_cutoff = EvidenceSettingsSection(self), OwnCutoffSection(self)
        self.markers, self.typed = EvidenceMarkersSection(self), TypedMarkersSection(self)
        self.questions, self.context = EvidenceQuestionsSection(self), EvidenceContextSection(self)
        self.answer = EvidenceAnswerSection(self)
        self.strip, self.why = StripSection(self), WhySection(self)
        self.reader, self.notes = ReaderSection(self), NotesSection(self)
        self.schedule, self.protocol = ScheduleSection(self), ProtocolSection(self)
        self.report, self.outcome = ReportSection(self), OutcomeSection(self)
        self.follower: AssessmentFollower = AssessmentFollower(self)

    @property
    def assessment(self) -> AssessmentNode | None:
        """The assessment that the panel shows."""
        return self.parameters.assessment if self.parameters else None

    node = assessment

    @property
    def visit(self) -> VisitNode | None:
        """The visit that is worked on: as chosen, else the last."""
        chosen = self.parameters.visit if self.parameters else None
        return chosen if chosen in self.visits else next(reversed(self.visits), None)

    @property
    def baseline(self) -> VisitNode | None:
        """The visit that response is measured from."""
        return next((each for each in self.visits if self.role_of(each) == VisitRole.BASELINE), None)

    def role_of(self, visit: VisitNode) -> str:
        """Return what a visit is to the assessment."""
        return str(self.logic.visitValue(visit, "role"))

    def sections(self) -> tuple[Any, ...]:
        """Return the sections that are drawn; those that read much only while they are open."""
        return (
            self.choosing, self.visit_list, self.proposals, self.images, self.clinical, self.criteria,
            self.treatments, self.reference, self.dose, self.lesions, self.measuring, self.finding, self.hand,
            self.drawing, self.matching, self.strip, self.why, self.reader, self.notes, self.lesion_choice,
            *self._open_sections(), self.schedule, self.protocol, self.report, self.outcome,
        )  # fmt: skip

    def _open_sections(self) -> tuple[Any, ...]:
        if not self.ui.diffusionSection.collapsed:
            return self.diffusion, self.spectra
        if not self.ui.evidenceSection.collapsed:
            return (
                self.evidence, self.prior, self.weighing, self.markers, self.typed, self.questions, self.context,
                self.answer,
            )  # fmt: skip
        return ()

    def node_selectors(self) -> tuple[qt.QWidget, ...]:
        """Return the selectors of images, segments and perfusion studies."""
        ui = self.ui
        return (
            ui.addVolumeSelector, ui.visitVolumeSelector, ui.seriesSelector, ui.perfusionSelector,
            ui.doseSelector, ui.doseImageSelector, ui.segmentationSelector, ui.segmentSelector, ui.adcSelector,
            ui.adcSegmentationSelector, ui.adcSegmentSelector,
        )  # fmt: skip

    def choose(self, assessment: AssessmentNode, visit: VisitNode | None = None) -> None:
        """Show an assessment, and of it a visit or the last."""
        self.parameters.assessment = assessment
        self.choose_visit(visit)

    def choose_visit(self, visit: VisitNode | None) -> None:
        """Work on a visit, and show its image alone."""
        self.parameters.visit = visit
        self.show_node()
        self.show_visit()

    def show_visit(self) -> None:
        """Show the visit in the views, alone, at its chosen lesion; the next visit keeps what is seen of the first."""
        self.logic.hideVisits()
        visit = self.visit
        if visit is None:
            return
        show_only(self.logic, self.visits, [visit])
        show_image(self.logic, self.visits, self.logic.visitVolume(visit))
        self.lesions.show_place()
        self.refresh()

    def on_parameters_modified(self) -> None:
        """Another assessment was chosen, or another visit."""
        if self.assessment is not self.shown:
            self.stop_placing()
            self.show_node()
            self.show_visit()
        elif not self.refreshing:
            self.request_refresh()

    def enter(self) -> None:
        """Set the layout when the module is opened for the first time ever."""
        show_layout_once("ResponseAssess", slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpPlotView)

    def redraw_seeds(self) -> None:
        """Show everything in all views again in a scene that was saved while visits stood side by side."""
        self.logic.hideVisits()

    def draw(self, node: AssessmentNode | None) -> None:
        """Show an assessment, or that there is none."""
        self.visits = list(self.logic.visits(node)) if node is not None else []
        self.found = [{lesion.id: lesion for lesion in self.logic.lesions(visit)} for visit in self.visits]
        super().draw(node)

    def stop_placing(self) -> None:
        """End clicking a lesion and drawing its diameters."""
        self.measuring.stop_clicking()
        self.drawing.stop_drawing()
