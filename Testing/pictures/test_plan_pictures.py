from __future__ import annotations

import re
import sys
from datetime import date, datetime

import pytest

from brachyresponse.geometry import Grid
from brachyresponse.pictures import RenderingError, plan_pictures
from brachyresponse.planning import ImplantPlan, PlanAnatomy, PlanEvaluation, PlanRoles, evaluate_plan
from brachyresponse.sources import load_source
from pictured_plan import pictured_implant

DRAWN = pictured_implant()
ANATOMY = PlanAnatomy(DRAWN.structures, PlanRoles(gtv="PTV", ptv="PTV", organs=("Nerve <left>",)))


@pytest.fixture(scope="module")
def evaluation() -> PlanEvaluation:
    plan = ImplantPlan(
        patient_id="",
        frame_of_reference_uid="",
        created=datetime(2026, 3, 1),
        implant_date=date(2026, 3, 6),
        target="PTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=tuple(DRAWN.needles),
        seeds=DRAWN.seeds,
    )
    centre = DRAWN.structures["PTV"].centre_mm
    return evaluate_plan(plan, load_source("amersham_6711"), ANATOMY, Grid.covering(centre - 30, centre + 30, 2.0))


def refuse(*_: object) -> bytes:
    raise RenderingError("OpenGL is not available here.")


def test_without_opengl_the_other_pictures_are_drawn_and_the_reason_is_kept(
    evaluation: PlanEvaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[RenderingError.__module__], "implant_picture", refuse)
    pictures = plan_pictures(evaluation, ANATOMY, DRAWN.anatomy)
    assert pictures.implant is None
    assert pictures.implant_missing == "OpenGL is not available here."
    assert [re.search(r"<title>(\w+),", picture)[1] for picture in pictures.slices] == ["Axial", "Coronal", "Sagittal"]


def test_without_vtk_the_histograms_are_left_and_the_reason_is_said(
    evaluation: PlanEvaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vtkmodules", None)  # as if it were not installed
    pictures = plan_pictures(evaluation, ANATOMY, DRAWN.anatomy)
    assert (pictures.slices, pictures.implant) == ((), None)
    assert "VTK is not installed" in pictures.implant_missing
    assert "prescription 120 Gy" in pictures.dvh


def test_the_chart_and_the_slices_use_one_colour_for_a_structure(evaluation: PlanEvaluation) -> None:
    pictures = plan_pictures(evaluation, ANATOMY, DRAWN.anatomy, in_3d=False)
    in_chart = re.search(r'<path[^>]*stroke="(#\w+)"[^>]*><title>PTV \(', pictures.dvh)
    in_slice = re.search(r'<path[^>]*stroke="(#\w+)"[^>]*><title>PTV</title>', pictures.slices[0])
    assert in_chart is not None
    assert in_slice is not None
    assert in_chart[1] == in_slice[1]
    assert "PTV (target)" in pictures.legend
    assert "prescription 120 Gy" in pictures.dvh


def test_the_histogram_starts_at_all_of_the_volume_and_falls(evaluation: PlanEvaluation) -> None:
    from brachyresponse.pictures import dvh_chart

    path = re.search(r'<path d="M([^"]*)"', dvh_chart(evaluation.dvhs, 120.0))
    assert path is not None
    heights = [float(point.split()[1]) for point in path[1].split("L")]
    assert heights[0] == pytest.approx(40, abs=0.1)  # the top of the plot
    assert heights == sorted(heights)
