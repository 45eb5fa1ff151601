"""Where our nodes sit in the subject hierarchy: one folder for the extension, one in it for each plan."""

from __future__ import annotations

import slicer
import vtk

ROOT_FOLDER = "BrachyResponse"
DOSE_STUDY = "Dose in Gy"
DOSE_UNIT_NAME = "DicomRtImport.DoseUnitName"
DOSE_UNIT_VALUE = "DicomRtImport.DoseUnitValue"
GRAY, GRAY_PER_VALUE = "GY", "1"  # SlicerRT compares these letter by letter


def root_folder(scene: slicer.vtkMRMLScene) -> int:
    """Return the item of the folder that holds everything we make; it is made when absent."""
    hierarchy = _hierarchy(scene)
    return _child_folder(hierarchy, hierarchy.GetSceneItemID(), ROOT_FOLDER)


def named_folder(scene: slicer.vtkMRMLScene, name: str) -> int:
    """Return the item of a folder in ours, for a plan or a set of results; it is made when absent."""
    return _child_folder(_hierarchy(scene), root_folder(scene), name)


def child_folder(scene: slicer.vtkMRMLScene, parent: int, name: str) -> int:
    """Return the item of a folder in another one; it is made when absent."""
    return _child_folder(_hierarchy(scene), parent, name)


def place(node: slicer.vtkMRMLNode, folder: int) -> int:
    """Put a node into a folder and return its item."""
    hierarchy = _hierarchy(node.GetScene())
    item = hierarchy.GetItemByDataNode(node)
    if item == hierarchy.GetInvalidItemID():
        return int(hierarchy.CreateItem(folder, node))
    if hierarchy.GetItemParent(item) != folder:
        hierarchy.SetItemParent(item, folder)
    return int(item)


def folder_of(node: slicer.vtkMRMLNode) -> int | None:
    """Return the item that a node lies in, or None where it lies in the scene itself or nowhere."""
    hierarchy = _hierarchy(node.GetScene())
    item = hierarchy.GetItemByDataNode(node)
    if item == hierarchy.GetInvalidItemID():
        return None
    parent = int(hierarchy.GetItemParent(item))
    return None if parent == hierarchy.GetSceneItemID() else parent


def forget(node: slicer.vtkMRMLNode) -> None:
    """Take a node out of the hierarchy before it is removed; Slicer itself does it, a scene without panels does not."""
    hierarchy = _hierarchy(node.GetScene())
    item = hierarchy.GetItemByDataNode(node)
    if item != hierarchy.GetInvalidItemID():
        hierarchy.RemoveItem(item, False, False)


def rename_folder(scene: slicer.vtkMRMLScene, folder: int, name: str) -> None:
    """Give a folder another name."""
    _hierarchy(scene).SetItemName(folder, name)


def remove_folder_if_empty(scene: slicer.vtkMRMLScene, folder: int) -> None:
    """Remove a folder and the folders and studies below it, unless one of them still holds a node."""
    hierarchy = _hierarchy(scene)
    below = vtk.vtkIdList()
    hierarchy.GetItemChildren(folder, below, True)
    items = [below.GetId(n) for n in range(below.GetNumberOfIds())]
    if all(hierarchy.GetItemDataNode(item) is None for item in items):
        hierarchy.RemoveItem(folder, False, True)


def place_dose(node: slicer.vtkMRMLScalarVolumeNode, folder: int) -> int:
    """Put a dose volume under a study whose dose unit is Gy, and return the study's item.

    SlicerRT's Isodose and Dose Volume Histogram modules look for the unit on the study above the volume. A study
    that the volume lies in already is kept, unless it states another unit.
    """
    hierarchy = _hierarchy(node.GetScene())
    invalid = hierarchy.GetInvalidItemID()
    item = hierarchy.GetItemByDataNode(node)
    if item == invalid:
        item = place(node, folder)
    study = hierarchy.GetItemAncestorAtLevel(item, _study_level())
    if study == invalid or _is_ours_elsewhere(hierarchy, study, folder) or not _can_be_in_gray(hierarchy, study):
        left, study = study, _dose_study(hierarchy, folder)
        hierarchy.SetItemParent(item, study)
        if left != invalid and _is_ours_elsewhere(hierarchy, left, folder):
            remove_folder_if_empty(node.GetScene(), left)
    hierarchy.SetItemAttribute(study, DOSE_UNIT_NAME, GRAY)
    hierarchy.SetItemAttribute(study, DOSE_UNIT_VALUE, GRAY_PER_VALUE)
    hierarchy.RequestOwnerPluginSearch(item)
    return int(study)


def _hierarchy(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLSubjectHierarchyNode:
    return slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)


def _child_folder(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, parent: int, name: str) -> int:
    item = hierarchy.GetItemChildWithName(parent, name)
    return int(item or hierarchy.CreateFolderItem(parent, name))


def _study_level() -> str:
    return str(slicer.vtkMRMLSubjectHierarchyConstants.GetDICOMLevelStudy())


def _is_ours_elsewhere(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, study: int, folder: int) -> bool:
    return bool(hierarchy.GetItemName(study) == DOSE_STUDY and hierarchy.GetItemParent(study) != folder)


def _can_be_in_gray(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, study: int) -> bool:
    name, value = (hierarchy.GetItemAttribute(study, key) for key in (DOSE_UNIT_NAME, DOSE_UNIT_VALUE))
    return name in ("", GRAY) and value in ("", GRAY_PER_VALUE)


def _dose_study(hierarchy: slicer.vtkMRMLSubjectHierarchyNode, folder: int) -> int:
    item = hierarchy.GetItemChildWithName(folder, DOSE_STUDY)
    return int(item or hierarchy.CreateStudyItem(folder, DOSE_STUDY))
