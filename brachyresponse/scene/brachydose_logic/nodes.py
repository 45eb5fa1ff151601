"""Short names of the node classes in the Logic's signatures."""

from __future__ import annotations

import slicer

PlanNode = slicer.vtkMRMLScriptedModuleNode
VolumeNode = slicer.vtkMRMLScalarVolumeNode
SegmentationNode = slicer.vtkMRMLSegmentationNode
LineNode = slicer.vtkMRMLMarkupsLineNode
SeedsNode = slicer.vtkMRMLMarkupsFiducialNode
ModelNode = slicer.vtkMRMLModelNode
TableNode = slicer.vtkMRMLTableNode
ChartNode = slicer.vtkMRMLPlotChartNode
