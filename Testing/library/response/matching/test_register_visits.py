"""Scans of two visits brought together by what they are, or refused with a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import RegistrationError, ResponseError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.response.matching import (
    VisitLesions,
    VisitRegistration,
    check_one_frame,
    known_lesions,
    match_lesions,
    register_visits,
    unregistered,
)
from brachyresponse.verification import Registration, RegistrationMethod, RegistrationScan
from lesion_balls import ball
from moved_head import TUMOUR_MM, MovedHead, rigid

SPACING_MM = 5.0
STILL = MovedHead(np.eye(4), SPACING_MM)
MOVED = MovedHead(rigid((6, -5, 4), 6), SPACING_MM)
SMALL = Grid.covering([-20, -20, -20], [20, 20, 20], 5.0)
CT = Volume("CT", np.full(SMALL.shape_kji, -1000.0), SMALL, "HU")


def error_mm(registration: VisitRegistration) -> float:
    points = TUMOUR_MM + np.random.default_rng(0).uniform(-15, 15, (60, 3))
    return float(np.linalg.norm(registration.to_fixed(MOVED.of(points)) - STILL.of(points), axis=1).mean())


@pytest.mark.validation
def test_two_cts_are_brought_together_by_their_bone() -> None:
    found = register_visits(STILL.ct(), MOVED.ct(random_seed=1))
    assert error_mm(found) < 1.0  # a fifth of a voxel
    assert found.residual_is.startswith("Median distance between the bone surfaces")
    assert found.turn_deg == pytest.approx(6.0, abs=0.5)


def test_the_later_ct_is_moved_to_the_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def register(plan: RegistrationScan, implant: RegistrationScan, *, method: str, report: object) -> Registration:
        asked.append((plan.ct, implant.ct, implant.target, method))
        return Registration(RegistrationMethod(method), rigid((1, 2, 3), 0), None, "Said so.", ("Look.",))

    monkeypatch.setattr("brachyresponse.verification.register", register)
    earlier, later, node = CT, replace(CT, name="Later"), ball((0, 0, 0), 8)
    by_bone, by_tissue = register_visits(earlier, later), register_visits(earlier, later, around=node)
    assert asked == [(later, earlier, None, "bone"), (later, earlier, node, "soft_tissue")]
    np.testing.assert_allclose(by_bone.to_fixed([0, 0, 0]), [1, 2, 3])
    assert (by_tissue.residual_mm, by_tissue.residual_is, by_tissue.warnings) == (None, "Said so.", ("Look.",))


def test_a_ct_and_an_mr_image_are_not_of_one_kind() -> None:
    mri = replace(CT, name="T1", unit="")
    with pytest.raises(RegistrationError, match="is in HU, 'T1' in no unit: give two CTs or two MR images"):
        register_visits(CT, mri)


def test_an_error_names_both_scans() -> None:
    air = replace(CT, name="Air")
    with pytest.raises(RegistrationError, match=r"'Air' cannot be brought to 'Old': 'Air' shows 0\.0 cc of bone"):
        register_visits(replace(air, name="Old"), air)
    dark = replace(air, values=np.zeros(SMALL.shape_kji))
    with pytest.raises(RegistrationError, match="'Air' cannot be brought to 'Old': 'Old' shows 0 cc of tissue"):
        register_visits(replace(dark, name="Old"), dark, kind="MR")


def test_scans_of_one_frame_need_no_registration_and_others_do() -> None:
    assert unregistered("1.2", "1.2").warnings == ()
    assert np.array_equal(unregistered("1.2", "1.2").matrix, np.eye(4))
    with pytest.raises(ResponseError, match=r"frame of reference of lesion 'T1' is 1\.2, that of lesion 'T2' is 1\.3"):
        check_one_frame({"lesion 'T1'": "1.2", "lesion 'T3'": "", "lesion 'T2'": "1.3"})


def test_what_was_found_at_any_earlier_visit_is_known_at_the_next() -> None:
    motion = rigid((20, 0, 0), 0)
    baseline = VisitLesions({"T1": ball((0, 0, 0), 8), "T2": ball((50, 0, 0), 5)}, "1.2.3")
    second = VisitLesions({"T1": ball((21, 0, 0), 9), "N1": ball((20, 40, 0), 4)})
    to_baseline = VisitRegistration(np.linalg.inv(motion), 0.5, "Said so.")
    known = known_lesions([(baseline, None), (second, to_baseline)])
    assert known.frame_of_reference_uid == "1.2.3"
    np.testing.assert_allclose(known.lesions["T1"].centre_mm, [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(known.lesions["N1"].centre_mm, [0, 40, 0], atol=1e-6)
    third = {"a": ball((1, 0, 0), 9), "b": ball((1, 40, 0), 5), "c": ball((50, 0, 0), 4)}
    assert match_lesions(known, third, np.eye(4)).names() == {"a": "T1", "b": "N1", "c": "T2"}
