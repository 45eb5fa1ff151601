"""Stand-ins for the widgets that show MRML nodes; in Slicer they are names of the ``slicer`` module."""

from slicer_standin.qmrml.checkable_node_combo_box import qMRMLCheckableNodeComboBox
from slicer_standin.qmrml.markups import qSlicerSimpleMarkupsWidget
from slicer_standin.qmrml.node_combo_box import qMRMLNodeComboBox
from slicer_standin.qmrml.numbers import qMRMLRangeWidget, qMRMLSliderWidget, qMRMLSpinBox
from slicer_standin.qmrml.plots import qMRMLPlotView
from slicer_standin.qmrml.scene import qMRMLWidget, qSlicerWidget
from slicer_standin.qmrml.segments import qMRMLSegmentSelectorWidget, qMRMLSegmentsTableView
from slicer_standin.qmrml.tables import qMRMLTableView

__all__ = [
    "qMRMLCheckableNodeComboBox",
    "qMRMLNodeComboBox",
    "qMRMLPlotView",
    "qMRMLRangeWidget",
    "qMRMLSegmentSelectorWidget",
    "qMRMLSegmentsTableView",
    "qMRMLSliderWidget",
    "qMRMLSpinBox",
    "qMRMLTableView",
    "qMRMLWidget",
    "qSlicerSimpleMarkupsWidget",
    "qSlicerWidget",
]
