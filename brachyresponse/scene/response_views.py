"""Slice views side by side, one a visit, which show the same place of the patient through the registrations.

No image is moved: each view cuts its own image where the registration says that the others cut theirs, so that the
segments and diameters of a visit lie right in its view.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.scene.nodes import array_to_matrix, get_attribute, matrix_to_array, nodes_of_class, set_attribute
from brachyresponse.scene.response_identity import visits_beside
from brachyresponse.scene.response_lesions import read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, need_visit_part, visit_part, visit_parts
from brachyresponse.scene.response_registration import registration_of
from brachyresponse.scene.response_visits import IMAGE, day_of_visit
from brachyresponse.scene.verification_views import SLICE_CLASS
from brachyresponse.scene.volumes import read_grid
from brachyresponse.types import FloatArray

COMPOSITE_CLASS, LAYOUT_CLASS = "vtkMRMLSliceCompositeNode", "vtkMRMLLayoutNode"
MOST_VIEWS, LEAST_VIEWS = 4, 2
TAG = "ResponseVisit"
LAYOUT_ID = 5720
"""The layout of n views has this plus n: far from Slicer's own and from what other extensions use."""
SHOWN_IN = "ShownIn"
NOWHERE = "no view"
"""No views at all would be all of them."""
COLOURS = ("#2f6db3", "#c04f00", "#3d8f53", "#7b4ea3")
NOT_REGISTERED = "not registered"
VIEW_XML = (
    '<item><view class="vtkMRMLSliceNode" singletontag="{tag}"><property name="orientation" action="default">Axial'
    '</property><property name="viewlabel" action="default">{label}</property><property name="viewcolor" '
    'action="default">{colour}</property></view></item>'
)


@dataclass(frozen=True, eq=False)
class LinkedView:
    """A slice view, the visit it shows, and the matrix from the visit's RAS to the baseline's; None: not linked."""

    view: slicer.vtkMRMLSliceNode
    visit: slicer.vtkMRMLScriptedModuleNode
    to_baseline: FloatArray | None


