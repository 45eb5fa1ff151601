"""Following the user's hand in the views: dragged seeds and needles, one update for many events, none during a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from brachyresponse.scene.needles import needle_node
from brachyresponse.scene.plan_parts import PlanRole, plan_part, remove_part
from brachyresponse.scene.volumes import read_grid
from gui.brachydose_panel import Panel
from small_patient import add_small_patient


@pytest.fixture
def panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel with a plan that has needles, seeds and a dose of 2 mm; the live grid is 3 mm."""
    import slicer

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), errors)
    panel.plan_by_template()
    panel.ui.liveSpacingSpinBox.value = 3
    panel.click("computeButton")
    return panel


@pytest.fixture
def calls(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the Logic's dose computations, as they are asked for."""
    made: list[str] = []
    for name in ("updateLive", "evaluatePlan"):
        compute = getattr(panel.logic, name)
        monkeypatch.setattr(
            panel.logic, name, lambda *args, it=name, run=compute, **kwargs: (made.append(it), run(*args, **kwargs))[1]
        )
    return made


def away(position_mm: np.ndarray, *step_mm: float) -> tuple[float, ...]:
    """A position so far from another."""
    return tuple(position_mm + np.array(step_mm))


def spacing_mm(panel: Panel) -> float:
    return float(read_grid(panel.logic.doseNode(panel.plan)).spacing_ijk_mm[0])


class TestDragging:
    def test_a_seed_dragged_off_its_needle_stays_on_it(self, panel: Panel) -> None:
        start = panel.position(0)
        panel.drag(panel.seeds_node, 0, away(start, 6, 4, 3))
        np.testing.assert_allclose(panel.position(0), start + np.array([0, 0, 3]), atol=1e-6)
        assert panel.errors == []

    def test_the_dose_is_coarse_while_dragging_and_full_afterwards(self, panel: Panel, calls: list[str]) -> None:
        start = panel.position(0)
        panel.drag(panel.seeds_node, 0, away(start, 0, 0, 2), away(start, 0, 0, 4), release=False)
        assert calls == ["updateLive", "updateLive"]
        assert spacing_mm(panel) == 3
        assert panel.ui.staleLabel.text == ""
        panel.drag(panel.seeds_node, 0)
        assert calls[2:] == ["evaluatePlan"]
        assert spacing_mm(panel) == 2

    def test_metrics_and_isodoses_follow(self, panel: Panel) -> None:
        before = panel.ui.headlineLabel.text
        points = [model.GetMesh().GetNumberOfPoints() for model in self.isodoses(panel)]
        panel.ui.seedsTable.selectRow(0)
        panel.click("detachButton")
        panel.drag(panel.seeds_node, 0, (0, 35, 0), release=False)
        assert panel.ui.headlineLabel.text != before
        assert [model.GetMesh().GetNumberOfPoints() for model in self.isodoses(panel)] != points

    def test_a_drag_is_one_step_of_undo(self, panel: Panel) -> None:
        before = panel.logic.seeds(panel.plan)
        steps = [away(panel.position(0), 1, 1, k) for k in range(1, 6)]
        panel.drag(panel.seeds_node, 0, *steps)
        panel.click("undoButton")
        assert panel.logic.seeds(panel.plan) == before

    def test_moving_a_needle_s_end_moves_its_seeds(self, panel: Panel) -> None:
        needle = panel.logic.needles(panel.plan)[0]
        held = np.flatnonzero(panel.logic.seeds(panel.plan).needle == needle.number)
        panel.drag(needle_node(panel.plan, needle.number), 1, away(needle.tip_mm, 5, 0, 0))
        moved = panel.logic.needles(panel.plan)[0]
        seeds = panel.logic.seeds(panel.plan)
        assert moved.distance_mm(seeds.positions_mm[held]).max() < 1e-6
        np.testing.assert_allclose(np.abs(seeds.directions[held] @ moved.direction), 1, atol=1e-9)

    def test_without_live_update_the_results_are_out_of_date(self, panel: Panel, calls: list[str]) -> None:
        panel.ui.liveCheckBox.checked = False
        panel.drag(panel.seeds_node, 0, away(panel.position(0), 0, 0, 2))
        assert calls == []
        assert panel.ui.staleLabel.text.startswith("Out of date")
        panel.click("computeButton")
        assert panel.ui.staleLabel.text == ""

    def test_the_seed_model_follows(self, panel: Panel) -> None:
        model = plan_part(panel.plan, PlanRole.SEED_MODEL)
        panel.ui.seedsTable.selectRow(0)
        panel.click("detachButton")
        panel.drag(panel.seeds_node, 0, (0, 0, 40))
        assert model.GetMesh().GetBounds()[5] > 39

    @staticmethod
    def isodoses(panel: Panel) -> list[Any]:
        from brachyresponse.scene.plan_parts import plan_parts

        return plan_parts(panel.plan, PlanRole.ISODOSE)


class TestCoalescing:
    def test_many_events_make_one_update(self, panel: Panel, calls: list[str]) -> None:
        panel.seeds_node.InvokeEvent(panel.seeds_node.PointStartInteractionEvent)
        start = panel.position(0)
        for step in range(1, 30):
            panel.seeds_node.SetNthControlPointPositionWorld(0, *away(start, 0, 0, step / 10))
        panel.settle()
        assert calls == ["updateLive"]

    def test_what_the_update_itself_writes_asks_for_no_other(self, panel: Panel, calls: list[str]) -> None:
        panel.drag(panel.seeds_node, 0, away(panel.position(0), 0, 0, 2))
        made = list(calls)
        for _ in range(3):
            panel.settle()
        assert calls == made

    def test_no_update_comes_while_a_run_is_active(self, panel: Panel, calls: list[str]) -> None:
        with panel.widget.panel.runner.action("Failed."):
            panel.seeds_node.SetNthControlPointPositionWorld(0, *away(panel.position(0), 0, 0, 2))
            panel.settle()
            assert calls == []
        panel.settle()
        assert calls == ["evaluatePlan"]


class TestOtherHands:
    """What somebody does to the nodes behind the panel's back."""

    def test_a_needle_deleted_in_the_data_module_leaves_its_seeds_free(self, panel: Panel) -> None:
        remove_part(needle_node(panel.plan, 1))
        panel.settle()
        assert panel.errors == []
        assert "free" in panel.column("seedsTable", 1)

    def test_a_deleted_dose_is_no_longer_shown(self, panel: Panel) -> None:
        remove_part(panel.logic.doseNode(panel.plan))
        panel.settle()
        panel.click("computeButton")
        assert panel.errors == []
        assert panel.logic.doseNode(panel.plan) is not None

    def test_deleted_seeds_are_said_and_do_not_break_the_panel(self, panel: Panel) -> None:
        remove_part(panel.seeds_node)
        panel.settle()
        assert "list of seeds" in panel.ui.statusLabel.text

    def test_a_deleted_plan_leaves_an_empty_panel(self, panel: Panel) -> None:
        panel.logic.deletePlan(panel.plan)
        panel.settle()
        assert panel.plan is None
        assert panel.ui.seedsTable.rowCount == panel.ui.needlesTable.rowCount == panel.ui.metricsTable.rowCount == 0
        assert not panel.ui.computeButton.enabled
        assert panel.errors == []

    def test_an_edited_structure_makes_the_results_stale(self, panel: Panel) -> None:
        import slicer

        segmentation, segment, volume = (panel.patient[key] for key in ("segmentation", "GTV", "volume"))
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, segment, volume).copy()
        mask[:, :, :25] = 0
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, segment, volume)
        panel.settle()
        assert "structure" in panel.ui.staleLabel.text

    def test_a_surface_or_a_colour_is_no_edit_of_a_structure(self, panel: Panel) -> None:
        panel.patient["segmentation"].CreateClosedSurfaceRepresentation()
        panel.patient["segmentation"].GetSegmentation().GetSegment(panel.patient["GTV"]).SetColor(0, 1, 0)
        panel.settle()
        assert panel.ui.staleLabel.text == ""

    def test_a_transform_on_the_seeds_is_applied(self, panel: Panel, scene: Any) -> None:
        import slicer

        matrix = np.eye(4)
        matrix[:3, 3] = [0, 0, 1]
        transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
        before = panel.position(0)
        panel.seeds_node.SetAndObserveTransformNodeID(transform.GetID())
        panel.settle()
        assert panel.errors == []
        np.testing.assert_allclose(panel.position(0), before + np.array([0, 0, 1]), atol=1e-6)
        assert panel.column("seedsTable", 5)[0] == f"{before[2] + 1:.1f}"

    def test_a_shear_on_the_seeds_is_refused_with_a_sentence(self, panel: Panel, scene: Any) -> None:
        import slicer

        sheared = np.eye(4)
        sheared[0, 1] = 0.2
        transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Sheared")
        transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(sheared))
        panel.seeds_node.SetAndObserveTransformNodeID(transform.GetID())
        panel.settle()
        assert "shears" in panel.ui.statusLabel.text
        panel.seeds_node.SetAndObserveTransformNodeID(None)
        panel.settle()
        assert panel.ui.statusLabel.text == ""
