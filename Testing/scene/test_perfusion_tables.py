"""The two tables that people edit: how a series was acquired, and when its frames were."""

from __future__ import annotations

from typing import Any

import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.scene import perfusion_acquisition as acquisitions
from brachyresponse.scene import perfusion_times as times
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_sequences import add_sequence
from brachyresponse.scene.perfusion_studies import create_study, read_study_series
from brachyresponse.scene.tables import read_table
from scene.perfused import FRAMES, series

VALUE, TIME = 1, 1


@pytest.fixture
def study(scene: Any) -> Any:
    return create_study(scene, add_sequence(scene, series()), "Study")


@pytest.fixture
def acquisition_table(study: Any) -> Any:
    return perfusion_part(study, PerfusionRole.ACQUISITION)


@pytest.fixture
def times_table(study: Any) -> Any:
    return perfusion_part(study, PerfusionRole.TIMES)


def test_each_figure_is_shown_in_its_unit_with_its_origin(acquisition_table: Any) -> None:
    table = read_table(acquisition_table)
    assert table.columns == ("parameter", "value", "unit", "origin")
    assert table.rows[0] == ("Repetition time (TR)", "5", "ms", "made")
    assert table.rows[5] == ("Dose", "", "mmol/kg", "not known")
    assert not acquisition_table.GetLocked()


def test_what_is_typed_is_taken_and_said_to_be_entered(study: Any, acquisition_table: Any) -> None:
    acquisition_table.SetCellText(0, VALUE, "4,5")
    acquisition_table.SetCellText(4, VALUE, "gadoterate")
    assert acquisitions.take_acquisition_edits(study)
    found = acquisitions.read_acquisition(study)
    assert found.tr_s == pytest.approx(0.0045)
    assert (found.agent, found.origins["agent"], found.origins["te_s"]) == ("gadoterate", "entered", "made")
    assert read_table(acquisition_table).rows[0] == ("Repetition time (TR)", "4.5", "ms", "entered")
    assert not acquisitions.take_acquisition_edits(study)


def test_an_emptied_cell_is_not_known(study: Any, acquisition_table: Any) -> None:
    acquisition_table.SetCellText(1, VALUE, "")
    acquisitions.take_acquisition_edits(study)
    assert acquisitions.read_acquisition(study).te_s is None


@pytest.mark.parametrize(
    ("row", "text", "said"),
    [
        (0, "soon", r"Repetition time \(TR\): 'soon' is not a number"),
        (0, "5000", r"repetition time is 5 s, expected 0.0005 to 4 s: if 5 is in ms, give 0.005 s"),
        (2, "-15", "flip angle is -15 degrees"),
    ],
)
def test_what_cannot_be_is_refused_and_the_table_is_as_it_was(
    study: Any, acquisition_table: Any, row: int, text: str, said: str
) -> None:
    before = read_table(acquisition_table).rows
    acquisition_table.SetCellText(row, VALUE, text)
    with pytest.raises(PerfusionError, match=said):
        acquisitions.take_acquisition_edits(study)
    assert read_table(acquisition_table).rows == before


def test_labels_and_lost_rows_come_back(study: Any, acquisition_table: Any) -> None:
    before = read_table(acquisition_table).rows
    acquisition_table.SetCellText(0, 0, "Rubbish")
    assert not acquisitions.take_acquisition_edits(study)
    assert read_table(acquisition_table).rows == before
    acquisition_table.RemoveRow(2)
    with pytest.raises(PerfusionError, match="has lost rows or columns; it was made anew"):
        acquisitions.take_acquisition_edits(study)
    assert read_table(acquisition_table).rows == before


def test_an_unknown_parameter_is_refused(study: Any) -> None:
    with pytest.raises(PerfusionError, match="no acquisition parameter 'tr': choose one of tr_s"):
        acquisitions.set_parameter(study, "tr", 0.005)


def test_times_are_shown_with_their_origin_and_can_be_corrected(study: Any, times_table: Any) -> None:
    assert read_table(times_table).rows[3] == (4, "12", "frame labels (AcquisitionTime, ms)")
    times_table.SetCellText(3, TIME, "12.5")
    assert times.take_times_edits(study)
    assert read_study_series(study).time_s[3] == 12.5
    assert times.read_times(study).said == "entered"


@pytest.mark.parametrize(("text", "said"), [("late", "Frame 4: its time 'late' is not a number"), ("99", "that fall")])
def test_times_that_cannot_be_are_refused(study: Any, times_table: Any, text: str, said: str) -> None:
    times_table.SetCellText(3, TIME, text)
    with pytest.raises(PerfusionError, match=said):
        times.take_times_edits(study)
    assert read_table(times_table).rows[3][TIME] == "12"


def test_times_typed_one_by_one_wait_for_the_rest(scene: Any) -> None:
    node = add_sequence(scene, series())
    for name in list(node.GetAttributeNames()):
        node.SetAttribute(name, None)
    node.SetIndexUnit("")
    study = create_study(scene, node, "Study")
    table = perfusion_part(study, PerfusionRole.TIMES)
    for frame in range(FRAMES):
        assert not times.take_times_edits(study)
        table.SetCellText(frame, TIME, f"{2 * frame + 10}")
    assert times.take_times_edits(study)
    assert read_study_series(study).time_s[:3].tolist() == [0, 2, 4]


def test_an_interval_or_a_list_of_another_length_is_refused(study: Any) -> None:
    with pytest.raises(PerfusionError, match=r"The frames are 0.005 s apart \(entered: every 0.005 s\)"):
        times.set_times(study, 0.005)
    with pytest.raises(PerfusionError, match="2 times for 30 frames: give one a frame"):
        times.set_times(study, [0, 1])
