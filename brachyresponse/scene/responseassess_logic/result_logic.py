"""Logic: the assessment with its reasons, the reader's last word, the schedule, and what is kept in tables."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.schedule import (
    ScheduleState,
    anchors_of,
    available_schedules,
    load_schedule,
    schedule_state,
)
from brachyresponse.response.study import Adjudication, ResponseStudy, evaluate_response
from brachyresponse.scene import (
    response_adjudication,
    response_measuring,
    response_output,
    response_reasons,
    response_records,
    response_staleness,
    response_tables,
    response_treatments,
)
from brachyresponse.scene.response_fields import ResponseField, response_text, set_response_field
from brachyresponse.scene.response_lesions import read_entries, segment_of
from brachyresponse.scene.response_parts import (
    ResponseRole,
    VisitPart,
    need_assessment,
    require_assessment,
    response_part,
    response_parts,
    visit_parts,
)
from brachyresponse.scene.response_request import read_scene_request
from brachyresponse.scene.response_visits import day_of_visit, visits_of
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, ChartNode, TableNode, TextNode, VisitNode
from brachyresponse.scene.responseassess_logic.treatment_logic import TreatmentLogic


class ResultLogic(TreatmentLogic):
    """The assessment with its reasons, the reader's last word, the schedule, and what is kept in tables."""

    def assess(self, assessmentNode: AssessmentNode, today: date | None = None) -> ResponseStudy:
        """Assess all visits and write the result: tables, chart, reasons as text.

        What was typed into tables and dragged is taken first; lesions whose segment was redrawn since an automatic
        measurement are measured anew. What cannot be assessed is said in a sentence, and the scene is as it was.
        """
        require_assessment(assessmentNode)
        self.takeEdits(assessmentNode)
        read = read_scene_request(assessmentNode, today or date.today())
        study = evaluate_response(read.request)
        text = response_output.write_result(assessmentNode, study, read.visits)
        self._cache.keep(assessmentNode, text, study)
        self._showTables(assessmentNode)
        return study

    def study(self, assessmentNode: AssessmentNode) -> ResponseStudy | None:
        """Return the last result, also of an earlier session; None before the first assessment."""
        text = response_records.record_text_of(assessmentNode)
        if not text:
            return None
        known = self._cache.find(assessmentNode, text)
        if known is None:
            known = response_records.study_of_record(assessmentNode, text)
            self._cache.keep(assessmentNode, text, known)
        return known

    def needStudy(self, assessmentNode: AssessmentNode) -> ResponseStudy:
        """Return the last result; an error where there is none yet."""
        study = self.study(assessmentNode)
        if study is None:
            raise ResponseError(f"Assessment {assessmentNode.GetName()!r} was not made yet: assess it first.")
        return study

    def why(self, visitNode: VisitNode) -> str:
        """Return why a visit has its category: the rule that decided, the reasons, what would change it."""
        study, day = self.needStudy(need_assessment(visitNode)), day_of_visit(visitNode)
        for visit in study.assessment.visits:
            if visit.date == day:
                return response_reasons.visit_text(study, visit)
        raise ResponseError(f"The visit of {day} was added since the last assessment: assess again.")

    def adjudicate(
        self, visitNode: VisitNode, category: str | None, reason: str = "", by: str = ""
    ) -> Adjudication | None:
        """Put the reader's category with its reason beside the computed one; None takes it back."""
        return response_adjudication.adjudicate(visitNode, category, reason, by, date.today())

    def adjudication(self, visitNode: VisitNode) -> Adjudication | None:
        """Return the reader's last word on a visit, or None."""
        return response_adjudication.adjudication_of(visitNode)

    def assessmentTable(self, assessmentNode: AssessmentNode) -> TableNode | None:
        """Return the table of the categories with their numbers and reasons, or None before the first assessment."""
        return response_part(assessmentNode, ResponseRole.ASSESSMENT_TABLE)

    def reasonTable(self, assessmentNode: AssessmentNode) -> TableNode | None:
        """Return the table of every reason with its rule and source, or None before the first assessment."""
        return response_part(assessmentNode, ResponseRole.REASON_TABLE)

    def reasonsText(self, assessmentNode: AssessmentNode) -> TextNode | None:
        """Return the node with the whole result in sentences, or None before the first assessment."""
        return response_part(assessmentNode, ResponseRole.REASONS)

    def timelineChart(self, assessmentNode: AssessmentNode) -> ChartNode | None:
        """Return the chart of sum, nadir, thresholds, treatments and ratios, or None before the first assessment."""
        return response_part(assessmentNode, ResponseRole.CHART)

    def showTimeline(self, assessmentNode: AssessmentNode) -> None:
        """Show the time line in a layout with a plot."""
        self.needStudy(assessmentNode)
        slicer.modules.plots.logic().ShowChartInLayout(self.timelineChart(assessmentNode))

    def visitTable(self, assessmentNode: AssessmentNode) -> TableNode:
        """Return the table of the visits as they are now; what is typed into it counts (:meth:`takeEdits`)."""
        return response_tables.show_visits(assessmentNode)

    def lesionTable(self, assessmentNode: AssessmentNode) -> TableNode:
        """Return the table of the lesions by visit as they are now; what is typed into it counts."""
        return response_tables.show_lesions(assessmentNode)

    def takeEdits(self, assessmentNode: AssessmentNode) -> bool:
        """Take what was typed into the tables, and diameters that were dragged; tell whether anything was.

        What cannot be is refused with a sentence, and the table says what is. Results that are out of date by now say
        so themselves from here on.
        """
        taken = [response_measuring.take_drags(node) for node in visits_of(assessmentNode)]
        taken += [
            response_tables.take_visit_edits(assessmentNode),
            response_tables.take_lesion_edits(assessmentNode),
            response_treatments.take_treatment_edits(assessmentNode),
        ]
        if any(taken):
            self._showTables(assessmentNode)
        response_staleness.say_staleness(assessmentNode)
        return any(taken)

    def _showTables(self, assessmentNode: AssessmentNode) -> None:
        """Bring the tables that are there up to date."""
        if response_part(assessmentNode, ResponseRole.VISIT_TABLE) is not None:
            response_tables.show_visits(assessmentNode)
        if response_part(assessmentNode, ResponseRole.LESION_TABLE) is not None:
            response_tables.show_lesions(assessmentNode)

    def staleReason(self, assessmentNode: AssessmentNode) -> str:
        """Return why the result no longer holds; empty while it does, or while there is none."""
        return response_staleness.stale_response_reason(assessmentNode)

    def markStale(self, assessmentNode: AssessmentNode, reason: str) -> None:
        """Say why the result no longer holds, as the end of a sentence."""
        response_staleness.mark_response_stale(assessmentNode, reason)
        response_staleness.say_staleness(assessmentNode)

    def assessmentNodes(self, assessmentNode: AssessmentNode) -> list[slicer.vtkMRMLNode]:
        """Return the nodes whose changes matter to an assessment, to be followed by a panel."""
        roles = (ResponseRole.DOSES, ResponseRole.DOSE_REGISTRATIONS, ResponseRole.VISIT_TABLE,
                 ResponseRole.LESION_TABLE, ResponseRole.TREATMENT_TABLE)  # fmt: skip
        nodes = [assessmentNode, *(node for role in roles for node in response_parts(assessmentNode, role))]
        for visitNode in visits_of(assessmentNode):
            nodes += [visitNode, *(node for role in VisitPart for node in visit_parts(visitNode, role))]
            nodes += [chosen.node for entry in read_entries(visitNode) if (chosen := segment_of(visitNode, entry))]
        found = [node for node in nodes if node is not None]
        return [node for place, node in enumerate(found) if not any(node is other for other in found[:place])]

    def schedules(self) -> dict[str, str]:
        """Return the schedules that come with the library: title by id."""
        return {id: load_schedule(id).title for id in available_schedules()}

    def setSchedule(self, assessmentNode: AssessmentNode, schedule: str | None) -> None:
        """Choose the schedule by its id or the path of a file; None is none."""
        if schedule:
            load_schedule(schedule)
        set_response_field(assessmentNode, ResponseField.SCHEDULE, schedule)

    def schedule(self, assessmentNode: AssessmentNode) -> str | None:
        """Return the id of the schedule, or None."""
        return response_text(assessmentNode, ResponseField.SCHEDULE) or None

    def scheduleState(self, assessmentNode: AssessmentNode, today: date | None = None) -> ScheduleState | None:
        """Return when the next scan is due, what is overdue and what is asked for; None without a schedule.

        It needs no assessment: visits and treatments say it; a result that is there says whether the picture is
        ambiguous.
        """
        chosen = self.schedule(assessmentNode)
        if chosen is None:
            return None
        study = self.study(assessmentNode)
        days = [day_of_visit(node) for node in visits_of(assessmentNode)]
        is_ambiguous = study is not None and study.schedule is not None and bool(study.schedule.advanced_imaging)
        anchors = anchors_of(self.treatments(assessmentNode))
        return schedule_state(load_schedule(chosen), anchors, days, today or date.today(), is_ambiguous)
