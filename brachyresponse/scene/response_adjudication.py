"""The reader's last word on a visit: kept with it, beside the computed category and never instead of it."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.response.study import Adjudication
from brachyresponse.response.vocabulary import Category
from brachyresponse.scene.response_fields import VisitField, set_visit_field, visit_json
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.response_words import word_of


def adjudicate(
    visit_node: slicer.vtkMRMLScriptedModuleNode, category: str | None, reason: str, by: str, today: date
) -> Adjudication | None:
    """Keep the reader's category of a visit with its reason; None takes it back.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or category, or no reason is given.
    """
    if category is None:
        set_visit_field(visit_node, VisitField.ADJUDICATION, None)
        return None
    said = Adjudication(day_of_visit(visit_node), word_of(Category, category, "category"), reason, by.strip(), today)
    kept = {"category": said.category.value, "reason": said.reason, "by": said.by, "on": today.isoformat()}
    set_visit_field(visit_node, VisitField.ADJUDICATION, kept)
    return said


def adjudication_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Adjudication | None:
    """Return the reader's last word on a visit, or None."""
    kept = visit_json(visit_node, VisitField.ADJUDICATION)
    if kept is None:
        return None
    on = date.fromisoformat(kept["on"])
    return Adjudication(day_of_visit(visit_node), Category(kept["category"]), kept["reason"], kept["by"], on)
