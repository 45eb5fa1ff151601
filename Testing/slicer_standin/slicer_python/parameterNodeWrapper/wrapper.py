"""The class decorator ``@parameterNodeWrapper``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_type_hints

import qt
import slicer
import vtk

from .annotations import Default, Validator, first_of, split_annotations
from .guiConnectors import GuiConnector, createGuiConnector
from .serializers import Serializer, create_serializer

SlicerParameterNamePropertyName = "SlicerParameterName"


class Parameter:
    """One parameter of a wrapped class: its type, how it is kept, its default. A descriptor, so also its access."""

    def __init__(self, name: str, annotated_type: Any, default: Default | None) -> None:
        self.name, self.annotated_type = name, annotated_type
        bare, annotations = split_annotations(annotated_type)
        validators = tuple(annotation for annotation in annotations if isinstance(annotation, Validator))
        self.serializer: Serializer = create_serializer(bare, validators)
        self.default = default or first_of(annotations, Default) or Default(self.serializer.default())

    def __get__(self, wrapper: Any, owner: type) -> Any:
        if wrapper is None:
            return self
        self.set_default_if_missing(wrapper.parameterNode)
        return self.serializer.read(wrapper.parameterNode, self.name)

    def __set__(self, wrapper: Any, value: Any) -> None:
        with slicer.util.NodeModify(wrapper.parameterNode):
            self.serializer.write(wrapper.parameterNode, self.name, value)

    def set_default_if_missing(self, node: Any) -> None:
        """A node that never had this parameter gets its default."""
        if not self.serializer.is_in(node, self.name):
            self.serializer.write(node, self.name, self.default.value)


class ParameterNodeMethods:
    """What every wrapped class can do."""

    _is_parameter_node_wrapper = True
    allParameters: dict[str, Parameter]

    def __init__(self, parameterNode: Any, prefix: str | None = None) -> None:
        if prefix:
            raise ValueError("The stand-in's parameterNodeWrapper has no prefixes.")
        self.parameterNode = parameterNode
        self._connectors: dict[int, dict[str, GuiConnector]] = {}
        self._observer_tags: dict[int, int] = {}
        self._next_tag = 0
        self._writing_to_gui = False
        for parameter in self.allParameters.values():
            parameter.set_default_if_missing(parameterNode)

    def default(self, name: str) -> Default:
        """The default of a parameter."""
        return self._parameter(name).default

    @classmethod
    def dataType(cls, name: str) -> Any:
        """The type of a parameter, with its annotations."""
        return cls._parameter(name).annotated_type

    def getValue(self, name: str) -> Any:
        """The value of a parameter by name."""
        self._parameter(name)
        return getattr(self, name)

    def setValue(self, name: str, value: Any) -> None:
        """Set a parameter by name."""
        self._parameter(name)
        setattr(self, name, value)

    @classmethod
    def _parameter(cls, name: str) -> Parameter:
        if name not in cls.allParameters:
            raise ValueError(f"Cannot find a param with the given name: {name}; found {list(cls.allParameters)}")
        return cls.allParameters[name]

    def connectGui(self, gui: Any) -> int:
        """Bind every widget whose property SlicerParameterName names a parameter; a tag to undo it."""
        widgets = gui.findChildren(qt.QWidget) if hasattr(gui, "isWidgetType") else vars(gui).values()
        named = {widget.property(SlicerParameterNamePropertyName): widget for widget in widgets}
        named.pop(None, None)
        named.pop("", None)
        return self.connectParametersToGui(named)

    def connectParametersToGui(self, mapping: dict[str, Any]) -> int:
        """Bind parameters to widgets: {parameter name: widget}; a tag to undo it."""
        connectors = {
            name: widget if isinstance(widget, GuiConnector) else createGuiConnector(widget, self.dataType(name))
            for name, widget in mapping.items()
        }
        tag, self._next_tag = self._next_tag, self._next_tag + 1
        self._connectors[tag] = connectors
        for name, connector in connectors.items():
            connector.write(self.getValue(name))
            connector.onChanged(self._gui_changed(name, connector))
        self._observer_tags[tag] = self.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self._update_gui())
        return tag

    def disconnectGui(self, tag: int) -> None:
        """Undo a binding; an unknown tag is ignored, as in Slicer."""
        for connector in self._connectors.pop(tag, {}).values():
            connector.onChanged(None)
        if tag in self._observer_tags:
            self.RemoveObserver(self._observer_tags.pop(tag))

    def _gui_changed(self, name: str, connector: GuiConnector) -> Callable[[], None]:
        def take_value() -> None:
            if not self._writing_to_gui:
                self.setValue(name, connector.read())

        return take_value

    def _update_gui(self) -> None:
        if self._writing_to_gui:
            return
        self._writing_to_gui = True
        try:
            with slicer.util.NodeModify(self):
                for connectors in self._connectors.values():
                    for name, connector in connectors.items():
                        connector.write(self.getValue(name))
        finally:
            self._writing_to_gui = False

    def StartModify(self) -> int:
        """As of the parameter node."""
        return self.parameterNode.StartModify()

    def EndModify(self, was_modifying: int) -> int:
        """As of the parameter node."""
        return self.parameterNode.EndModify(was_modifying)

    def AddObserver(self, event: int, callback: Callable[..., None], priority: float = 0.0) -> int:
        """As of the parameter node."""
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag: int) -> None:
        """As of the parameter node."""
        self.parameterNode.RemoveObserver(tag)

    def Modified(self) -> None:
        """As of the parameter node."""
        self.parameterNode.Modified()


def parameterNodeWrapper(classtype: type | None = None) -> Any:
    """Make typed, node-backed parameters of a class's annotated names; the class takes the parameter node."""
    if classtype is None:
        return parameterNodeWrapper
    parameters = {}
    for name, annotated in get_type_hints(classtype, include_extras=True).items():
        if hasattr(ParameterNodeMethods, name):
            raise ValueError(f"Cannot use reserved name '{name}' in a parameterNodeWrapper")
        default = Default(getattr(classtype, name)) if hasattr(classtype, name) else None
        parameters[name] = Parameter(name, annotated, default)
    for name, parameter in parameters.items():
        setattr(classtype, name, parameter)
    classtype.allParameters = parameters
    for name, member in vars(ParameterNodeMethods).items():
        if name == "__init__" or not name.startswith("__"):
            setattr(classtype, name, member)
    return classtype


def isParameterNodeWrapper(classOrObj: Any) -> bool:
    """Whether a class, or an object's class, was made by the decorator."""
    return getattr(classOrObj, "_is_parameter_node_wrapper", False)
