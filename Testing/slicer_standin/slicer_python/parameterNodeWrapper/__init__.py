"""Stand-in for ``slicer.parameterNodeWrapper``: typed access to a parameter node, and its binding to widgets.

Same names, same stored text and same behaviour as Slicer's own package, for what our modules use: ``int``, ``float``,
``str``, ``bool``, enumerations, paths and MRML nodes. A parameter of another type is refused.
"""

from .annotations import (
    Choice,
    Decimals,
    Default,
    Exclude,
    Maximum,
    Minimum,
    SingleStep,
    Validator,
    WithinRange,
)
from .guiConnectors import GuiConnector, createGuiConnector
from .wrapper import SlicerParameterNamePropertyName, isParameterNodeWrapper, parameterNodeWrapper

__all__ = [
    "Choice",
    "Decimals",
    "Default",
    "Exclude",
    "GuiConnector",
    "Maximum",
    "Minimum",
    "SingleStep",
    "SlicerParameterNamePropertyName",
    "Validator",
    "WithinRange",
    "createGuiConnector",
    "isParameterNodeWrapper",
    "parameterNodeWrapper",
]
