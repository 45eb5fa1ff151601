"""What the adapters of assessments keep in nodes: lines, tables, chart, records, and the facts of series."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.response.matching import VisitRegistration
from brachyresponse.response.schedule import SeriesKind
from brachyresponse.response.vocabulary import LesionKind, VisitRole
from brachyresponse.scene.nodes import SceneError, get_attribute, nodes_of_class, set_attribute
from brachyresponse.scene.response_assessments import create_assessment
from brachyresponse.scene.response_fields import VisitField, set_visit_field
from brachyresponse.scene.response_lesions import LesionEntry, find_entry, put_entry, read_entries
from brachyresponse.scene.response_lines import ends_of, is_dragged, line_nodes, read_diameters, write_diameters
from brachyresponse.scene.response_measuring import draw_diameters
from brachyresponse.scene.response_parts import assessment_of, need_assessment, require_assessment, require_visit
from brachyresponse.scene.response_preview import hide_preview, is_previewed, show_preview
from brachyresponse.scene.response_proposals import propose_visits
from brachyresponse.scene.response_records import study_of_record
from brachyresponse.scene.response_registration import read_motion, visit_image, write_registration
from brachyresponse.scene.response_series import facts_of_series
from brachyresponse.scene.response_visits import add_visit, baseline_of, set_visit_volume, visits_of
from brachyresponse.scene.response_words import day_of, number_of, size_of, truth_of, word_of
from scene.building import linear_transform, rotation
from scene.followed import BASELINE, FOLLOW_UP, add_scan

LONGEST, ACROSS = np.array([[0.0, 0, 0], [20, 0, 0]]), np.array([[10.0, -6, 0], [10, 6, 0]])


@pytest.fixture
def assessment(scene: Any) -> Any:
    return create_assessment(scene, "Anna")


@pytest.fixture
def visit(assessment: Any) -> Any:
    return add_visit(assessment, BASELINE, "baseline")


class TestOwners:
    def test_an_assessment_and_a_visit_are_told_apart(self, assessment: Any, visit: Any) -> None:
        assert assessment_of(visit) is assessment
        with pytest.raises(SceneError, match="is no visit"):
            require_visit(assessment)
        with pytest.raises(SceneError, match="is no assessment"):
            require_assessment(visit)

    def test_a_visit_whose_assessment_is_gone_says_so(self, assessment: Any, visit: Any, scene: Any) -> None:
        scene.RemoveNode(assessment)
        with pytest.raises(SceneError, match="belongs to no assessment"):
            need_assessment(visit)

    def test_there_is_one_baseline(self, assessment: Any, visit: Any) -> None:
        assert baseline_of(assessment) is visit
        add_visit(assessment, FOLLOW_UP, VisitRole.BASELINE)
        with pytest.raises(ResponseError, match="two baselines, 2026-03-01 and 2026-06-01: keep one"):
            baseline_of(assessment)


class TestEntries:
    def test_a_lesion_is_kept_with_all_that_is_said_of_it(self, visit: Any) -> None:
        entry = LesionEntry(3, "T1", kind=LesionKind.NODE, organ="neck", plane="coronal", site={"site": "marginal"})
        put_entry(visit, entry)
        assert read_entries(visit) == (entry,)

    def test_damaged_lesions_are_said(self, visit: Any) -> None:
        set_visit_field(visit, VisitField.LESIONS, [{"slot": 1, "id": "T1", "kind": "wart"}])
        with pytest.raises(ResponseError, match="what is kept of its lesions is damaged"):
            read_entries(visit)
        set_attribute(visit, VisitField.LESIONS, "[{")
        with pytest.raises(ResponseError, match="is damaged; set it again"):
            read_entries(visit)


class TestLines:
    @pytest.fixture
    def drawn(self, visit: Any) -> Any:
        draw_diameters(visit, LesionEntry(1, "T1"), LONGEST, ACROSS)
        return visit

    def test_written_ends_are_read_back(self, drawn: Any) -> None:
        lines = read_diameters(drawn, find_entry(drawn, "T1"))
        np.testing.assert_allclose(lines.longest_ras_mm, LONGEST)
        np.testing.assert_allclose(lines.perpendicular_ras_mm, ACROSS)
        assert not lines.is_dragged

    def test_a_hardened_transform_is_a_change_and_one_above_is_none(self, drawn: Any, scene: Any) -> None:
        node = next(iter(line_nodes(drawn, 1).values()))
        turned = linear_transform(scene, rotation(30.0, [0, 1, 2]), [5.0, 6.0, 7.0])
        node.SetAndObserveTransformNodeID(turned.GetID())
        assert not is_dragged(node)
        node.HardenTransform()
        assert is_dragged(node)

    def test_a_transform_that_stretches_changes_the_length(self, drawn: Any, scene: Any) -> None:
        node = next(iter(line_nodes(drawn, 1).values()))
        node.SetAndObserveTransformNodeID(linear_transform(scene, np.diag([2.0, 1, 1])).GetID())
        assert is_dragged(node)
        assert np.linalg.norm(np.diff(ends_of(node), axis=0)) == pytest.approx(40.0)

    def test_a_second_diameter_can_be_left_out_and_taken_away(self, drawn: Any) -> None:
        entry = find_entry(drawn, "T1")
        write_diameters(drawn, entry, LONGEST, None)
        assert len(line_nodes(drawn, 1)) == 1
        assert len(nodes_of_class(slicer.mrmlScene, "vtkMRMLMarkupsLineNode")) == 1

    def test_a_line_without_both_ends_is_said(self, drawn: Any) -> None:
        node = next(iter(line_nodes(drawn, 1).values()))
        node.RemoveNthControlPoint(1)
        with pytest.raises(ResponseError, match="the line of its longest diameter has not both ends"):
            read_diameters(drawn, find_entry(drawn, "T1"))

    def test_lines_that_are_not_at_a_right_angle_are_warned_of(self, visit: Any) -> None:
        draw_diameters(visit, LesionEntry(1, "T1"), LONGEST, [[4.0, -6, 0], [16, 6, 0]])
        assert "off a right angle" in find_entry(visit, "T1").size.said[0]
        assert get_attribute(next(iter(line_nodes(visit, 1).values())), "Origin") == "manual"


class TestRegistrations:
    def test_a_transform_keeps_motion_residual_and_day(self, assessment: Any, visit: Any) -> None:
        later = add_visit(assessment, FOLLOW_UP)
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = rotation(7.0, [1, 1, 0]), [1.0, 2.0, 3.0]
        node = write_registration(later, VisitRegistration(matrix, 0.7, "Half.", ("Look.",)))
        found = read_motion(node)
        np.testing.assert_allclose(found.matrix, matrix)
        assert (found.residual_mm, found.residual_is, found.warnings) == (0.7, "Half.", ("Look.",))
        assert get_attribute(node, "Date") == date.today().isoformat()

    def test_a_transform_that_somebody_stretched_is_refused(self, assessment: Any, visit: Any, scene: Any) -> None:
        with pytest.raises(ResponseError, match="scales, shears or mirrors: register again"):
            read_motion(linear_transform(scene, np.diag([1.0, 1.0, 1.2])))

    def test_the_preview_goes_without_a_trace(self, assessment: Any, visit: Any, scene: Any) -> None:
        composite = scene.AddNewNodeByClass("vtkMRMLSliceCompositeNode")
        scans = [add_scan(scene, name).volume for name in ("March", "June")]
        later = add_visit(assessment, FOLLOW_UP, volume_node=scans[1])
        slicer.util.updateVolumeFromArray(scans[0], np.ones((4, 4, 4)))
        set_visit_volume(visit, scans[0])
        write_registration(later, VisitRegistration(np.eye(4), 0.1, "As made."))
        count = scene.GetNumberOfNodes()
        show_preview(later)
        assert is_previewed(later)
        assert composite.GetBackgroundVolumeID() == scans[0].GetID()
        assert propose_visits(assessment) == []
        hide_preview(later)
        assert scene.GetNumberOfNodes() == count
        assert composite.GetForegroundVolumeID() is None


class Database:
    """What is asked of ``slicer.dicomDatabase``."""

    isOpen = True

    def __init__(self, **values: dict[str, str]) -> None:
        self.values = values

    def instanceValue(self, uid: str, tag: str) -> str:
        return self.values.get(uid, {}).get(tag, "")


class TestSeries:
    def test_dicom_says_what_a_series_is_and_when_it_was_made(
        self, assessment: Any, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        common = {"0008,0060": "MR", "0008,103e": "ep2d diff", "0008,0022": "20260401", "0020,0052": "1.2.3"}
        database = Database(a={**common, "0018,9087": "0"}, b={**common, "0018,9087": "1000"})
        monkeypatch.setattr(slicer, "dicomDatabase", database, raising=False)
        node = add_scan(scene, "7").volume
        node.SetName("7: ep2d diff")
        node.SetAttribute("DICOM.instanceUIDs", "a b")
        facts = facts_of_series(node)
        assert (facts.kind, facts.b_values) == (SeriesKind.DWI, (0.0, 1000.0))
        assert facts.spacing_mm == pytest.approx((1.0, 1.0, 2.0))
        (proposal,) = propose_visits(assessment)
        assert (proposal.day, proposal.volumes) == (date(2026, 4, 1), (node,))

    def test_an_image_of_another_patient_is_refused(
        self, assessment: Any, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        database = Database(a={"0010,0020": "P-1"}, b={"0010,0020": "P-2"})
        monkeypatch.setattr(slicer, "dicomDatabase", database, raising=False)
        volumes = [add_scan(scene, name).volume for name in "ab"]
        for node, uid in zip(volumes, "ab", strict=True):
            node.SetAttribute("DICOM.instanceUIDs", uid)
        add_visit(assessment, BASELINE, "baseline", volumes[0])
        assert get_attribute(assessment, "PatientId") == "P-1"
        with pytest.raises(ResponseError, match="is of patient 'P-2', but assessment 'Anna' is of patient 'P-1'"):
            add_visit(assessment, FOLLOW_UP, volume_node=volumes[1])
        assert len(visits_of(assessment)) == 1

    def test_without_dicom_the_name_and_the_attributes_tell(self, scene: Any) -> None:
        node = add_scan(scene, "x").volume
        node.SetName("Axial FLAIR")
        assert facts_of_series(node).kind is SeriesKind.FLAIR
        node.SetName("series 4")
        node.SetAttribute("DICOM.Modality", "CT")
        assert facts_of_series(node).kind is SeriesKind.CT

    def test_an_image_of_air_is_a_ct(self, assessment: Any, scene: Any) -> None:
        scan = add_scan(scene, "x")
        values = slicer.util.arrayFromVolume(scan.volume).copy()
        visit = add_visit(assessment, BASELINE, volume_node=scan.volume)
        assert visit_image(visit).unit == ""
        slicer.util.updateVolumeFromArray(scan.volume, values - 1000)
        assert visit_image(visit).unit == "HU"


class TestWords:
    def test_what_is_typed_is_read(self) -> None:
        assert word_of(VisitRole, " baseline ", "role") is VisitRole.BASELINE
        assert day_of(" 2026-03-06 ", "visit") == date(2026, 3, 6)
        assert day_of("", "visit") is None
        assert number_of("4,5", "Dose", "mg") == 4.5
        assert number_of(" ", "Dose", "mg") is None
        assert [truth_of(text, "x") for text in ("yes", "no", "True", "0", "")] == [True, False, True, False, False]

    def test_what_cannot_be_is_said(self) -> None:
        for call, said in (
            (lambda: number_of("inf", "Dose", "mg"), "inf mg cannot be"),
            (lambda: number_of("much", "Dose", "mg"), "'much' is not a number; give one in mg"),
            (lambda: size_of("0", "Longest", "mm"), "0 mm is no size"),
            (lambda: truth_of("maybe", "Option"), "'maybe' is neither yes nor no"),
            (lambda: day_of("6.3.2026", "visit"), "not written as 2026-03-06"),
        ):
            with pytest.raises(BrachyResponseError, match=said):
                call()


def test_a_damaged_record_is_said(assessment: Any) -> None:
    with pytest.raises(ResponseError, match=r"is damaged .* assess it again"):
        study_of_record(assessment, "{")
    assert visits_of(assessment) == []
