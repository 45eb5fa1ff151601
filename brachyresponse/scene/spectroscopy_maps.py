"""Ratios of a grid of voxels as volumes: with quantity and unit, and colours that suit them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import slicer

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Volume
from brachyresponse.scene.nodes import get_attribute, modify, set_attribute
from brachyresponse.scene.perfusion_maps import UNDEFINED, coded_entry, colours_of
from brachyresponse.scene.spectroscopy_parts import SpectraRole, set_spectra_parts, spectra_parts
from brachyresponse.scene.volumes import write_image
from brachyresponse.spectroscopy.study import NO_VALUE, RatioFacts, ratio_facts
from brachyresponse.spectroscopy.vocabulary import RatioName

RATIO = "SpectroscopyRatio"
LOWEST_SHOWN, HIGHEST = 1e-6, float(np.finfo(np.float32).max)


def write_ratio_maps(spectra_node: slicer.vtkMRMLScriptedModuleNode, maps: Mapping[RatioName, Volume]) -> None:
    """Write the maps of spectra, each into the node that it had; those that are no longer are removed."""
    known = ratio_map_nodes(spectra_node)
    written = [_write(spectra_node, known.get(name), name, volume) for name, volume in maps.items()]
    set_spectra_parts(spectra_node, SpectraRole.MAPS, written)


def ratio_map_nodes(
    spectra_node: slicer.vtkMRMLScriptedModuleNode,
) -> dict[RatioName, slicer.vtkMRMLScalarVolumeNode]:
    """Return the volumes of the ratios by name."""
    named = [(get_attribute(node, RATIO), node) for node in spectra_parts(spectra_node, SpectraRole.MAPS)]
    return {RatioName(name): node for name, node in named if name in set(RatioName)}


def need_ratio_map(spectra_node: slicer.vtkMRMLScriptedModuleNode, ratio: str) -> slicer.vtkMRMLScalarVolumeNode:
    """Return the volume of a ratio.

    Raises
    ------
    SpectroscopyError
        There is no such ratio, or no map of it.
    """
    if ratio not in set(RatioName):
        raise SpectroscopyError(f"There is no ratio {ratio!r}: choose one of {', '.join(RatioName)}.")
    maps = ratio_map_nodes(spectra_node)
    if ratio not in maps:
        why = "fit them first" if not maps else f"there are {', '.join(maps)}"
        raise SpectroscopyError(
            f"Spectra {spectra_node.GetName()!r} have no map of {ratio} ({why}); a single voxel has none."
        )
    return maps[RatioName(ratio)]


def _write(
    spectra_node: slicer.vtkMRMLScriptedModuleNode,
    node: slicer.vtkMRMLScalarVolumeNode | None,
    name: RatioName,
    volume: Volume,
) -> slicer.vtkMRMLScalarVolumeNode:
    facts, is_new = ratio_facts()[name], node is None
    if node is None:
        scene = spectra_node.GetScene()
        label = scene.GetUniqueNameByString(f"{spectra_node.GetName()} {facts.label}")
        node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", label)
        set_attribute(node, RATIO, name)
        set_attribute(node, UNDEFINED, f"{NO_VALUE:g}")
        node.SetVoxelValueQuantity(coded_entry(facts.quantity))
        node.SetVoxelValueUnits(coded_entry(facts.units))
        node.SetDescription(f"{facts.label}; 0 where it is not evaluable")
        node.CreateDefaultDisplayNodes()
    with modify(node):
        write_image(np.asarray(volume.values, np.float32), volume.grid, node)
    if is_new:
        _set_display(node, facts)
    return node


def _set_display(node: slicer.vtkMRMLScalarVolumeNode, facts: RatioFacts) -> None:
    """Show voxels as they are, not smoothed, and nothing where there is no value."""
    display = node.GetDisplayNode()
    with modify(display):
        display.SetAndObserveColorNodeID(colours_of(node.GetScene(), facts.colour).GetID())
        display.AutoWindowLevelOff()
        display.AutoThresholdOff()
        display.SetWindowLevelMinMax(*facts.window)
        display.SetInterpolate(False)
        display.SetThreshold(LOWEST_SHOWN, HIGHEST)
        display.ApplyThresholdOn()
