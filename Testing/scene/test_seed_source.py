"""The seed model of a list of seeds, by itself and through its plan."""

from __future__ import annotations

from datetime import date

import pytest
import slicer

from brachyresponse.errors import SourceError
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plans import create_plan, duplicate_plan, seeds_node_of
from brachyresponse.scene.seed_source import read_source, write_source
from brachyresponse.scene.seeds import create_seeds_node
from brachyresponse.sources import available_sources


def test_the_model_is_read_back_and_a_surrogate_says_so(scene: slicer.vtkMRMLScene) -> None:
    node, name = create_seeds_node(scene), available_sources()[0]
    write_source(node, name, reference_time=date(2026, 3, 9))
    assert read_source(node).name == name
    assert not read_source(node).surrogate_for
    assert node.GetAttribute("BrachyResponse.ReferenceTime") == "2026-03-09"
    write_source(node, name, surrogate_for="HD seed")
    assert read_source(node).surrogate_for == "HD seed"


def test_a_missing_and_an_unknown_model_name_the_node(scene: slicer.vtkMRMLScene) -> None:
    node = create_seeds_node(scene)
    with pytest.raises(SourceError, match="The seeds of 'Seeds' have no source model"):
        read_source(node)
    write_source(node, "no_such_seed")
    with pytest.raises(SourceError, match=r"The seeds of 'Seeds': .*no_such_seed"):
        read_source(node)


def test_what_a_plan_says_of_its_seeds_is_said_of_their_list_as_well(scene: slicer.vtkMRMLScene) -> None:
    plan, name = create_plan(scene, "Plan A"), available_sources()[0]
    set_plan_field(plan, PlanField.SOURCE, name)
    set_plan_field(plan, PlanField.SURROGATE_FOR, "HD seed")
    assert read_source(seeds_node_of(plan)).surrogate_for == "HD seed"
    assert read_source(seeds_node_of(duplicate_plan(plan, "Plan B"))).name == name
