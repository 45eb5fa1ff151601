"""What the parts of the Logic share: the editor with its undo, the live dose, and what is computed beside Slicer."""

from __future__ import annotations

from brachyresponse.scene.inverse_trade_off_runs import TradeOffRuns
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_evaluation import LiveEvaluator


class EditingLogic:
    """Remembers the plans' edits and the dose that is kept while a seed moves; nothing of it is saved."""

    def __init__(self) -> None:
        super().__init__()
        self._editor = PlanEditor()
        self._live = LiveEvaluator()
        self._runs = TradeOffRuns()
