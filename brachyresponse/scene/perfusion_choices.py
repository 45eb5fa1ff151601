"""What a study is computed with: settings, T1 before contrast, arterial input function, days; kept on its node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from types import UnionType
from typing import Any, get_args, get_type_hints

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import FlipAngleSeries
from brachyresponse.perfusion.series.file_times import TAG_NAME
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS, FileFrames
from brachyresponse.perfusion.study import (
    AifChoice,
    AifSource,
    PerfusionSettings,
    StudyDates,
    T1Source,
    setting_facts,
)
from brachyresponse.scene.perfusion_fields import (
    PerfusionField,
    perfusion_day,
    perfusion_json,
    perfusion_text,
    set_perfusion_field,
)
from brachyresponse.scene.perfusion_frames import read_frames, series_node_of
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_parts,
    require_perfusion,
    set_perfusion_part,
    set_perfusion_parts,
)
from brachyresponse.scene.perfusion_segments import ARTERY, VEIN, choose_segment, read_optional
from brachyresponse.scene.volumes import view_image

POPULATION = "population"
DAYS = {
    "treatment": PerfusionField.TREATMENT_DATE,
    "progression": PerfusionField.PROGRESSION_DATE,
    "surgery": PerfusionField.SURGERY_DATE,
}
TR_ATTRIBUTE, FLIP_ANGLE = "MultiVolume.DICOM.RepetitionTime", "FlipAngle"


def read_settings(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionSettings:
    """Return the settings of a study: the defaults, with what was changed.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or a value is outside its range.
    """
    return PerfusionSettings(**perfusion_json(perfusion_node, PerfusionField.SETTINGS, {}))


def set_setting(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
    """Change a setting of a study; its default value is no change.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study or setting, or the value is of another kind or outside its range.
    """
    label = setting_facts(name).label
    changed = PerfusionSettings(**{**asdict(read_settings(perfusion_node)), name: _typed(name, label, value)})
    defaults = PerfusionSettings()
    values = {each.name: getattr(changed, each.name) for each in fields(changed)}
    kept = {key: given for key, given in values.items() if given != getattr(defaults, key)}
    set_perfusion_field(perfusion_node, PerfusionField.SETTINGS, kept or None)


@dataclass(frozen=True, eq=False)
class T1Choice:
    """Where T1 before contrast comes from: one of three, or nothing.

    Parameters
    ----------
    seconds
        One figure for all tissue.
    volume_node
        A map, in s or ms.
    flip_angle_nodes
        A sequence or volumes with several flip angles.
    flip_angle_deg, tr_s
        Of those, where they do not tell it.
    """

    seconds: float | None = None
    volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
    flip_angle_nodes: Sequence[slicer.vtkMRMLNode] = ()
    flip_angle_deg: Sequence[float] = ()
    tr_s: float | None = None

    def __post_init__(self) -> None:
        if sum((self.seconds is not None, self.volume_node is not None, bool(self.flip_angle_nodes))) > 1:
            raise PerfusionError("T1 before contrast has one source: give seconds, a T1 map, or flip-angle images.")
        if self.seconds is not None and not 0.05 <= self.seconds <= 10:
            raise PerfusionError(f"T1 before contrast is {self.seconds:g} s, expected 0.05 to 10: give it in seconds.")


def set_t1(perfusion_node: slicer.vtkMRMLScriptedModuleNode, choice: T1Choice) -> None:
    """Choose where T1 before contrast comes from.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        There is no such study, or nodes that cannot be read; then the choice before stays.
    """
    require_perfusion(perfusion_node)
    nodes = [series_node_of(node) for node in choice.flip_angle_nodes]
    if choice.volume_node is not None:
        view_image(choice.volume_node, "T1 map")
    kept = {"seconds": choice.seconds, "flip_angle_deg": list(map(float, choice.flip_angle_deg)), "tr_s": choice.tr_s}
    if nodes:
        _flip_angles(nodes, kept)
    set_perfusion_part(perfusion_node, PerfusionRole.T1_VOLUME, choice.volume_node)
    set_perfusion_parts(perfusion_node, PerfusionRole.FLIP_ANGLES, nodes)
    set_perfusion_field(perfusion_node, PerfusionField.T1, kept if any(kept.values()) else None)


def read_t1(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> T1Source | None:
    """Return where T1 before contrast comes from, or None while nothing was chosen.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        A node cannot be read.
    """
    kept = perfusion_json(perfusion_node, PerfusionField.T1, {})
    if kept.get("seconds"):
        return float(kept["seconds"])
    volume_node = perfusion_part(perfusion_node, PerfusionRole.T1_VOLUME)
    if volume_node is not None:
        values, grid = view_image(volume_node, "T1 map")
        return Volume(volume_node.GetName(), values, grid, unit="")
    nodes = perfusion_parts(perfusion_node, PerfusionRole.FLIP_ANGLES)
    return _flip_angles(nodes, kept) if nodes else None


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


def _typed(name: str, label: str, value: Any) -> Any:
    """Return a value as the kind that the setting has."""
    kind = get_type_hints(PerfusionSettings)[name]
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if value is None and type(None) in kinds:
        return None
    plain = next(each for each in kinds if each is not type(None))
    try:
        converted = plain(value) if plain is not bool or value in (True, False) else bool(int(value))
    except (TypeError, ValueError) as error:
        raise PerfusionError(f"{label}: {value!r} is not {_article(plain)}; give one.") from error
    if plain is int and converted != float(value):
        raise PerfusionError(f"{label}: {value!r} is not a whole number; give one.")
    return converted


def _article(kind: type) -> str:
    return {float: "a number", int: "a whole number", bool: "yes or no"}.get(kind, "a word")


def _flip_angles(nodes: Sequence[slicer.vtkMRMLNode], kept: Mapping[str, Any]) -> FlipAngleSeries:
    frames = read_frames(nodes)
    angles = tuple(kept.get("flip_angle_deg") or _angles_told(frames))
    tr_s = kept.get("tr_s") or _tr_told(frames)
    return FlipAngleSeries(frames.name, frames.frames, frames.grid, angles, tr_s)


def _angles_told(frames: FileFrames) -> list[float]:
    if frames.attributes.get(TAG_NAME) != FLIP_ANGLE:
        raise PerfusionError(
            f"Series {frames.name!r} does not tell its flip angles: give them, in degrees, in the order of its images."
        )
    return [_number(label, frames.name, "flip angle") for label in frames.attributes.get(FRAME_LABELS, "").split(",")]


def _tr_told(frames: FileFrames) -> float:
    if not frames.attributes.get(TR_ATTRIBUTE):
        raise PerfusionError(f"Series {frames.name!r} does not tell its repetition time: give it, in s.")
    return _number(frames.attributes[TR_ATTRIBUTE], frames.name, "repetition time") / 1000


def _number(text: str, name: str, what: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise PerfusionError(f"Series {name!r}: its {what} {text!r} is not a number; give it.") from error