class VisitViews:
    """The visits that are shown side by side; it lasts as long as the Logic."""

    def __init__(self) -> None:
        self._shown: list[LinkedView] = []
        self._observed: list[tuple[slicer.vtkMRMLNode, int]] = []
        self._layout_before: int | None = None
        self._is_following = False

    @property
    def visits(self) -> list[slicer.vtkMRMLScriptedModuleNode]:
        """The visits that are shown, from left to right."""
        return [each.visit for each in self._shown if each.visit.GetScene() is not None]

    def show(self, visit_nodes: Sequence[slicer.vtkMRMLScriptedModuleNode]) -> list[slicer.vtkMRMLSliceNode]:
        """Show two to four visits, and return their views.

        A visit that is not registered is shown by itself, and its view says so.

        Raises
        ------
        SceneError, ResponseError
            There are fewer or more visits, one has no image, or there are no views at all.
        """
        if not LEAST_VIEWS <= len(visit_nodes) <= MOST_VIEWS:
            raise ResponseError(
                f"{len(visit_nodes)} visits are chosen: choose {LEAST_VIEWS} to {MOST_VIEWS} to be shown side by side."
            )
        volumes = [need_visit_part(node, VisitPart.VOLUME, IMAGE) for node in visit_nodes]
        matrices = [_to_baseline(node) for node in visit_nodes]
        scene = visit_nodes[0].GetScene()
        layout = _need_layout(scene)
        self.hide()
        self._layout_before = layout.GetViewArrangement()
        _arrange(layout, len(visit_nodes))
        views = [_view(scene, place) for place in range(len(visit_nodes))]
        self._shown = [LinkedView(*each) for each in zip(views, visit_nodes, matrices, strict=True)]
        for place, (shown, volume) in enumerate(zip(self._shown, volumes, strict=True)):
            _composite(scene, place).SetBackgroundVolumeID(volume.GetID())
            _keep_to_view(scene, shown.visit, shown.view)
            shown.view.SetLayoutLabel(_label(shown))
        for node in visits_beside(visit_nodes[0]):
            if not any(node is each for each in visit_nodes):
                _keep_to_view(scene, node, None)
        self._start(read_grid(volumes[0], IMAGE).centre_mm, volumes[0])
        self._observe()
        return views

    def hide(self) -> None:
        """Go back to the layout of before, and show everything in all views again."""
        for node, tag in self._observed:
            node.RemoveObserver(tag)
        self._observed = []
        if not self._shown:
            return
        scene = self._shown[0].view.GetScene()
        self._shown = []
        if scene is None:
            return
        release_all(scene)
        layout = _layout(scene)
        if layout is not None and self._layout_before is not None:
            layout.SetViewArrangement(self._layout_before)

    def go_to(self, visit_node: slicer.vtkMRMLScriptedModuleNode, position_ras: FloatArray) -> bool:
        """Let the view of a visit, and with it the others, go to a place of that visit; False where it is not shown."""
        for shown in self._shown:
            if shown.visit is visit_node:
                shown.view.JumpSliceByCentering(*map(float, position_ras))
                return True
        return False

    def _start(self, centre_mm: FloatArray, volume: slicer.vtkMRMLScalarVolumeNode) -> None:
        """Let the first view show the whole middle slice of its image, and the others the same place."""
        first = self._shown[0].view
        grid = read_grid(volume, IMAGE)
        width = 1.05 * float(np.max(np.array(grid.size_ijk) * grid.spacing_ijk_mm))
        first.SetOrientationToAxial()
        columns, rows, _ = first.GetDimensions()
        first.SetFieldOfView(width, width * max(rows, 1) / max(columns, 1), 1.0)
        first.SetXYZOrigin(0.0, 0.0, 0.0)
        first.JumpSliceByCentering(*map(float, centre_mm))
        self._follow(self._shown[0])

    def _observe(self) -> None:
        for shown in self._shown:
            tag = shown.view.AddObserver("ModifiedEvent", lambda *_, leader=shown: self._follow(leader))
            self._observed.append((shown.view, tag))

    def _follow(self, leader: LinkedView) -> None:
        """Let the other views cut where one does."""
        if self._is_following:
            return
        if any(shown.visit.GetScene() is None for shown in self._shown):  # removed, or the scene was closed
            self.hide()
            return
        matrix = _to_baseline(leader.visit)
        if matrix is None:
            return
        self._is_following = True
        try:
            place = matrix @ matrix_to_array(leader.view.GetSliceToRAS())
            for shown in self._shown:
                other = None if shown is leader else _to_baseline(shown.visit)
                if other is not None:
                    _cut(shown.view, np.linalg.inv(other) @ place, leader.view)
        finally:
            self._is_following = False


def _cut(view: slicer.vtkMRMLSliceNode, slice_to_ras: FloatArray, leader: slicer.vtkMRMLSliceNode) -> None:
    was_modifying = view.StartModify()
    view.GetSliceToRAS().DeepCopy(array_to_matrix(slice_to_ras))
    width = leader.GetFieldOfView()[0]
    columns, rows, _ = view.GetDimensions()
    view.SetFieldOfView(width, width * max(rows, 1) / max(columns, 1), leader.GetFieldOfView()[2])
    view.SetXYZOrigin(*leader.GetXYZOrigin())
    view.UpdateMatrices()
    view.EndModify(was_modifying)


def _to_baseline(visit_node: slicer.vtkMRMLScriptedModuleNode) -> FloatArray | None:
    """From a visit's RAS to the baseline's, as it is now; None where it is not registered."""
    try:
        return registration_of(visit_node).matrix
    except ResponseError:
        return None


def _label(shown: LinkedView) -> str:
    day = day_of_visit(shown.visit).isoformat()
    return day if shown.to_baseline is not None else f"{day} ({NOT_REGISTERED})"


