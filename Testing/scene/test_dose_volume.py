"""The dose volume: the library's own values, and the marks by which SlicerRT knows it."""

from __future__ import annotations

import types

import numpy as np
import pytest
import slicer

from brachyresponse.errors import DoseError, GeometryError
from brachyresponse.scene.dose_volume import read_dose, write_dose
from brachyresponse.scene.hierarchy import named_folder, place_dose
from brachyresponse.scene.isodose_levels import read_isodose_levels, write_isodose_levels
from brachyresponse.types import AnyArray
from scene.building import oblique_grid, volume_of


@pytest.fixture
def dose() -> AnyArray:
    """A dose with the steep peak of a seed."""
    values = np.random.default_rng(2).uniform(0, 300, (5, 6, 7)).astype(np.float32)
    values[2, 3, 3] = 40_000.0
    return values


def hierarchy_of(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLNode:
    return slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)


def test_the_node_holds_exactly_the_values_of_the_library(scene: slicer.vtkMRMLScene, dose: AnyArray) -> None:
    node = write_dose(dose, oblique_grid(), scene, "Plan A dose", prescription_gy=145.0)
    values, grid = read_dose(node)
    np.testing.assert_array_equal(values, dose)
    assert grid == oblique_grid()
    assert node.GetName() == "Plan A dose"


def test_the_node_carries_what_slicerrt_looks_for(scene: slicer.vtkMRMLScene, dose: AnyArray) -> None:
    node = write_dose(dose, oblique_grid(), scene)
    hierarchy = hierarchy_of(scene)
    study = hierarchy.GetItemAncestorAtLevel(hierarchy.GetItemByDataNode(node), "Study")
    assert node.GetAttribute("DicomRtImport.DoseVolume") == "1"
    assert hierarchy.GetItemAttribute(study, "DicomRtImport.DoseUnitName") == "GY"
    assert hierarchy.GetItemAttribute(study, "DicomRtImport.DoseUnitValue") == "1"
    assert node.GetVoxelValueQuantity().GetCodeValue() == "128513"
    assert node.GetVoxelValueUnits().GetCodeMeaning() == "Gy"


@pytest.mark.parametrize(("unit", "own_study"), [("", False), ("GY", False), ("RELATIVE", True)])
def test_a_study_with_another_dose_unit_is_left_alone(
    scene: slicer.vtkMRMLScene, dose: AnyArray, unit: str, own_study: bool
) -> None:
    node = write_dose(dose, oblique_grid(), scene)
    hierarchy = hierarchy_of(scene)
    study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "Imported")
    if unit:
        hierarchy.SetItemAttribute(study, "DicomRtImport.DoseUnitName", unit)
    hierarchy.SetItemParent(hierarchy.GetItemByDataNode(node), study)
    assert (place_dose(node, named_folder(scene, "Plan A")) != study) == own_study
    assert hierarchy.GetItemAttribute(study, "DicomRtImport.DoseUnitName") == (unit or "GY")


def test_a_second_write_updates_the_same_node(scene: slicer.vtkMRMLScene, dose: AnyArray) -> None:
    node = write_dose(dose, oblique_grid(), scene, prescription_gy=145.0)
    count = scene.GetNumberOfNodes()
    assert write_dose(2 * dose, oblique_grid(), scene, node=node, prescription_gy=120.0) is node
    assert scene.GetNumberOfNodes() == count
    np.testing.assert_array_equal(read_dose(node)[0], 2 * dose)
    assert node.GetDisplayNode().GetWindowLevelMax() == pytest.approx(240.0)


def test_the_isodose_levels_are_named_in_gray_and_read_back(scene: slicer.vtkMRMLScene, dose: AnyArray) -> None:
    node = write_dose(dose, oblique_grid(), scene, prescription_gy=145.0)
    table = write_isodose_levels(node, 145.0, [200, 50, 100])
    assert node.GetNodeReference("colorTableRef") is table
    assert [table.GetColorName(n) for n in range(table.GetNumberOfColors())] == ["72.5", "145", "290"]
    levels = read_isodose_levels(node)
    assert [(level.dose_gy, level.percent, level.is_prescription) for level in levels] == [
        (72.5, 50.0, False),
        (145.0, 100.0, True),
        (290.0, 200.0, False),
    ]


def test_levels_that_cannot_be_shown_are_refused(scene: slicer.vtkMRMLScene, dose: AnyArray) -> None:
    node = write_dose(dose, oblique_grid(), scene)
    with pytest.raises(DoseError, match="has no isodose levels"):
        read_isodose_levels(node)
    with pytest.raises(DoseError, match="prescription is 0 Gy"):
        write_isodose_levels(node, 0)
    with pytest.raises(DoseError, match=r"\[100, 100\] %"):
        write_isodose_levels(node, 145.0, [100, 100])
    table = write_isodose_levels(node, 145.0, [100])
    table.SetColorName(0, "prescription")
    with pytest.raises(DoseError, match="named 'prescription'"):
        read_isodose_levels(node)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_dose_that_is_no_dose_leaves_the_scene_as_it_was(
    scene: slicer.vtkMRMLScene, dose: AnyArray, bad: float
) -> None:
    dose[0, 0, 0] = bad
    count = scene.GetNumberOfNodes()
    with pytest.raises(DoseError, match="NaN, infinite or negative"):
        write_dose(dose, oblique_grid(), scene)
    with pytest.raises(GeometryError, match="must agree"):
        write_dose(dose[1:], oblique_grid(), scene)
    assert scene.GetNumberOfNodes() == count


def test_a_volume_that_is_no_dose_is_not_read_as_one(scene: slicer.vtkMRMLScene) -> None:
    with pytest.raises(DoseError, match="'CT' is not marked as a dose"):
        read_dose(volume_of(np.zeros((5, 6, 7)), oblique_grid()))


def test_slicerrt_histograms_get_at_most_twenty_thousand_rows(
    scene: slicer.vtkMRMLScene, dose: AnyArray, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[float] = []
    logic = types.SimpleNamespace(SetStepSize=steps.append)
    monkeypatch.setattr(
        slicer.modules, "dosevolumehistogram", types.SimpleNamespace(logic=lambda: logic), raising=False
    )
    write_dose(dose, oblique_grid(), scene)
    write_dose(dose / 1000, oblique_grid(), scene)
    assert steps == [2.0, 0.2]
