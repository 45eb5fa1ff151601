"""The ADC map that was computed from weighted images, as a volume with its quantity and unit."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.geometry import Volume
from brachyresponse.scene.nodes import modify, set_attribute
from brachyresponse.scene.perfusion_maps import LOWEST, NOT_A_NUMBER, UNDEFINED
from brachyresponse.scene.response_parts import VisitPart, own_visit_node
from brachyresponse.scene.volumes import write_image

QUANTITY = ("113041", "DCM", "Apparent Diffusion Coefficient")
UNITS = ("10-6.mm2/s", "UCUM", "10-6 mm2/s")
WINDOW_UM2_PER_S = (0.0, 2500.0)
"""From restricted tissue to nearly free water at body temperature, about 3000."""


def write_adc(visit_node: slicer.vtkMRMLScriptedModuleNode, adc: Volume) -> slicer.vtkMRMLScalarVolumeNode:
    """Write the ADC map of a visit, 1e-6 mm2/s, into the node that it had, and return it."""
    node = own_visit_node(visit_node, VisitPart.ADC, "vtkMRMLScalarVolumeNode", "ADC")
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
        node.GetDisplayNode().AutoWindowLevelOff()  # before there are values: its histogram knows no NaN
        node.GetDisplayNode().AutoThresholdOff()
    set_attribute(node, UNDEFINED, NOT_A_NUMBER)
    node.SetVoxelValueQuantity(coded(*QUANTITY))
    node.SetVoxelValueUnits(coded(*UNITS))
    node.SetDescription("Apparent diffusion coefficient; NaN where the signal does not fall with the b value")
    with modify(node):
        write_image(np.asarray(adc.values, np.float32), adc.grid, node)
    display = node.GetDisplayNode()
    with modify(display):
        display.SetWindowLevelMinMax(*WINDOW_UM2_PER_S)
        display.SetThreshold(LOWEST, -LOWEST)  # every number passes; NaN fails it, and is transparent so
        display.ApplyThresholdOn()
    return node


def coded(value: str, scheme: str, meaning: str) -> slicer.vtkCodedEntry:
    """Return a code as volumes keep it."""
    entry = slicer.vtkCodedEntry()
    entry.SetValueSchemeMeaning(value, scheme, meaning)
    return entry
