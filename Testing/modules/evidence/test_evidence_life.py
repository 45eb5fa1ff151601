"""The life of evidence: saved, renamed, deleted, in the assessment and in its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brachyresponse.response.evidence import read_evidence_file, weigh_request
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.tables import read_table
from command_line_run import run
from scene.followed import FOLLOW_UP, response_logic
from scene.weighed import FET, FET_ID, LESION, answer_all

TODAY = date(2026, 7, 1)


class TestLife:
    @pytest.fixture
    def weighed(self, logic: Any, evidence: Any, perfused: Any) -> Any:
        logic.addFinding(evidence, FET_ID, **FET)
        logic.collectFindings(evidence)
        answer_all(logic, evidence)
        logic.setPrior(evidence, 0.2, 0.4, 0.6, "ours", "A. Reader")
        logic.weigh(evidence)
        return evidence

    def test_a_saved_scene_brings_all_of_it_back(self, logic: Any, weighed: Any, scene: Any, tmp_path: Path) -> None:
        findings, text = logic.findings(weighed), logic.evidenceText(weighed).GetText()
        rows, interval = read_table(logic.markerTable(weighed)).rows, logic.evidence(weighed).interval
        assert scene.WriteToMRB(str(tmp_path / "evidence.mrb"))
        scene.Clear(0)
        assert scene.ReadFromMRB(str(tmp_path / "evidence.mrb"), True)
        logic = response_logic()
        (node,) = logic.evidences(logic.assessments()[0])
        assert logic.findings(node) == findings
        assert logic.evidenceText(node).GetText() == text
        assert read_table(logic.markerTable(node)).rows == rows
        assert logic.evidence(node).interval == interval
        assert logic.prior(node).set_by == "A. Reader"
        assert logic.evidenceState(node) == ""
        assert logic.sensitivityChart(node).GetNumberOfPlotSeriesNodes() == 5
        assert logic.weigh(node).interval == interval  # and it can go on

    def test_it_is_named_by_its_lesion_and_visit_and_goes_with_them(self, logic: Any, weighed: Any, visit: Any) -> None:
        logic.renameLesion(visit, LESION, "Left frontal")
        assert weighed.GetName() == f"Anna {FOLLOW_UP} lesion Left frontal evidence"
        assert logic.evidenceLesion(weighed) == "Left frontal"
        assert logic.evidenceState(weighed) == "the lesion was changed"
        logic.renameAssessment(logic.assessmentOf(visit), "Bertha")
        assert logic.markerTable(weighed).GetName() == f"Bertha {FOLLOW_UP} lesion Left frontal evidence markers"
        assert logic.evidenceOf(visit, "Left frontal") is weighed

    @pytest.mark.parametrize("how", ["lesion", "visit", "assessment"])
    def test_what_is_deleted_leaves_nothing_behind(
        self, logic: Any, weighed: Any, visit: Any, perfused: Any, scene: Any, how: str
    ) -> None:
        deleting = {
            "lesion": lambda: logic.removeLesion(visit, LESION),
            "visit": lambda: logic.removeVisit(logic.assessmentOf(visit), visit),
            "assessment": lambda: logic.deleteAssessment(logic.assessmentOf(visit)),
        }
        deleting[how]()
        kept = [node.GetName() for node in nodes_of_class(scene, "vtkMRMLNode")]
        assert not [name for name in kept if "evidence" in name.lower()]
        assert not nodes_of_class(scene, "vtkMRMLPlotSeriesNode")
        assert perfused.GetScene() is scene

    def test_it_is_in_the_assessment_and_its_files_give_the_same_answer(
        self, logic: Any, weighed: Any, visit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        owner = logic.assessmentOf(visit)
        study = logic.assess(owner, TODAY)
        (one,) = study.evidence
        assert (one.lesion, one.evidence.interval) == (LESION, logic.evidence(weighed).interval)
        assert one.evidence.headline in logic.reasonsText(owner).GetText()
        names = {path.name for path in logic.exportAssessment(owner, tmp_path)}
        assert {"evidence.json", "evidence.csv", "response.json", "report.html"} <= names
        assert logic.evidenceDisclaimer() in (tmp_path / "report.html").read_text(encoding="utf-8")
        (request,) = read_evidence_file(tmp_path / "evidence.json").requests
        assert weigh_request(request).evidence.interval == one.evidence.interval
        assert one.evidence.headline in run(capsys, "respond", "--evidence", tmp_path / "evidence.json").out

    def test_one_that_is_out_of_date_is_noted_and_not_written_to_files(
        self, logic: Any, weighed: Any, visit: Any, tmp_path: Path
    ) -> None:
        owner = logic.assessmentOf(visit)
        logic.assess(owner, TODAY)
        logic.setPrior(weighed, 0.3, 0.4, 0.5)
        with pytest.raises(Exception, match=r"its evidence is out of date \(the prior was changed\): weigh it again"):
            logic.exportAssessment(owner, tmp_path)
        study = logic.assess(owner, TODAY)
        assert any("is out of date (the prior was changed)" in each.sentence for each in study.assumptions)
        logic.deleteEvidence(weighed)
        assert logic.evidences(visit) == []
        assert logic.staleReason(owner) == "the evidence was weighed again or deleted"
