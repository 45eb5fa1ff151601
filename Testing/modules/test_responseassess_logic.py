"""What a neuro-oncologist does through the Logic of ResponseAssess: from visits to a category and its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.response.vocabulary import Category
from brachyresponse.scene.tables import read_table
from scene.followed import BASELINE, FOLLOW_UP, response_logic
from scene_state import scene_state

TODAY = date(2026, 7, 1)


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def assessment(logic: Any) -> Any:
    """By RANO-BM, with two visits whose one lesion grew from 20 to 30 mm; sizes by numbers."""
    node = logic.createAssessment("Anna")
    logic.setTumour(node, "brain metastasis")
    for day, role, longest in ((BASELINE, "baseline", 20.0), (FOLLOW_UP, "follow-up", 30.0)):
        visit = logic.addVisit(node, day, role)
        logic.addManualLesion(visit, "T1", longest, 15.0)
        logic.setVisit(visit, "steroidDose", 0.0)
        logic.setVisit(visit, "clinicalStatus", "stable_or_improved")
        logic.setVisit(visit, "t2Flair", "stable_or_improved")
    return node


class TestAssess:
    def test_growth_is_progression_with_its_reason_in_tables_text_and_chart(self, logic: Any, assessment: Any) -> None:
        study = logic.assess(assessment, TODAY)
        baseline, follow_up = study.assessment.visits
        assert (baseline.category, follow_up.category) == (Category.BASELINE, Category.PD)
        assert (baseline.sum, follow_up.sum) == (20.0, 30.0)
        why = logic.why(logic.visits(assessment)[1])
        assert "PD" in why
        assert "50" in why
        assert why.splitlines()[0] in logic.reasonsText(assessment).GetText()
        rows = read_table(logic.assessmentTable(assessment)).rows
        assert [row[0] for row in rows] == [BASELINE, FOLLOW_UP]
        chart = logic.timelineChart(assessment)
        assert "PD" in chart.GetTitle()
        assert chart.GetNumberOfPlotSeriesNodes() >= 4
        assert logic.staleReason(assessment) == ""
        assert logic.study(assessment) is study

    def test_the_chart_marks_treatments_and_has_no_line_of_one_point(self, logic: Any, assessment: Any) -> None:
        logic.addTreatment(assessment, "surgery", "2026-02-20")
        logic.addTreatment(assessment, "biopsy", "2026-06-20", result="necrosis")
        logic.adjudicate(logic.visits(assessment)[1], "SD", "necrosis on biopsy")
        logic.assess(assessment, TODAY)
        chart = logic.timelineChart(assessment)
        series = [chart.GetNthPlotSeriesNode(n) for n in range(chart.GetNumberOfPlotSeriesNodes())]
        assert all(each.GetTableNode().GetNumberOfRows() > 1 for each in series)
        marks = {each.GetName(): each for each in series[1:] if each.GetLabelColumnName()}
        assert len(marks) == len({each.GetMarkerStyle() for each in marks.values()}) == 2
        labels = [each.GetTableNode().GetTable().GetValueByName(0, "label").ToString() for each in marks.values()]
        assert any("necrosis" in label for label in labels)
        assert chart.GetTitle() == f"RANO-BM, {FOLLOW_UP}: PD (reader: SD)"
        assert chart.GetXAxisTitle() == f"days since the baseline, {BASELINE}"
        said = series[0].GetTableNode().GetTable().GetColumnByName("label")
        assert said.GetValue(1) == f"{FOLLOW_UP}: PD (reader: SD)"
        drawn = [slicer.util.arrayFromTableColumn(each.GetTableNode(), each.GetYColumnName()) for each in series]
        highest = max(float(values.max()) for values in drawn)
        assert min(float(values.min()) for values in drawn) == 0.0  # treatments lie on the line of 0
        assert chart.GetYAxisRange()[0] == pytest.approx(0.0, abs=0.1 * highest)
        assert chart.GetYAxisRange()[1] > 1.4 * highest  # the legend lies above the curves
        assert chart.GetXAxisRange()[0] == pytest.approx(-9.0, abs=10.0)
        logic.removeTreatment(assessment, 0)
        logic.assess(assessment, TODAY)
        assert chart.GetNumberOfPlotSeriesNodes() == len(series) - 1

    def test_the_result_is_stale_as_soon_as_anything_changes(self, logic: Any, assessment: Any) -> None:
        visit = logic.visits(assessment)[1]
        changes = {
            "a lesion was changed": lambda: logic.addManualLesion(visit, "T1", 25.0, 15.0),
            "a visit was changed": lambda: logic.setVisit(visit, "clinicalStatus", "worse"),
            "a treatment or the tumour was changed": lambda: logic.addTreatment(assessment, "surgery", "2026-02-01"),
            "the criteria were changed": lambda: logic.setOption(assessment, "must_confirm_response", True),
        }
        for reason, change in changes.items():
            logic.assess(assessment, TODAY)
            assert logic.staleReason(assessment) == ""
            change()
            assert logic.staleReason(assessment) == reason
            logic.takeEdits(assessment)
            assert logic.reasonsText(assessment).GetText().startswith(f"OUT OF DATE: {reason}; assess again.")
            assert reason in logic.assessmentTable(assessment).GetDescription()
        logic.assess(assessment, TODAY)
        assert "OUT OF DATE" not in logic.reasonsText(assessment).GetText()
        assert not logic.assessmentTable(assessment).GetDescription()

    def test_the_reader_has_the_last_word_beside_the_computed_one(self, logic: Any, assessment: Any) -> None:
        visit = logic.visits(assessment)[1]
        logic.adjudicate(visit, "SD", "the biopsy of 2026-06-10 showed necrosis", by="Dr. Reader")
        study = logic.assess(assessment, TODAY)
        assert study.assessment.visits[1].category is Category.PD
        assert study.adjudication(date(2026, 6, 1)).category is Category.SD
        assert "showed necrosis" in logic.why(visit)
        logic.adjudicate(visit, None)
        assert logic.adjudication(visit) is None

    def test_other_criteria_half_way_are_refused_until_agreed(self, logic: Any, assessment: Any) -> None:
        logic.assess(assessment, TODAY)
        with pytest.raises(ResponseError, match=r"was assessed by RANO-BM; .* agree that all visits are assessed anew"):
            logic.setCriteria(assessment, "RANO-2010")
        logic.setCriteria(assessment, "RANO-2010", assessAnew=True)
        study = logic.assess(assessment, TODAY)
        assert study.assessment.visits[1].sum == 450.0
        assert any("RANO-BM" in warning for warning in study.warnings)

    def test_a_schedule_says_when_the_next_scan_is_due(self, logic: Any, assessment: Any) -> None:
        assert "gliasite" in logic.schedules()
        logic.setSchedule(assessment, "gliasite")
        logic.addTreatment(assessment, "source removal", "2026-03-10")
        state = logic.scheduleState(assessment, TODAY)
        assert state.next_due > TODAY
        logic.assess(assessment, TODAY)
        assert logic.study(assessment).schedule.next_due == state.next_due

    def test_a_schedule_of_ones_own_that_is_not_here_any_more_is_noted(
        self, logic: Any, assessment: Any, tmp_path: Path
    ) -> None:
        from importlib.resources import files

        shipped = files("brachyresponse.response.schedule") / "data" / "schedules" / "gliasite.json"
        own = tmp_path / "own.json"
        own.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
        logic.setSchedule(assessment, str(own))
        assert logic.assess(assessment, TODAY).schedule is not None
        own.unlink()
        found = response_logic().study(assessment)
        assert found.schedule is None
        assert any("'own.json', is not here" in each.sentence for each in found.assumptions)


class TestSizesAlone:
    def test_a_node_is_followed_by_its_short_axis_alone(self, logic: Any) -> None:
        node = logic.createAssessment("Neck")
        logic.setTumour(node, "neck node metastasis")
        for day, role, short_mm in ((BASELINE, "baseline", 16.0), (FOLLOW_UP, "follow-up", 9.0)):
            visit = logic.addVisit(node, day, role)
            logic.addManualLesion(visit, "N1", shortAxisMm=short_mm)
            logic.setLesion(visit, "N1", "kind", "node")
        study = logic.assess(node, TODAY)
        assert [visit.sum for visit in study.assessment.visits] == [16.0, 9.0]
        assert study.case.visits[0].lesions[0].longest_mm is None
        assert study.assessment.visits[1].category is Category.CR

    def test_volumes_are_followed_without_diameters(self, logic: Any) -> None:
        node = logic.createAssessment("Glioma")
        logic.setTumour(node, "high-grade glioma, recurrent", "wildtype")
        logic.setCriteria(node, "RANO-2.0")
        logic.setOption(node, "measure", "3D")
        for day, role, volume_ml in ((BASELINE, "baseline", 10.0), (FOLLOW_UP, "follow-up", 14.0)):
            visit = logic.addVisit(node, day, role)
            logic.addManualLesion(visit, "T1", volumeMl=volume_ml)
        study = logic.assess(node, TODAY)
        assert [visit.sum for visit in study.assessment.visits] == [10.0, 14.0]
        assert study.assessment.visits[1].percent_from_nadir == 40.0


class TestTables:
    def test_what_is_typed_counts_and_the_table_says_what_is(self, logic: Any, assessment: Any) -> None:
        table = logic.lesionTable(assessment)
        columns = read_table(table).columns
        table.SetCellText(1, columns.index("longest (mm)"), "21,5")
        assert logic.takeEdits(assessment)
        assert logic.lesions(logic.visits(assessment)[1])[0].longest_mm == 21.5
        assert not logic.takeEdits(assessment)
        table.SetCellText(1, columns.index("perpendicular (mm)"), "12")
        logic.takeEdits(assessment)
        found = logic.lesions(logic.visits(assessment)[1])[0]
        assert (found.longest_mm, found.perpendicular_mm, found.short_axis_mm) == (21.5, 12.0, 12.0)
        visits = logic.visitTable(assessment)
        visits.SetCellText(0, read_table(visits).columns.index("steroids"), "stable")
        logic.takeEdits(assessment)
        assert logic.visitValue(logic.visits(assessment)[0], "steroidTrend") == "stable"

    def test_what_is_changed_elsewhere_is_no_edit(self, logic: Any, assessment: Any) -> None:
        table = logic.lesionTable(assessment)
        logic.addManualLesion(logic.visits(assessment)[1], "T1", 22.0, 15.0)
        assert not logic.takeEdits(assessment)
        assert read_table(logic.lesionTable(assessment)).rows[1][7] == "22.0"
        assert logic.lesionTable(assessment) is table

    def test_what_cannot_be_is_refused_and_the_table_says_what_is(self, logic: Any, assessment: Any) -> None:
        table = logic.lesionTable(assessment)
        state = scene_state(slicer.mrmlScene)
        table.SetCellText(0, read_table(table).columns.index("state"), "absent")
        table.SetCellText(1, read_table(table).columns.index("longest (mm)"), "-4")
        with pytest.raises(ResponseError, match="-4 mm cannot be"):
            logic.takeEdits(assessment)
        assert scene_state(slicer.mrmlScene) == state

    def test_what_is_computed_cannot_be_typed(self, logic: Any, assessment: Any) -> None:
        table = logic.visitTable(assessment)
        table.SetCellText(0, read_table(table).columns.index("image"), "another.nrrd")
        with pytest.raises(ResponseError, match="Column 'image' is computed"):
            logic.takeEdits(assessment)
        assert read_table(table).rows[0][8] == ""

    def test_treatments_are_typed_as_well(self, logic: Any, assessment: Any) -> None:
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=120.0)
        table = logic.treatmentTable(assessment)
        table.SetCellText(0, read_table(table).columns.index("prescription_gy"), "145")
        assert logic.takeEdits(assessment)
        assert logic.treatments(assessment)[0].radiation.prescription_gy == 145.0
        table.SetCellText(0, 1, "soon")
        with pytest.raises(ResponseError, match="soon"):
            logic.takeEdits(assessment)
        assert read_table(table).rows[0][1] == "2026-02-20"


class TestTreatments:
    def test_criteria_follow_from_the_tumour_and_others_are_warned_of(self, logic: Any, assessment: Any) -> None:
        assert logic.criteria(assessment) is None
        assert logic.proposedCriteria(assessment).criteria == "RANO-BM"
        logic.setCriteria(assessment, "RECIST-1.1")
        assert any("RECIST" in warning or "RANO-BM" in warning for warning in logic.criteriaWarnings(assessment))

    def test_the_end_of_radiation_of_a_permanent_implant_is_asked_for(self, logic: Any, assessment: Any) -> None:
        logic.addTreatment(assessment, "implant", "2026-02-20", prescription_gy=120.0)
        assert logic.referenceDate(assessment) is None
        assert "permanent" in logic.referenceNeeded(assessment)
        offered = logic.referenceDates(assessment)
        assert offered[0].delivered_share is not None
        logic.setReferenceDate(assessment, "2026-02-20")
        assert logic.referenceDate(assessment) == date(2026, 2, 20)
        logic.setReferenceDate(assessment, str(offered[1].choice))
        assert logic.referenceDate(assessment) == offered[1].date


class TestRefusals:
    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda logic, an, first, last: logic.setVisit(first, "role", "follow-up"), "baseline"),
            (lambda logic, an, first, last: logic.setVisit(last, "role", "baseline"), "baseline"),
            (lambda logic, an, first, last: logic.setVisit(last, "date", "2026-01-01"), "baseline"),
            (lambda logic, an, first, last: logic.removeLesion(last, "T1"), "'T1' of the baseline is missing"),
            (lambda logic, an, first, last: logic.setTumour(an, None), "No tumour type is on record"),
            (lambda logic, an, first, last: logic.addManualLesion(last, "T1", 3.0, 2.0, volumeMl=40.0), "mL"),
            (lambda logic, an, first, last: [logic.removeVisit(an, visit) for visit in (first, last)], "baseline"),
        ],
    )
    def test_what_cannot_be_assessed_is_said_and_changes_nothing(
        self, logic: Any, assessment: Any, spoil: Any, said: str
    ) -> None:
        spoil(logic, assessment, *logic.visits(assessment))
        state = scene_state(slicer.mrmlScene)
        with pytest.raises(ResponseError, match=said):
            logic.assess(assessment, TODAY)
        assert scene_state(slicer.mrmlScene) == state

    def test_what_nobody_can_mean_is_said_and_changes_nothing(self, logic: Any, assessment: Any) -> None:
        visit = logic.visits(assessment)[1]
        state = scene_state(slicer.mrmlScene)
        for call, said in (
            (lambda: logic.setTumour(assessment, "brain metastases"), "did you mean 'brain metastasis'"),
            (lambda: logic.setTumour(assessment, "brain metastasis", "mutant"), "IDH state is 'mutant'"),
            (lambda: logic.addTreatment(assessment, "radium", "2026-03-01"), "There is no treatment 'radium'"),
            (lambda: logic.addTreatment(assessment, "biopsy", "2026-03-01"), "needs 'result'"),
            (lambda: logic.addTreatment(assessment, "surgery", "yesterday"), "not written as 2026-03-06"),
            (lambda: logic.removeTreatment(assessment, 3), "There is no treatment 4: there are 0"),
            (lambda: logic.setCriteria(assessment, "RANO"), "'RANO' is no set of criteria"),
            (lambda: logic.setOption(assessment, "speed", 1), "There is no option 'speed'"),
            (lambda: logic.setOption(assessment, "min_sd_weeks", "six"), "not a whole number"),
            (lambda: logic.setOption(assessment, "measure", "4D"), "'4D' is no measure of size"),
            (lambda: logic.setReferenceDate(assessment, "implant day"), "cannot be 'implant day'"),
            (lambda: logic.setSchedule(assessment, "weekly"), "weekly"),
            (lambda: logic.adjudicate(visit, "SD"), "has no reason: say why"),
            (lambda: logic.adjudicate(visit, "fine", "so"), "'fine' is no category"),
            (lambda: logic.setPerfusion(visit, assessment), "is no perfusion study"),
            (lambda: logic.addSeries(visit, None), "A series is a volume or a sequence"),
            (lambda: logic.growLesion(visit, (0.0, 0.0, 0.0)), "has no image of the visit"),
            (lambda: logic.registerVisit(visit), "has no image of the visit"),
            (lambda: logic.placeInField(visit, "T1"), "has no segment"),
            (lambda: logic.showMeasurement(visit, "T1"), "only sizes are known"),
            (lambda: logic.exportAssessment(assessment, "files"), "was not made yet"),
            (lambda: logic.showTimeline(assessment), "was not made yet"),
            (lambda: logic.assess(None), "No assessment is chosen"),
            (lambda: logic.visitDate(assessment), "is no visit"),
        ):
            with pytest.raises(BrachyResponseError, match=said):
                call()
            assert scene_state(slicer.mrmlScene) == state, said

    def test_before_the_first_assessment_there_is_nothing_to_explain(self, logic: Any, assessment: Any) -> None:
        with pytest.raises(ResponseError, match="was not made yet: assess it first"):
            logic.why(logic.visits(assessment)[0])
        assert logic.study(assessment) is None
        assert logic.assessmentTable(assessment) is None
