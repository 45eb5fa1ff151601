"""Results marked as out of date, and signatures that tell whether inputs are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import slicer
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.plans import create_plan
from brachyresponse.scene.stale import (
    input_signature,
    is_current,
    mark_current,
    mark_stale,
    result_nodes,
    stale_reason,
)
from brachyresponse.seeds import Seeds
from scene.building import oblique_grid


@dataclass(frozen=True)
class Options:
    spacing_mm: float = 1.0
    names: tuple[str, ...] = ("PTV",)


def seeds() -> Seeds:
    return Seeds([[1, 2, 3], [4, 5, 6]], [[0, 0, 1], [0, 1, 0]], 0.5)


def test_equal_inputs_have_one_signature_and_any_change_another() -> None:
    base = input_signature(seeds(), oblique_grid(), "amersham_6711", 145.0, Options())
    assert base == input_signature(seeds(), oblique_grid(), "amersham_6711", 145.0, Options())
    others = {
        input_signature(seeds().moved(0, [1, 2, 3.0001]), oblique_grid(), "amersham_6711", 145.0, Options()),
        input_signature(replace(seeds(), axis_known=False), oblique_grid(), "amersham_6711", 145.0, Options()),
        input_signature(seeds(), oblique_grid((5, 6, 8)), "amersham_6711", 145.0, Options()),
        input_signature(seeds(), oblique_grid(), "theragenics_200", 145.0, Options()),
        input_signature(seeds(), oblique_grid(), "amersham_6711", 144.0, Options()),
        input_signature(seeds(), oblique_grid(), "amersham_6711", 145.0, Options(names=("PTV", "GTV"))),
    }
    assert len(others | {base}) == 7


@given(st.text(), st.text())
def test_where_one_text_ends_and_the_next_begins_matters(first: str, second: str) -> None:
    assert input_signature(first + "x", second) != input_signature(first, "x" + second)
    assert input_signature((first,), second) != input_signature(first, (second,))


def test_a_result_is_current_until_its_input_changes_or_it_is_marked(scene: slicer.vtkMRMLScene) -> None:
    dose = write_dose(np.ones((5, 6, 7)), oblique_grid(), scene)
    signature = input_signature(seeds())
    assert not is_current(dose, signature)
    mark_current([dose], signature)
    assert is_current(dose, signature)
    assert not is_current(dose, input_signature(seeds().without(0)))
    mark_stale([dose], "a seed was moved")
    mark_stale([dose], "the prescription was changed")
    assert not is_current(dose, signature)
    assert stale_reason(dose) == "a seed was moved"
    mark_current([dose], signature)
    assert stale_reason(dose) == ""


def test_the_results_of_a_plan_are_those_computed_from_it(scene: slicer.vtkMRMLScene) -> None:
    plan = create_plan(scene, "Plan A")
    assert result_nodes(plan) == []
    dose = write_dose(np.ones((5, 6, 7)), oblique_grid(), scene)
    set_plan_part(plan, PlanRole.DOSE, dose)
    assert result_nodes(plan) == [dose]