def _layout(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLLayoutNode | None:
    return next(iter(nodes_of_class(scene, LAYOUT_CLASS)), None)


def _need_layout(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLLayoutNode:
    layout = _layout(scene)
    if layout is None:
        raise ResponseError("There are no views here to show visits in: open Slicer's main window.")
    return layout


def _arrange(layout: slicer.vtkMRMLLayoutNode, count: int) -> None:
    """Show a layout of slice views in a row."""
    views = "".join(
        VIEW_XML.format(tag=f"{TAG}{place + 1}", label=f"V{place + 1}", colour=COLOURS[place]) for place in range(count)
    )
    xml, number = f'<layout type="horizontal" split="true">{views}</layout>', LAYOUT_ID + count
    if layout.IsLayoutDescription(number):
        layout.SetLayoutDescription(number, xml)
    else:
        layout.AddLayoutDescription(number, xml)
    layout.SetViewArrangement(number)


def _view(scene: slicer.vtkMRMLScene, place: int) -> slicer.vtkMRMLSliceNode:
    """The slice view of a place; the layout makes it, where there is a main window."""
    return _singleton(scene, SLICE_CLASS, f"{TAG}{place + 1}")


def _composite(scene: slicer.vtkMRMLScene, place: int) -> slicer.vtkMRMLSliceCompositeNode:
    tag = f"{TAG}{place + 1}"
    for node in nodes_of_class(scene, COMPOSITE_CLASS):
        if node.GetLayoutName() == tag:
            return node
    return _singleton(scene, COMPOSITE_CLASS, tag)


def _singleton(scene: slicer.vtkMRMLScene, class_name: str, tag: str) -> slicer.vtkMRMLNode:
    node = scene.GetSingletonNode(tag, class_name)
    if node is None:
        node = scene.CreateNodeByClass(class_name)
        node.UnRegister(None)
        node.SetSingletonTag(tag)
        node.SetName(tag)
        node.SetLayoutName(tag)
        node = scene.AddNode(node)
    return node


def _keep_to_view(
    scene: slicer.vtkMRMLScene, visit_node: slicer.vtkMRMLScriptedModuleNode, view: slicer.vtkMRMLSliceNode | None
) -> None:
    """Show what belongs to a visit in its own view, if it has one, and in those that show no other visit."""
    views = [*nodes_of_class(scene, SLICE_CLASS), *nodes_of_class(scene, "vtkMRMLViewNode")]
    allowed = [node.GetID() for node in views if node is view or not _is_ours(node)]
    for display in _displays(visit_node):
        if get_attribute(display, SHOWN_IN):  # a segmentation that holds the lesions of several visits
            if view is not None:
                display.AddViewNodeID(view.GetID())
            continue
        set_attribute(display, SHOWN_IN, json.dumps(list(display.GetViewNodeIDs() or ())))
        display.SetViewNodeIDs(allowed or [NOWHERE])


def _is_ours(view: slicer.vtkMRMLAbstractViewNode) -> bool:
    return str(view.GetSingletonTag() or "").startswith(TAG)


def release_all(scene: slicer.vtkMRMLScene) -> None:
    """Show everything in all views again, also where a scene was saved while visits were shown side by side."""
    for display in _restricted(scene):
        _release(display)


def _release(display: slicer.vtkMRMLDisplayNode) -> None:
    display.SetViewNodeIDs(json.loads(get_attribute(display, SHOWN_IN, "[]")))
    set_attribute(display, SHOWN_IN, None)


def _restricted(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLDisplayNode]:
    return [node for node in nodes_of_class(scene, "vtkMRMLDisplayNode") if get_attribute(node, SHOWN_IN)]


def _displays(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[slicer.vtkMRMLDisplayNode]:
    """The display nodes of the lines and segmentations of a visit, each once."""
    nodes = [*visit_parts(visit_node, VisitPart.LINES), visit_part(visit_node, VisitPart.SEGMENTS)]
    nodes += [chosen.node for entry in read_entries(visit_node) if (chosen := segment_of(visit_node, entry))]
    seen: set[str] = set()
    for node in nodes:
        for index in range(0 if node is None else node.GetNumberOfDisplayNodes()):
            display = node.GetNthDisplayNode(index)
            if display is not None and display.GetID() not in seen:
                seen.add(display.GetID())
                yield display
