"""Perfusion studies in the scene: one node each, with references to series, images and results, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import Acquisition, DynamicSeries, SeriesKind
from brachyresponse.perfusion.series import acquisition_from_attributes, acquisition_from_bids, proposed_kind
from brachyresponse.perfusion.series.side_car import read_side_car
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.nodes import SceneError, add_node, batch, set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, delete_owner, folder_for, rename_owner
from brachyresponse.scene.perfusion_acquisition import described_series, read_acquisition, write_acquisition
from brachyresponse.scene.perfusion_choices import parsed_day
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text, set_perfusion_field
from brachyresponse.scene.perfusion_frames import file_of, read_frames, series_node_of
from brachyresponse.scene.perfusion_parts import (
    OWN_ROLES,
    PERFUSION_CLASS,
    PERFUSION_KIND,
    PerfusionRole,
    perfusion_parts,
    require_perfusion,
    set_perfusion_part,
    set_perfusion_parts,
)
from brachyresponse.scene.perfusion_times import KnownTimes, read_times, times_of, write_times


@dataclass(frozen=True, eq=False)
class ToldSeries:
    """The nodes of a series, and what they tell of its times and its acquisition."""

    nodes: list[slicer.vtkMRMLNode]
    times: KnownTimes
    acquisition: Acquisition


def create_study(
    scene: slicer.vtkMRMLScene, nodes: slicer.vtkMRMLNode | Sequence[slicer.vtkMRMLNode], name: str
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a study of a dynamic series, in a folder of its own, and return its node.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        The nodes cannot be read as a dynamic series; then nothing is added.
    """
    told = read_series_nodes(nodes)
    with batch(scene):
        node = add_node(scene, PERFUSION_CLASS, name)
        set_attribute(node, KIND_ATTRIBUTE, PERFUSION_KIND)
        node.SetHideFromEditors(False)  # so that a node selector can offer it
        set_perfusion_field(node, PerfusionField.CREATED, datetime.now().replace(microsecond=0))
        folder_for(node)
        write_series_nodes(node, told)
    return node


def delete_study(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Delete a study with everything that belongs to it; series, images and segmentations of the user stay.

    Raises
    ------
    SceneError
        There is no such study.
    """
    require_perfusion(perfusion_node)
    delete_owner(perfusion_node, OWN_ROLES)


def rename_study(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
    """Rename a study, its folder, and the nodes in it that carry its name."""
    require_perfusion(perfusion_node)
    rename_owner(perfusion_node, name, OWN_ROLES)


def series_nodes(nodes: slicer.vtkMRMLNode | Sequence[slicer.vtkMRMLNode]) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a series as a list; a volume through which a sequence is browsed stands for the sequence.

    Raises
    ------
    SceneError
        One of them is missing.
    """
    given: list[slicer.vtkMRMLNode] = list(nodes) if isinstance(nodes, (list, tuple)) else [nodes]
    if None in given:
        raise SceneError("No dynamic series is chosen: choose a sequence, a multi-volume or several volumes.")
    return [series_node_of(given[0])] if len(given) == 1 else given


def set_series(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, nodes: slicer.vtkMRMLNode | Sequence[slicer.vtkMRMLNode]
) -> None:
    """Choose the dynamic series; its frame times and acquisition are read anew, and those entered before forgotten.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        The nodes cannot be read as a dynamic series; then the study is as it was.
    """
    require_perfusion(perfusion_node)
    write_series_nodes(perfusion_node, read_series_nodes(nodes))


def read_series_nodes(nodes: slicer.vtkMRMLNode | Sequence[slicer.vtkMRMLNode]) -> ToldSeries:
    """Return what the nodes of a series tell; nothing is written.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        The nodes cannot be read as a dynamic series.
    """
    found = series_nodes(nodes)
    frames, side_car = read_frames(found), side_car_of(found[0])
    return ToldSeries(found, times_of(frames, side_car), acquisition_of(found[0], frames.attributes, side_car))


def write_series_nodes(perfusion_node: slicer.vtkMRMLScriptedModuleNode, told: ToldSeries) -> None:
    """Make a series that of a study; what belonged to the series before is forgotten."""
    facts = dicom_facts(told.nodes[0])
    with batch(perfusion_node.GetScene()):
        set_perfusion_parts(perfusion_node, PerfusionRole.SERIES, told.nodes)
        set_perfusion_part(perfusion_node, PerfusionRole.CORRECTED, None)
        write_times(perfusion_node, told.times)
        write_acquisition(perfusion_node, told.acquisition)
        set_perfusion_field(perfusion_node, PerfusionField.KIND, None)
        for field, value in ((PerfusionField.PATIENT_ID, facts.patient_id), (PerfusionField.SCAN_DATE, facts.day)):
            if value:
                set_perfusion_field(perfusion_node, field, value)


def side_car_of(node: slicer.vtkMRMLStorableNode) -> Mapping[str, Any]:
    """Return what the BIDS file says that lies beside the file of a node; nothing where there is none.

    Raises
    ------
    InputFileError
        It is no JSON object.
    """
    path = file_of(node)
    return {} if path is None else read_side_car(None, path)


def acquisition_of(node: slicer.vtkMRMLNode, attributes: Mapping[str, str], side_car: Mapping[str, Any]) -> Acquisition:
    """Return how a series was acquired, as its node, its attributes and its BIDS file tell.

    A figure outside what any scanner does is left out, and said in the notes: it can be entered in the table.
    """
    from_node, from_file = _told(attributes, acquisition_from_attributes), _told(side_car, acquisition_from_bids)
    return described_series(node).completed_by(from_node).completed_by(from_file)


def _told(values: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Acquisition]) -> Acquisition:
    """Read what can be taken; each of the others is a note."""
    taken, notes = dict(values), []
    for key, value in values.items():
        try:
            read({key: value})
        except PerfusionError as error:
            notes.append(str(error))
            del taken[key]
    return replace(found := read(taken), notes=(*notes, *found.notes))


