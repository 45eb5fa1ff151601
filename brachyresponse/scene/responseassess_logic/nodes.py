"""Short names of the node classes in the Logic's signatures."""

from __future__ import annotations

import slicer

AssessmentNode = slicer.vtkMRMLScriptedModuleNode
VisitNode = slicer.vtkMRMLScriptedModuleNode
OwnerNode = slicer.vtkMRMLScriptedModuleNode
EvidenceNode = slicer.vtkMRMLScriptedModuleNode
VolumeNode = slicer.vtkMRMLScalarVolumeNode
SegmentationNode = slicer.vtkMRMLSegmentationNode
SeedsNode = slicer.vtkMRMLMarkupsFiducialNode
LineNode = slicer.vtkMRMLMarkupsLineNode
TransformNode = slicer.vtkMRMLLinearTransformNode
TableNode = slicer.vtkMRMLTableNode
ChartNode = slicer.vtkMRMLPlotChartNode
TextNode = slicer.vtkMRMLTextNode
