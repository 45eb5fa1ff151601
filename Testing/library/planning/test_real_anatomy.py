"""Templates, loading, rules and the sheet on real anatomy: a prostate and a brain tumour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import (
    PlanAnatomy,
    PlanRoles,
    StructureSurface,
    TrackRule,
    check_plan,
    evaluate_plan,
    load_needles,
    load_profile,
    loading_sheet,
    parse_limit,
    template_needles,
)
from brachyresponse.sources import load_source
from prostate_case import needs_prostate_case, read_structure
from reference import REFERENCE, needs_reference

SOURCE = load_source("amersham_6711")


def every_second_hole(needles: tuple) -> tuple:
    """Needles 10 mm apart in a 5 mm template."""
    return tuple(n for n in needles if (ord(n.hole[0]) % 2, int(n.hole[1:]) % 2) == (0, 0))


@needs_prostate_case
def test_a_prostate_is_planned_by_a_5_mm_template_and_judged_by_its_own_rules(plan_of: Callable) -> None:
    structures = {name: read_structure(name) for name in ("PTV", "Rectum", "Bladder")}
    limits = tuple(parse_limit(text) for text in ("Rectum:D2cc<=65%", "Bladder:D2cc<=95%"))
    anatomy = PlanAnatomy(structures, PlanRoles(ptv="PTV", organs=("Rectum", "Bladder"), limits=limits))
    needles = every_second_hole(template_needles(structures["PTV"], direction=[0, 0, 1], pitch_mm=5))
    seeds = load_needles(needles, structures["PTV"], spacing_mm=10, strength_u=0.5)
    assert 12 <= len(needles) <= 25
    assert 40 <= seeds.count <= 70
    assert StructureSurface(structures["PTV"]).contains(seeds.positions_mm).all()
    plan = plan_of(needles, seeds, target="PTV", prescription_gy=145.0)
    lower, upper = structures["PTV"].bounds_mm()
    profile = load_profile("prostate")
    evaluation = evaluate_plan(plan, SOURCE, anatomy, Grid.covering(lower - 25, upper + 25, 2.5), profile=profile)
    assert {finding.rule for finding in evaluation.findings} == {rule.id for rule in profile.rules}
    v100, d90_gy = (evaluation.metric("PTV", metric).value for metric in ("v100", "d90"))
    assert 40 < v100 < 100
    assert 70 < d90_gy < 200
    assert all(result.value is not None for result in evaluation.limits)
    sheet = loading_sheet(plan, SOURCE)
    assert sum(row.seed_count for row in sheet.needles) == seeds.count
    assert all(row.axial_angle_deg is None and row.tilt_deg == pytest.approx(90) for row in sheet.needles)


@needs_prostate_case
def test_the_scan_of_the_prostate_holds_no_perineum() -> None:
    tracks = TrackRule(body=read_structure("BODY"))
    with pytest.raises(PlanError, match="leaves the image inside 'BODY', so the skin is not in it"):
        template_needles(read_structure("PTV"), direction=[0, 0, 1], pitch_mm=5, tracks=tracks)
    needles = template_needles(read_structure("PTV"), direction=[0, -1, 0], pitch_mm=10, tracks=tracks)
    skin = StructureSurface(tracks.body)
    entries = np.array([needle.entry_mm for needle in needles])
    np.testing.assert_allclose(skin.distance_mm(entries), 0, atol=0.5)  # half a voxel of 1 mm


@needs_reference("mri", "brain1_label.nrrd")
def test_a_brain_tumour_on_its_oblique_image_is_planned_in_1_cm_tracks(plan_of: Callable) -> None:
    import SimpleITK as sitk

    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_label.nrrd"))
    tumour = Structure("Tumour", sitk.GetArrayFromImage(image) > 0, Grid.from_image(image))
    needles = template_needles(tumour, direction=[0.6, 0, -0.8], pitch_mm=10, tracks=TrackRule(least_chord_mm=5))
    seeds = load_needles(needles, tumour, spacing_mm=10, strength_u=0.762)
    anatomy = PlanAnatomy({"Tumour": tumour}, PlanRoles("Tumour", "Tumour"))
    lower, upper = tumour.bounds_mm()
    profile = load_profile("brain")
    plan = plan_of(needles, seeds, target="Tumour")
    evaluation = evaluate_plan(plan, SOURCE, anatomy, Grid.covering(lower - 25, upper + 25, 2.5), profile=profile)
    assert 10 < evaluation.metric("Tumour", "volume").value < 25
    assert evaluation.metric("Tumour", "v100").value > 50  # parallel tracks, not optimised
    passed = {finding.rule: finding.passed for finding in evaluation.findings}
    assert passed["rx"] is True
    assert passed["overlap"] is True
    assert passed["skin"] is None
    neck = {
        f.rule: f for f in check_plan(replace(plan, prescription_gy=120.0), SOURCE, anatomy, load_profile("neck_node"))
    }
    # needles through the hollow of the tumour skip whole steps
    steps = neck["seed_spacing"].value / 10
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert neck["needle_spacing"].passed is True
