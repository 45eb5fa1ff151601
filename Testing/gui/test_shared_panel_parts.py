"""What all panels share: running with errors and cancel, coalescing, sections, tables, placing, reload."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from brachyresponse.errors import PlanError


@pytest.fixture
def shown_errors(slicer_app: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts of the message boxes that a user would have seen."""
    import slicer

    texts: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: texts.append(text))
    return texts


@pytest.fixture
def runner(slicer_app: Any) -> Any:
    import qt

    from brachyresponse.slicer_panel import Runner

    return Runner(qt.QLabel(), qt.QWidget())


class TestRunner:
    def test_an_error_of_ours_is_shown_and_stays_on_view(self, runner: Any, shown_errors: list[str]) -> None:
        with runner.action("Cannot delete the needle."):
            raise PlanError("There is no needle 7.")
        assert shown_errors == ["Cannot delete the needle.\n\nThere is no needle 7."]
        assert runner._status_label.text == "There is no needle 7."
        assert not runner.active

    def test_the_next_action_takes_the_message_away(self, runner: Any, shown_errors: list[str]) -> None:
        with runner.action("Failed."):
            raise PlanError("Something.")
        with runner.action("Failed."):
            pass
        assert runner._status_label.text == ""

    def test_a_fault_of_the_program_is_not_swallowed(self, runner: Any, shown_errors: list[str]) -> None:
        with pytest.raises(ZeroDivisionError), runner.action("Failed."):
            _ = 1 / 0
        assert shown_errors == []
        assert not runner.active

    def test_pressing_cancel_stops_the_work_without_an_error(self, runner: Any, shown_errors: list[str]) -> None:
        import qt

        reached = []
        with runner.long_action("Computing", "The dose was not computed.") as report:
            report(0.1, "Dose: block 1 of 10")
            for dialog in [w for w in qt.QApplication.topLevelWidgets() if isinstance(w, qt.QProgressDialog)]:
                dialog.cancel()
            report(0.2, "Dose: block 2 of 10")
            reached.append("block 3")
        assert reached == []
        assert shown_errors == []
        assert runner._status_label.text == "Cancelled; nothing was changed."

    def test_a_second_click_while_it_runs_starts_nothing(self, slicer_app: Any, shown_errors: list[str]) -> None:
        import qt

        from brachyresponse.slicer_panel import Runner

        panel = qt.QWidget()
        button = qt.QPushButton("Compute", panel)
        runner, started = Runner(qt.QLabel(), panel), []

        def compute() -> None:
            with runner.long_action("Computing", "Failed.") as report:
                started.append("run")
                button.click()
                report(0.5, "half")
                raise PlanError("It cannot be.")

        button.connect("clicked()", compute)
        button.click()
        assert started == ["run"]
        assert shown_errors == ["Failed.\n\nIt cannot be."]
        button.click()
        assert started == ["run", "run"]


class TestCoalescingTimer:
    def test_a_burst_of_requests_becomes_one_call(self, slicer_app: Any) -> None:
        from brachyresponse.slicer_panel import CoalescingTimer

        calls: list[int] = []
        timer = CoalescingTimer(lambda: calls.append(1), busy=lambda: False)
        for _ in range(50):
            timer.request()
        assert calls == []
        slicer_app.processEvents()
        assert calls == [1]

    def test_a_call_is_put_off_while_something_runs_and_then_made(self, slicer_app: Any) -> None:
        from brachyresponse.slicer_panel import CoalescingTimer

        calls: list[int] = []
        busy = [True]
        timer = CoalescingTimer(lambda: calls.append(1), busy=lambda: busy[0])
        timer.request()
        slicer_app.processEvents()
        assert calls == []
        busy[0] = False
        timer.flush()
        assert calls == [1]

    def test_a_cancelled_request_is_forgotten(self, slicer_app: Any) -> None:
        from brachyresponse.slicer_panel import CoalescingTimer

        calls: list[int] = []
        timer = CoalescingTimer(lambda: calls.append(1), busy=lambda: False)
        timer.request()
        timer.cancel()
        timer.flush()
        assert calls == []


def test_opening_a_section_closes_the_others(slicer_app: Any) -> None:
    import ctk

    from brachyresponse.slicer_panel import Accordion

    sections = [ctk.ctkCollapsibleButton(name) for name in ("a", "b", "c")]
    for section in sections:
        section.name = section.text
    opened: list[str] = []
    accordion = Accordion(sections, opened.append)
    accordion.open("a")
    sections[2].collapsed = False
    assert [section.collapsed for section in sections] == [True, True, False]
    assert opened[-1] == "c"


