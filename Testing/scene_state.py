"""All that a scene holds, to be compared before and after something that must change nothing."""

from __future__ import annotations

from typing import Any

from slicer.util import arrayFromMarkupsControlPoints


def scene_state(scene: Any) -> dict[str, Any]:
    """Return the scene as XML, and by node ID what is not in it: points, tables, times at which images were changed."""
    scene.SetSaveToXMLString(1)
    scene.Commit()
    scene.SetSaveToXMLString(0)  # else the next .mrb would lack its scene file
    state: dict[str, Any] = {"xml": scene.GetSceneXMLString()}
    for index in range(scene.GetNumberOfNodes()):
        node = scene.GetNthNode(index)
        state[node.GetID()] = _content(node)
    return state


def _content(node: Any) -> Any:
    if node.IsA("vtkMRMLMarkupsNode"):
        points = range(node.GetNumberOfControlPoints())
        return [
            repr(arrayFromMarkupsControlPoints(node).tolist()),  # as text: NaN equals NaN
            [node.GetNthControlPointDescription(n) for n in points],
            [node.GetNthControlPointLabel(n) for n in points],
        ]
    if node.IsA("vtkMRMLTableNode"):
        table = node.GetTable()
        rows, columns = range(table.GetNumberOfRows()), range(table.GetNumberOfColumns())
        return [[table.GetValue(row, column).ToString() for column in columns] for row in rows]
    if node.IsA("vtkMRMLVolumeNode"):
        return node.GetImageData().GetMTime() if node.GetImageData() else None
    if node.IsA("vtkMRMLSegmentationNode"):
        return node.GetSegmentation().GetNumberOfSegments()
    return node.GetClassName()
