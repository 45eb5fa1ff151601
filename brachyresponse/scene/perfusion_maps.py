"""The maps of a study as volumes: with quantity and unit, and colours that suit them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.study import Code, MapFacts, MapName, map_facts
from brachyresponse.pictures.colour_table import colour_table
from brachyresponse.pictures.perfusion_map_picture import map_window
from brachyresponse.scene.nodes import get_attribute, modify, nodes_of_class, set_attribute
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_parts,
    perfusion_studies_in,
    set_perfusion_parts,
)
from brachyresponse.scene.volumes import write_image

MAP, UNDEFINED = "PerfusionMap", "UndefinedValue"
NOT_A_NUMBER = "NaN"
"""What a voxel holds that was not computed or is not valid; it is transparent in the views."""
OVERLAY_OPACITY = 0.7
LOWEST = float(np.finfo(np.float32).min)
LABELS_OF_LEGEND = 6
"""Steps of a fifth: of every window in the table of maps that is a short figure."""


def write_maps(perfusion_node: slicer.vtkMRMLScriptedModuleNode, maps: Mapping[MapName, Volume]) -> None:
    """Write the maps of a study, each into the node that it had; those of before that are no longer are removed."""
    known = map_nodes(perfusion_node)
    written = [_write_map(perfusion_node, known.get(name), name, volume) for name, volume in maps.items()]
    set_perfusion_parts(perfusion_node, PerfusionRole.MAPS, written)


def map_nodes(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> dict[MapName, slicer.vtkMRMLScalarVolumeNode]:
    """Return the volumes of a study's maps by name."""
    nodes = perfusion_parts(perfusion_node, PerfusionRole.MAPS)
    return {MapName(get_attribute(node, MAP)): node for node in nodes if get_attribute(node, MAP) in set(MapName)}


def need_map(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> slicer.vtkMRMLScalarVolumeNode:
    """Return the volume of a map.

    Raises
    ------
    PerfusionError
        The study has no such map.
    """
    maps = map_nodes(perfusion_node)
    if name not in maps:
        there = f"it has {', '.join(maps)}" if maps else "measure it first"
        raise PerfusionError(f"Perfusion study {perfusion_node.GetName()!r} has no map {name!r}: {there}.")
    return maps[MapName(name)]


def show_map(perfusion_node: slicer.vtkMRMLScriptedModuleNode, name: str | None) -> None:
    """Lay a map over the images in every slice view, with its legend; None takes the study's maps away.

    One map has its legend at a time, whatever study it is of: they would lie on each other.

    Raises
    ------
    PerfusionError
        The study has no such map.
    """
    shown = None if name is None else need_map(perfusion_node, name)
    ours = {node.GetID() for node in map_nodes(perfusion_node).values()}
    for composite in nodes_of_class(perfusion_node.GetScene(), "vtkMRMLSliceCompositeNode"):
        if shown is not None:
            composite.SetForegroundVolumeID(shown.GetID())
            composite.SetForegroundOpacity(OVERLAY_OPACITY)
        elif composite.GetForegroundVolumeID() in ours:
            composite.SetForegroundVolumeID(None)
    studies = [perfusion_node] if shown is None else perfusion_studies_in(perfusion_node.GetScene())
    for node in [node for study in studies for node in map_nodes(study).values()]:
        _show_legend(node, on=node is shown)


def shown_map(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> MapName | None:
    """Return the map that lies over the images in a slice view, or None."""
    by_id = {node.GetID(): name for name, node in map_nodes(perfusion_node).items()}
    composites = nodes_of_class(perfusion_node.GetScene(), "vtkMRMLSliceCompositeNode")
    found = (by_id.get(composite.GetForegroundVolumeID()) for composite in composites)
    return next((name for name in found if name is not None), None)


def _write_map(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    node: slicer.vtkMRMLScalarVolumeNode | None,
    name: MapName,
    volume: Volume,
) -> slicer.vtkMRMLScalarVolumeNode:
    facts, is_new = map_facts(name), node is None
    if node is None:
        scene = perfusion_node.GetScene()
        label = scene.GetUniqueNameByString(f"{perfusion_node.GetName()} {facts.label}")
        node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", label)
        set_attribute(node, MAP, name)
        set_attribute(node, UNDEFINED, NOT_A_NUMBER)
        node.SetVoxelValueQuantity(coded_entry(facts.quantity))
        node.SetVoxelValueUnits(coded_entry(facts.units))
        node.SetDescription(f"{facts.title}; NaN where it was not computed or is not valid")
        node.CreateDefaultDisplayNodes()
        node.GetDisplayNode().AutoWindowLevelOff()  # before there are values: its histogram knows no NaN
        node.GetDisplayNode().AutoThresholdOff()
    with modify(node):
        write_image(np.asarray(volume.values, np.float32), volume.grid, node)
    if is_new:
        _set_display(node, facts, map_window(volume, facts))
    return node


def _set_display(node: slicer.vtkMRMLScalarVolumeNode, facts: MapFacts, window: tuple[float, float]) -> None:
    """Show voxels as they were computed, not smoothed, and nothing where there is no number.

    The threshold lets every number pass; NaN fails it, and is transparent so.
    """
    display = node.GetDisplayNode()
    with modify(display):
        display.SetAndObserveColorNodeID(colours_of(node.GetScene(), facts.colour).GetID())
        display.SetWindowLevelMinMax(*window)
        display.SetInterpolate(False)
        display.SetThreshold(LOWEST, -LOWEST)
        display.ApplyThresholdOn()


def _show_legend(node: slicer.vtkMRMLScalarVolumeNode, *, on: bool) -> None:
    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(node)
    if legend is None and on:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
    if legend is None:
        return
    with modify(legend):
        facts = map_facts(get_attribute(node, MAP))
        legend.SetTitleText(facts.title)
        legend.SetLabelFormat("%.3g")
        legend.SetNumberOfLabels(LABELS_OF_LEGEND)
        legend.SetVisibility(on)


def coded_entry(code: Code) -> slicer.vtkCodedEntry:
    """Return a code as Slicer keeps it with a volume."""
    entry = slicer.vtkCodedEntry()
    entry.SetValueSchemeMeaning(code.value, code.scheme, code.meaning)
    return entry


def colours_of(scene: slicer.vtkMRMLScene, name: str) -> slicer.vtkMRMLNode:
    """Return Slicer's colour table of a name; where it is not loaded, one of our own; one a scene."""
    own = f"BrachyResponse {name}"
    existing = scene.GetFirstNodeByName(name) or scene.GetFirstNodeByName(own)
    if existing is not None and existing.IsA("vtkMRMLColorNode"):
        return existing
    colours = colour_table(name) / 255
    table = slicer.vtkMRMLColorTableNode()
    table.SetTypeToUser()
    table.SetName(own)
    table.SetHideFromEditors(False)
    table.SetNumberOfColors(len(colours))
    for index, colour in enumerate(colours):
        table.SetColor(index, f"{index / (len(colours) - 1):.0%}", *(float(part) for part in colour), 1.0)
    return scene.AddNode(table)