class TestTables:
    @pytest.fixture
    def table(self, slicer_app: Any) -> Any:
        import qt

        table = qt.QTableWidget(0, 2)
        table.setSelectionBehavior(qt.QAbstractItemView.SelectRows)
        return table

    def test_cells_show_text_tool_tip_check_and_verdict(self, table: Any) -> None:
        import qt

        from brachyresponse.slicer_panel import Cell, Verdict, fill_table

        fill_table(table, [[Cell("D90", "dose to 90 %", Verdict.NOT_MET), Cell("yes", checked=True, editable=True)]])
        assert table.item(0, 0).text() == "D90"
        assert table.item(0, 0).toolTip() == "dose to 90 %"
        assert not table.item(0, 0).icon().isNull()
        assert table.item(0, 1).checkState() == qt.Qt.Checked
        assert table.item(0, 0).flags() & qt.Qt.ItemIsEditable == qt.Qt.NoItemFlags
        assert table.item(0, 1).flags() & qt.Qt.ItemIsEditable == qt.Qt.ItemIsEditable

    def test_filling_keeps_the_selection_and_is_not_taken_for_an_edit(self, table: Any) -> None:
        from brachyresponse.slicer_panel import Cell, fill_table, selected_rows

        rows = [[Cell(str(n)), Cell("")] for n in range(4)]
        fill_table(table, rows)
        table.selectRow(2)
        edits: list[Any] = []
        table.connect("cellChanged(int,int)", lambda row, column: edits.append((row, column)))
        fill_table(table, rows[:3])
        assert selected_rows(table) == [2]
        fill_table(table, rows[:1])
        assert selected_rows(table) == []
        assert edits == []

    def test_a_matrix_has_headings_on_both_sides_and_colours_that_go_with_their_cell(self, table: Any) -> None:
        import qt

        from brachyresponse.slicer_panel.tables import Cell, fill_matrix, select_cell

        table.setSelectionBehavior(qt.QAbstractItemView.SelectItems)
        fill_matrix(table, ["May", "June"], ["1"], [[Cell("PD", fill="#c04f00", ink="#ffffff"), Cell("SD")]])
        assert [table.horizontalHeaderItem(column).text() for column in (0, 1)] == ["May", "June"]
        assert table.verticalHeaderItem(0).text() == "1"
        assert table.item(0, 0).background().color().name() == "#c04f00"
        chosen: list[int] = []
        table.connect("itemSelectionChanged()", lambda: chosen.append(1))
        select_cell(table, 0, 1)
        assert (table.currentRow(), table.currentColumn(), chosen) == (0, 1, [])
        select_cell(table, 4, 1)
        fill_matrix(table, ["May"], ["1"], [[Cell("PD")]])
        assert table.columnCount == 1
        assert table.item(0, 0).background().style() == qt.Qt.NoBrush


class TestChoice:
    @pytest.fixture
    def choice(self, slicer_app: Any) -> Any:
        import qt

        from brachyresponse.slicer_panel.choice import Choice

        return Choice(qt.QComboBox(), {"": "unknown", "worse": "worse, from the tumour"})

    def test_a_value_is_shown_by_its_word_without_telling_anybody(self, choice: Any) -> None:
        told: list[int] = []
        choice.selector.connect("currentIndexChanged(int)", told.append)
        choice.show("worse")
        assert (choice.value, choice.selector.currentText) == ("worse", "worse, from the tumour")
        choice.show(None)
        assert (choice.value, choice.selector.currentText, told) == ("", "unknown", [])
        choice.show("better")
        assert choice.selector.currentText == ""

    def test_other_words_keep_what_was_chosen_where_they_have_it(self, choice: Any) -> None:
        choice.show("worse")
        choice.fill({"stable": "stable", "worse": "worse"})
        assert choice.value == "worse"
        choice.fill({"stable": "stable"})
        assert choice.value == choice.first == "stable"


