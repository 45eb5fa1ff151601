"""What a study is computed with: settings, arterial input function, days; kept on its node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from types import UnionType
from typing import Any, get_args, get_type_hints

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.study import (
    AifChoice,
    AifSource,
    PerfusionSettings,
    StudyDates,
    setting_facts,
)
from brachyresponse.scene.perfusion_fields import (
    PerfusionField,
    perfusion_day,
    perfusion_json,
    perfusion_text,
    set_perfusion_field,
)
from brachyresponse.scene.perfusion_parts import (
    require_perfusion,
)
from brachyresponse.scene.perfusion_segments import ARTERY, VEIN, choose_segment, read_optional

POPULATION = "population"
DAYS = {
    "treatment": PerfusionField.TREATMENT_DATE,
    "progression": PerfusionField.PROGRESSION_DATE,
    "surgery": PerfusionField.SURGERY_DATE,
}


def read_settings(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionSettings:
    """Return the settings of a study: the defaults, with what was changed.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or a value is outside its range.
    """
    return PerfusionSettings(**perfusion_json(perfusion_node, PerfusionField.SETTINGS, {}))


def set_setting(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
    """Change a setting of a study; else as :func:`set_settings`."""
    set_settings(perfusion_node, {name: value})


def set_settings(perfusion_node: slicer.vtkMRMLScriptedModuleNode, given: Mapping[str, Any]) -> None:
    """Change settings of a study, all or none of them; a default value is no change.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study or setting, or a value is of another kind or outside its range.
    """
    typed = {name: typed_setting(name, value) for name, value in given.items()}
    changed = PerfusionSettings(**{**asdict(read_settings(perfusion_node)), **typed})
    defaults = PerfusionSettings()
    values = {each.name: getattr(changed, each.name) for each in fields(changed)}
    kept = {key: given for key, given in values.items() if given != getattr(defaults, key)}
    set_perfusion_field(perfusion_node, PerfusionField.SETTINGS, kept or None)


def set_aif(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    method: str,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None = None,
    segment_id: str = "",
    model: str = AifSource.PARKER,
) -> None:
    """Choose the arterial input function: "automatic", "segment" with a segment, or "population" with its model.

    Raises
    ------
    SceneError, StructureError, PerfusionError
        There is no such method or model, or the segment cannot be read.
    """
    require_perfusion(perfusion_node)
    source = model if method == POPULATION else method
    if source not in set(AifSource):
        raise PerfusionError(
            f"There is no arterial input function {source!r}: choose automatic, segment, or population with one of "
            f"{', '.join(each for each in AifSource if each.is_population)}."
        )
    if source == AifSource.SEGMENT:
        if not segment_id:
            raise PerfusionError("The arterial input function is to be measured in a segment: choose the segment.")
        choose_segment(perfusion_node, ARTERY, segmentation_node, segment_id)
    set_perfusion_field(perfusion_node, PerfusionField.AIF, str(source))


def aif_source(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> AifSource:
    """Return where the arterial input function of a study comes from; automatic unless chosen."""
    source = perfusion_text(perfusion_node, PerfusionField.AIF)
    return AifSource(source) if source in set(AifSource) else AifSource.AUTOMATIC


def read_aif_choice(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> AifChoice:
    """Return which arterial input function a study takes.

    Raises
    ------
    SceneError, StructureError, PerfusionError
        A segment was deleted, is empty, or is not chosen.
    """
    source = aif_source(perfusion_node)
    artery = read_optional(perfusion_node, ARTERY) if source is AifSource.SEGMENT else None
    return AifChoice(source, artery, read_optional(perfusion_node, VEIN))


def set_day(perfusion_node: slicer.vtkMRMLScriptedModuleNode, what: str, day: date | str | None) -> None:
    """Set a day of the patient's course, "treatment", "progression" or "surgery"; None takes it away.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study or day, or the text is no date.
    """
    if what not in DAYS:
        raise PerfusionError(f"There is no day {what!r}: choose one of {', '.join(DAYS)}.")
    set_perfusion_field(perfusion_node, DAYS[what], parsed_day(day, what))


def read_dates(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> StudyDates:
    """Return the days that are known of a study.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or a day is damaged.
    """
    course = {what: perfusion_day(perfusion_node, field) for what, field in DAYS.items()}
    return StudyDates(scan=perfusion_day(perfusion_node, PerfusionField.SCAN_DATE), **course)


def parsed_day(day: date | str | None, what: str) -> date | None:
    """Return a day that was given as a date or as text; None for empty text.

    Raises
    ------
    PerfusionError
        The text is no date.
    """
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day.strip()) if day.strip() else None
    except ValueError as error:
        raise PerfusionError(f"The date of the {what} {day!r} is not written as 2026-03-06: write it so.") from error


def typed_setting(name: str, value: Any) -> Any:
    """Return a value as the kind that a setting has.

    Raises
    ------
    PerfusionError
        There is no such setting, or the value is of another kind.
    """
    label = setting_facts(name).label
    kind = get_type_hints(PerfusionSettings)[name]
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if value is None and type(None) in kinds:
        return None
    plain = next(each for each in kinds if each is not type(None))
    try:
        converted = _yes_or_no(value) if plain is bool else plain(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise PerfusionError(f"{label}: {value!r} is not {_article(plain)}; give one.") from error
    if plain is int and converted != float(value):
        raise PerfusionError(f"{label}: {value!r} is not a whole number; give one.")
    return converted


def _yes_or_no(value: Any) -> bool:
    if int(value) not in (0, 1):
        raise ValueError
    return bool(int(value))


def _article(kind: type) -> str:
    return {float: "a number", int: "a whole number", bool: "yes or no"}.get(kind, "a word")