def read_study_series(perfusion_node: slicer.vtkMRMLScriptedModuleNode, *, as_scanned: bool = False) -> DynamicSeries:
    """Return the series of a study with its times and its acquisition as they stand now; no frame is copied.

    Parameters
    ----------
    as_scanned
        Also where there is one that was corrected for motion.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        There is no series, it cannot be read, its times are not known, or it has other frames than it had.
    """
    corrected = [] if as_scanned else perfusion_parts(perfusion_node, PerfusionRole.CORRECTED)
    frames = read_frames(corrected or perfusion_parts(perfusion_node, PerfusionRole.SERIES))
    acquisition, known = read_acquisition(perfusion_node), read_times(perfusion_node)
    if known.time_s is None:
        raise PerfusionError(known.said)
    if known.count != len(frames.frames):
        raise PerfusionError(
            f"Series {frames.name!r} has {len(frames.frames)} frames, but had {known.count} when it was chosen: choose "
            "it again."
        )
    in_order = frames.frames
    if known.order is not None and not corrected:  # those corrected are in the order of time
        in_order = tuple(frames.frames[number] for number in known.order)
    return DynamicSeries(frames.name, in_order, frames.grid, known.time_s, acquisition, known.said)


def set_kind(perfusion_node: slicer.vtkMRMLScriptedModuleNode, kind: str) -> None:
    """Choose what the series is: "dce" or "dsc".

    Raises
    ------
    SceneError, PerfusionError
        There is no such study or kind.
    """
    require_perfusion(perfusion_node)
    if kind not in set(SeriesKind):
        raise PerfusionError(f"{kind!r} is no kind of perfusion series: choose 'dce' or 'dsc'.")
    set_perfusion_field(perfusion_node, PerfusionField.KIND, SeriesKind(kind).value)


def chosen_kind(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> SeriesKind | None:
    """Return what the series was said to be, or None while nothing was chosen."""
    kind = perfusion_text(perfusion_node, PerfusionField.KIND)
    return SeriesKind(kind) if kind in set(SeriesKind) else None


def propose_kind(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[SeriesKind, str]:
    """Return what the series seems to be, and the sentence that says why.

    Raises
    ------
    SceneError, PerfusionError, GeometryError
        The series cannot be read, or tells neither.
    """
    return proposed_kind(read_study_series(perfusion_node))


def set_scan_date(perfusion_node: slicer.vtkMRMLScriptedModuleNode, day: date | str | None) -> None:
    """Set the day of the scan, a date or text as "2026-03-06"; None and empty text take it away.

    Raises
    ------
    SceneError, PerfusionError
        There is no such study, or the text is no date.
    """
    set_perfusion_field(perfusion_node, PerfusionField.SCAN_DATE, parsed_day(day, "scan"))