def test_escape_ends_placing(scene: Any) -> None:
    import qt
    import slicer

    from brachyresponse.slicer_panel import Placing

    node = scene.AddNewNodeByClass("vtkMRMLMarkupsLineNode")
    ended: list[int] = []
    window = qt.QWidget()
    placing = Placing(window, lambda: ended.append(1))
    interaction = slicer.app.applicationLogic().GetInteractionNode()
    placing.begin(node)
    assert interaction.GetCurrentInteractionMode() == interaction.Place
    placing._escape.activated.emit()
    assert interaction.GetCurrentInteractionMode() != interaction.Place
    assert ended == [1]
    assert not placing.active


def test_placing_that_slicer_ends_is_noticed(scene: Any) -> None:
    import qt
    import slicer

    from brachyresponse.slicer_panel import Placing

    ended: list[int] = []
    window = qt.QWidget()
    placing = Placing(window, lambda: ended.append(1))
    placing.begin(scene.AddNewNodeByClass("vtkMRMLMarkupsLineNode"))
    slicer.app.applicationLogic().GetInteractionNode().SwitchToViewTransformMode()
    assert ended == [1]


def test_reload_drops_the_library_and_nothing_else(slicer_app: Any) -> None:
    from brachyresponse.slicer_panel.reloading import forget_library

    before = dict(sys.modules)
    sys.modules["brachyresponse_of_somebody_else"] = sys
    try:
        forget_library()
        assert "brachyresponse" not in sys.modules
        assert "brachyresponse.errors" not in sys.modules
        assert "brachyresponse_of_somebody_else" in sys.modules
        assert "numpy" in sys.modules
    finally:
        sys.modules.update(before)
        del sys.modules["brachyresponse_of_somebody_else"]


class TestAvailability:
    def test_a_button_that_cannot_be_pressed_says_why_and_then_again_what_it_does(self, slicer_app: Any) -> None:
        import qt

        from brachyresponse.slicer_panel.availability import allow

        button = qt.QPushButton()
        button.toolTip = "Find every seed"
        allow(button, "Choose the implant CT first.")
        assert (button.enabled, button.toolTip) == (False, "Choose the implant CT first.")
        allow(button, "Find the seeds first.")
        allow(button)
        assert (button.enabled, button.toolTip) == (True, "Find every seed")

    def test_the_first_reason_that_holds_is_given(self) -> None:
        from brachyresponse.slicer_panel.availability import first_reason

        assert first_reason((False, "no CT"), (True, "no plan"), (True, "no seeds")) == "no plan"
        assert first_reason((False, "no CT")) == ""


def test_a_key_presses_its_button_unless_it_is_disabled(slicer_app: Any) -> None:
    import qt

    from brachyresponse.slicer_panel.shortcuts import Shortcuts

    part, button, pressed = qt.QWidget(), qt.QPushButton(), []
    button.connect("clicked()", lambda: pressed.append(1))
    shortcuts = Shortcuts(part, {"Ctrl+Z": button})
    key = shortcuts.keys["Ctrl+Z"]
    assert key.context == qt.Qt.WidgetWithChildrenShortcut
    key.activated.emit()
    button.enabled = False
    key.activated.emit()
    assert pressed == [1]


def test_a_selector_that_the_panel_sets_tells_nobody(scene: Any) -> None:
    import slicer

    from brachyresponse.slicer_panel.selectors import show_node

    selector, told = slicer.qMRMLNodeComboBox(), []
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.noneEnabled = True
    selector.setMRMLScene(scene)
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    selector.setCurrentNode(None)
    selector.connect("currentNodeChanged(vtkMRMLNode*)", told.append)
    show_node(selector, node)
    assert selector.currentNode() is node
    assert told == []


def test_rows_of_a_table_node_have_places_and_verdicts(scene: Any) -> None:
    from brachyresponse.planning import Table
    from brachyresponse.scene.tables import write_table
    from brachyresponse.slicer_panel import Verdict
    from brachyresponse.slicer_panel.table_rows import place_in, table_rows, verdict_of

    table = Table(
        "Findings",
        ("result", "severity", "position (mm)", "value"),
        (("fail", "warn", "1.0 -2.5 3", 71.81676), ("pass", "error", "", 2.0)),
    )
    node = write_table(table, scene.AddNewNodeByClass("vtkMRMLTableNode"))
    rows = table_rows(node)
    assert [row["value"] for row in rows] == ["71.82", "2"]
    assert [place_in(row) for row in rows] == [[1.0, -2.5, 3.0], []]
    assert [verdict_of(row) for row in rows] == [Verdict.WARNING, Verdict.MET]
    assert table_rows(None) == []
