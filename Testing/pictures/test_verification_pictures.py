from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from brachyresponse.pictures import verification_pictures
from brachyresponse.pictures.verification_pictures import displacement_arrows_mm
from brachyresponse.report import VerificationPictures
from brachyresponse.verification import Verification
from verified_implant import FAR_MM, MOVED, implant_ct, small_verification


@pytest.fixture(scope="module")
def verification() -> Verification:
    return small_verification()


@pytest.fixture(scope="module")
def pictures(verification: Verification) -> VerificationPictures:
    return verification_pictures(verification, implant_ct(), in_3d=False)


def test_slices_go_through_seeds_and_show_planned_ones_found_ones_and_arrows(pictures: VerificationPictures) -> None:
    assert [re.search(r"<title>(\w+),", picture)[1] for picture in pictures.slices] == ["Axial", "Coronal", "Sagittal"]
    for picture in pictures.slices:
        assert "<title>planned seed " in picture
        assert re.search(r"<title>seed \d+ at", picture)
    assert any("<title>displacement</title>" in picture for picture in pictures.slices)
    for entry in ("planned seed", "displacement", "PTV (target)"):
        assert entry in pictures.legend


def test_projections_hold_every_seed_the_one_far_away_too(
    verification: Verification, pictures: VerificationPictures
) -> None:
    for picture in pictures.projections:
        assert len(re.findall("<title>found seed ", picture)) == verification.found.count
        assert len(re.findall("<title>reference seed ", picture)) == verification.planned_seeds.count


def test_an_arrow_leads_from_where_a_seed_was_planned_to_where_it_was_found(verification: Verification) -> None:
    arrows = displacement_arrows_mm(verification)
    assert len(arrows) == verification.match.count
    lengths = np.linalg.norm(arrows[:, 1] - arrows[:, 0], axis=1)
    np.testing.assert_allclose(lengths, verification.displacements.total_mm)
    planned = verification.displacements.pairs[:, 0].tolist()
    assert lengths[planned.index(MOVED)] == pytest.approx(FAR_MM, abs=2)  # moved by that and a little noise


def test_the_histograms_of_plan_and_implant_share_a_chart(pictures: VerificationPictures) -> None:
    assert {"PTV, plan", "PTV, implant", "Nerve, plan", "Nerve, implant"} <= set(
        re.findall(r"<title>(\w+, \w+) \(", pictures.dvh)
    )


def test_a_carried_target_is_stamped_under_the_chart_and_its_curves_keep_their_names() -> None:
    chart = verification_pictures(small_verification(implant_anatomy=None), implant_ct(), in_3d=False).dvh
    assert "carried, not verified.</figcaption>" in chart
    assert "PTV, plan (" in chart
    assert "PTV, implant (" in chart


def test_a_target_drawn_on_the_implant_has_no_stamp_under_the_chart() -> None:
    assert "figcaption" not in verification_pictures(small_verification(), implant_ct(), in_3d=False).dvh


def test_the_difference_is_washed_to_half_the_prescription(pictures: VerificationPictures) -> None:
    assert len(pictures.differences) == 3
    assert "+60 Gy" in pictures.difference_legend
    assert pictures.displacement.startswith("<svg")
    assert pictures.implant is None
    assert pictures.implant_missing == "The 3D picture was not asked for."


def test_without_vtk_charts_and_projections_are_left_and_the_reason_is_said(
    verification: Verification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vtkmodules", None)  # as if it were not installed
    pictures = verification_pictures(verification, implant_ct())
    assert (pictures.slices, pictures.differences, pictures.implant) == ((), (), None)
    assert "VTK is not installed" in pictures.implant_missing
    assert "PTV, implant" in pictures.dvh
    assert len(pictures.projections) == 3
    assert pictures.displacement
