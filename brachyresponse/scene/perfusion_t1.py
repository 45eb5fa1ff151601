"""Where T1 before contrast comes from: one figure, a map, or images of several flip angles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import FlipAngleSeries
from brachyresponse.perfusion.series.file_times import TAG_NAME
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS, FileFrames
from brachyresponse.perfusion.study import T1Source
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_json, set_perfusion_field
from brachyresponse.scene.perfusion_frames import read_frames, series_node_of
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_parts,
    require_perfusion,
    set_perfusion_part,
    set_perfusion_parts,
)
from brachyresponse.scene.volumes import view_image

TR_ATTRIBUTE, FLIP_ANGLE = "MultiVolume.DICOM.RepetitionTime", "FlipAngle"


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
