"""Short names of the node classes in the Logic's signatures."""

from __future__ import annotations

import slicer

PerfusionNode = slicer.vtkMRMLScriptedModuleNode
SeriesNode = slicer.vtkMRMLNode
SequenceNode = slicer.vtkMRMLSequenceNode
VolumeNode = slicer.vtkMRMLScalarVolumeNode
SegmentationNode = slicer.vtkMRMLSegmentationNode
PointsNode = slicer.vtkMRMLMarkupsFiducialNode
TransformNode = slicer.vtkMRMLLinearTransformNode
TableNode = slicer.vtkMRMLTableNode
ChartNode = slicer.vtkMRMLPlotChartNode
TextNode = slicer.vtkMRMLTextNode
