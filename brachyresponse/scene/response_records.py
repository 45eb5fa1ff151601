"""The result of an assessment as it is kept in the scene: the request that gives it again, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.schedule import available_schedules
from brachyresponse.response.study import (
    ResponseRequest,
    ResponseStudy,
    evaluate_response,
    request_as_json,
    request_from_json,
)
from brachyresponse.scene.response_parts import ResponseRole, own_response_node, response_part


def write_record(assessment_node: slicer.vtkMRMLScriptedModuleNode, study: ResponseStudy) -> str:
    """Keep the request of a result with its assessment, and return its text."""
    node = own_response_node(assessment_node, ResponseRole.RECORD, "vtkMRMLTextNode", "record")
    node.SetHideFromEditors(True)
    node.SetText(json.dumps(request_as_json(study.request), ensure_ascii=False))
    return str(node.GetText())


def record_text_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the text that is kept; empty before the first assessment."""
    node = response_part(assessment_node, ResponseRole.RECORD)
    return "" if node is None else str(node.GetText() or "")


def study_of_record(assessment_node: slicer.vtkMRMLScriptedModuleNode, text: str) -> ResponseStudy:
    """Return the result that a text gives again, as of an earlier session.

    Raises
    ------
    ResponseError, InputFileError
        The text is damaged.
    """
    try:
        item = json.loads(text)
    except ValueError as error:
        raise ResponseError(
            f"What is kept of assessment {assessment_node.GetName()!r} is damaged ({error}): assess it again."
        ) from error
    return evaluate_response(_with_known_schedule(request_from_json(item)))


def _with_known_schedule(request: ResponseRequest) -> ResponseRequest:
    """A request without a schedule of the user's own whose file is not on this computer, which is noted."""
    if not request.schedule or request.schedule in available_schedules() or Path(request.schedule).is_file():
        return request
    said = f"The file of its schedule, {Path(request.schedule).name!r}, is not here: what is due is not told."
    return replace(request, schedule="", notes=(*request.notes, said))
