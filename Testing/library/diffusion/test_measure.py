"""The ADC of lesions and their parts: what a phantom is made of comes back, and what is not evaluable says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.diffusion import (
    DiffusionRequest,
    DiffusionSettings,
    DiffusionStudy,
    LesionPart,
    Restriction,
    describe_restriction,
    measure_diffusion,
)
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions.exclusions_on_grid import MaskRole
from brachyresponse.lesions.ratios import LOW_STATISTICS
from brachyresponse.seeds import Seeds
from diffusion_phantom import (
    CORE,
    LESION_MM,
    NOISE,
    RIM,
    WHITE,
    WHITE_MATTER_MM,
    adc_values,
    ball,
    grid,
    request,
    structure,
)

QUICK = DiffusionSettings(bootstrap_samples=20)
WHITE_MATTER = structure("White matter", WHITE_MATTER_MM, 12)


def measured(**changed: Any) -> DiffusionStudy:
    """The study of a changed request, by default without white matter: the ratios take most of the time."""
    return measure_diffusion(request(**({"settings": QUICK, "white_matter": None} | changed)))


@pytest.fixture(scope="module")
def study() -> DiffusionStudy:
    return measure_diffusion(request())


def seeds_at(*positions_mm: tuple[float, float, float]) -> Seeds:
    count = len(positions_mm)
    return Seeds(np.array(positions_mm), np.tile([0.0, 0.0, 1.0], (count, 1)), np.ones(count))


def test_rim_and_core_are_measured_apart(study: DiffusionStudy) -> None:
    assert [(row.part, row.label) for row in study.rows] == [
        (LesionPart.SOLID, "enhancing part"),
        (LesionPart.CORE, "core"),
        (LesionPart.REFERENCE, "white matter"),
    ]
    for row, true in zip(study.rows, (RIM, CORE, WHITE), strict=True):
        assert row.value() == pytest.approx(true, abs=4 * NOISE / np.sqrt(row.valid_voxels))
        assert row.standard_deviation == pytest.approx(NOISE, rel=0.15)  # of a hundred voxels


def test_the_low_statistics_are_in_order(study: DiffusionStudy) -> None:
    row = study.row("T1")
    low = [row.value(name) or 0.0 for name in ("p5", "p10", "p25", "median")]
    assert low == sorted(low)
    assert low[0] == pytest.approx(RIM - 1.645 * NOISE, abs=0.4 * NOISE)  # the 5th percentile of a normal spread
    assert row.percentiles[90] == pytest.approx(RIM + 1.282 * NOISE, abs=0.4 * NOISE)
    by_percent = {5: "p5", 10: "p10", 25: "p25", 50: "median"}
    assert {percent: row.percentiles[percent] for percent in by_percent} == {
        percent: row.value(name) for percent, name in by_percent.items()
    }


def test_the_cold_spot_is_no_single_voxel(study: DiffusionStudy) -> None:
    row = study.row("T1")
    assert row.cold_spot_cc == 0.3
    lowest = adc_values()[ball(LESION_MM, 14) & ~ball(LESION_MM, 8)].min()
    assert lowest + NOISE < (row.value("cold_spot") or 0.0) < RIM


def test_the_ratio_holds_the_truth_in_its_interval(study: DiffusionStudy) -> None:
    ratios = study.row("T1").ratios
    assert set(ratios) == set(LOW_STATISTICS)
    mean = ratios[LOW_STATISTICS[0]]
    assert mean.low is not None
    assert mean.high is not None
    assert mean.low < RIM / WHITE < mean.high


def test_the_histogram_counts_every_valid_voxel(study: DiffusionStudy) -> None:
    for row in study.rows:
        assert row.histogram is not None
        assert row.histogram.counts.sum() == row.valid_voxels


def test_a_core_below_its_rim_is_described_with_both_numbers(study: DiffusionStudy) -> None:
    found = study.restrictions["T1"]
    assert found.state is Restriction.PRESENT
    assert found.core == pytest.approx(CORE, abs=20)
    assert found.rim == pytest.approx(RIM, abs=20)
    assert f"{found.core:.0f} is lower than the rim's of {found.rim:.0f}" in found.sentence
    assert "not scored" in found.sentence


@given(core=st.floats(300, 3000), rim=st.floats(300, 3000))
def test_the_sign_is_present_where_the_core_is_lower(core: float, rim: float) -> None:
    found = describe_restriction(core, rim)
    assert (found.state is Restriction.PRESENT) == (core < rim)


def test_a_lesion_without_a_core_is_measured_whole() -> None:
    study = measured(cores={})
    row = study.row("T1")
    assert (row.label, row.voxels) == ("lesion", np.count_nonzero(ball(LESION_MM, 14)))
    assert study.restrictions["T1"].state is Restriction.NO_CORE
    assert "No core of 'T1' is known: if it has one, it is measured with the lesion." in study.warnings


def test_the_core_is_found_where_the_lesion_does_not_enhance() -> None:
    enhancing = np.full(grid().shape_kji, 400.0)
    enhancing[ball(LESION_MM, 14)] = 800.0
    enhancing[ball(LESION_MM, 8)] = 200.0
    study = measured(cores={}, anatomical=Volume("T1 post-contrast", enhancing, grid()))
    assert study.row("T1", LesionPart.CORE).value() == pytest.approx(CORE, abs=30)


def test_voxels_between_core_and_rim_are_of_neither() -> None:
    share = np.where(ball(LESION_MM, 8), 1.0, np.where(ball(LESION_MM, 10), 0.4, 0.0))
    study = measured(cores={"T1": Structure("Core", share, grid())})
    between = np.count_nonzero(ball(LESION_MM, 10) & ~ball(LESION_MM, 8))
    voxels = study.row("T1").voxels + study.row("T1", "core").voxels
    assert voxels == np.count_nonzero(ball(LESION_MM, 14)) - between


def test_a_drawn_core_that_lies_elsewhere_is_told() -> None:
    study = measured(cores={"T1": structure("Core", WHITE_MATTER_MM, 8)})
    assert study.restrictions["T1"].state is Restriction.NO_CORE
    assert "The core drawn for 'T1' fills no voxel of the lesion by half and does not count: correct it." in (
        study.warnings
    )


def test_drawn_necrosis_is_a_core_and_no_exclusion() -> None:
    necrosis = structure("Necrosis", LESION_MM, 8)
    study = measured(cores={}, masks={MaskRole.NECROSIS: necrosis})
    assert study.row("T1", "core").valid_voxels == np.count_nonzero(necrosis.mask)
    assert not [row for row in study.exclusions["T1"] if row.voxels]


def test_voxels_without_a_value_do_not_count() -> None:
    values = adc_values().copy()
    values[ball(LESION_MM, 10) & ~ball(LESION_MM, 8)] = np.nan
    values[ball((20, 12, 0), 4)] = 0.0
    study = measured(values=values)
    row = study.row("T1")
    assert row.valid_voxels < row.voxels
    assert row.value() == pytest.approx(RIM, abs=20)
    assert any("of the lesion 'T1' hold no ADC above 0 and do not count." in sentence for sentence in study.warnings)


def test_nothing_is_taken_within_5_mm_of_a_seed() -> None:
    study = measured(seeds=seeds_at((30.0, 0.0, 0.0)))
    (row,) = [row for row in study.exclusions["T1"] if row.name == "round 1 seeds"]
    assert 0.05 < row.share_taken < 0.5
    assert "5 mm for ADC: proposed" in row.reason  # whatever the echo time
    assert study.row("T1").is_evaluable


def test_a_lesion_among_seeds_is_not_evaluable() -> None:
    lattice = [(20.0 + x, float(y), float(z)) for x in (-8, 0, 8) for y in (-8, 0, 8) for z in (-8, 0, 8)]
    row = measured(seeds=seeds_at(*lattice)).row("T1")
    assert row.value() is None
    assert "of the enhancing part" in row.reasons[0]


BLOOD_MM = (27.0, 0.0, 0.0)


def dark_t2star() -> Volume:
    return Volume("T2*", np.where(ball(BLOOD_MM, 11), 50.0, 500.0), grid())


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"t2star": dark_t2star()}, "blood or calcification"),
        ({"masks": {MaskRole.BLOOD: structure("Blood", BLOOD_MM, 11)}}, "blood"),
    ],
    ids=["seen", "drawn"],
)
def test_blood_in_more_than_a_quarter_of_a_lesion_is_refused(changed: dict[str, Any], name: str) -> None:
    row = measured(**changed).row("T1")
    assert any(f"is {name}, at most 25% may be" in reason for reason in row.reasons)


def test_each_of_several_lesions_has_one_row_of_blood() -> None:
    other = {"T1": structure("T1", LESION_MM, 14), "T2": structure("T2", (-20.0, 0.0, 0.0), 8)}
    study = measured(lesions=other, t2star=dark_t2star())
    taken = {name: [row.share_taken for row in rows] for name, rows in study.exclusions.items()}
    assert taken == {"T1": [pytest.approx(0.38, abs=0.1)], "T2": [0.0]}  # of a ball cut by another


def test_the_balloon_takes_a_margin_with_it() -> None:
    study = measured(masks={MaskRole.BALLOON: structure("Balloon", (36.0, 0.0, 0.0), 4)})
    (row,) = [row for row in study.exclusions["T1"] if row.name == "balloon"]
    assert row.share_taken > 0.02
    assert "5 mm round it" in row.reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"is_registered": False}, "does not lie on the image"), ({"is_undistorted": False}, "is distorted")],
)
def test_a_map_that_does_not_lie_on_the_lesion_gives_no_value(changed: dict[str, bool], reason: str) -> None:
    row = measured(**changed, white_matter=WHITE_MATTER).row("T1")
    assert row.value() is None
    assert reason in row.reasons[0]
    assert row.ratios
    assert all(ratio.value is None for ratio in row.ratios.values())


def test_what_nobody_said_is_asked() -> None:
    study = measured(is_registered=None, is_undistorted=None)
    assert [sentence.split("?")[0][:24] for sentence in study.questions] == [
        "Does the ADC map lie on ",
        "Was the echo-planar dist",
    ]
    assert study.row("T1").is_evaluable


def test_a_small_lesion_is_not_evaluable() -> None:
    small = structure("T1", LESION_MM, 5)
    row = measured(lesions={"T1": small}, cores={}).row("T1")
    assert "cc, at least 1 cc are needed" in row.reasons[0]


def lesion_at(x_mm: float) -> dict[str, Any]:
    """A lesion of 14 mm that the map, which ends at 41 mm, may hold a part of; drawn on a grid of its own."""
    wide = Grid((10, 21, 61), grid().ijk_to_ras)
    inside = np.linalg.norm(wide.points_mm() - (x_mm, 0.0, 0.0), axis=-1) < 14
    return {"lesions": {"T1": Structure("T1", inside, wide)}, "cores": {}}


@pytest.mark.parametrize(("x_mm", "is_evaluable"), [(36.0, True), (50.0, False)])
def test_a_remnant_at_the_edge_of_the_map_is_not_the_lesion(x_mm: float, is_evaluable: bool) -> None:
    study = measured(**lesion_at(x_mm))
    (cut_off,) = [sentence for sentence in study.warnings if "of the lesion 'T1' lie in the field of view" in sentence]
    row = study.row("T1")
    assert row.is_evaluable is is_evaluable
    assert (cut_off in row.reasons) is not is_evaluable


def test_a_dose_that_does_not_reach_the_white_matter_says_so() -> None:
    study = measured(
        white_matter=WHITE_MATTER, dose=Volume("Dose", np.ones((3, 3, 3)), Grid((3, 3, 3), np.eye(4)), "Gy")
    )
    assert study.white_matter_dose_gy is None
    assert any("whether it was irradiated is not known" in sentence for sentence in study.warnings)


def test_irradiated_white_matter_is_told() -> None:
    dose = Volume("Dose", np.full(grid().shape_kji, 12.0), grid(), "Gy")
    study = measured(dose=dose, white_matter=WHITE_MATTER)
    assert study.white_matter_dose_gy == pytest.approx(12.0)
    assert any("got 12.0 Gy on average, more than 5 Gy: move it." in sentence for sentence in study.warnings)


def test_without_white_matter_there_are_values_and_no_ratios() -> None:
    study = measured()
    assert study.row("T1").value() == pytest.approx(RIM, abs=20)
    assert not study.row("T1").ratios
    assert any("no white matter of reference" in sentence for sentence in study.warnings)


def elsewhere(name: str) -> Structure:
    far = replace(grid(), ijk_to_ras=grid().ijk_to_ras + np.array([[0, 0, 0, 500]] * 3 + [[0, 0, 0, 0]]))
    return Structure(name, ball(LESION_MM, 14), far)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"lesions": {"T1": elsewhere("T1")}, "cores": {}},
            "lesion 'T1' lies outside the field of view of ADC map 'ADC'",
        ),
        ({"white_matter": elsewhere("WM")}, "white matter 'WM' lies outside the field of view of ADC map 'ADC'"),
        ({"white_matter": structure("WM", (0.0, 0.0, 0.0), 12)}, r"share \d\.\d\d cc: the reference must be outside"),
        ({"white_matter": structure("WM", (-20.0, 0.0, 0.0), 4)}, r"Only \d+ of \d+ voxels of the white matter"),
        ({"cores": {"T1": structure("Core", LESION_MM, 20)}}, "All of the lesion 'T1' is core"),
        ({"cores": {"T2": structure("Core", LESION_MM, 8)}}, "core of lesion 'T2', but no such lesion: give one of T1"),
        ({"lesions": {}}, "There are 0 lesions"),
        ({"lesions": {"": structure("T1", LESION_MM, 14)}, "cores": {}}, "each needs a name"),
        ({"b_values_s_per_mm2": (0.0, -1.0)}, "not all numbers from 0"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(DiffusionError, match=message):
        measured(**changed)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"cold_spot_cc": 0.0}, r"volume of the cold spot \(cc\) is 0, expected 0.001 to 1000"),
        ({"highest_um2_per_s": np.nan}, r"end of the histogram .* is nan, expected 100 to 100000"),
        ({"dose_limit_gy": np.nan}, r"limit of dose \(Gy\) is nan, expected 0 to 1000"),
        ({"random_seed": -1}, r"random seed is -1, expected 0 to"),
    ],
)
def test_a_setting_outside_its_range_is_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(DiffusionError, match=message):
        DiffusionSettings(**setting)


def test_a_row_that_was_not_measured_is_refused_with_those_that_were(study: DiffusionStudy) -> None:
    with pytest.raises(DiffusionError, match=r"'N1' \(solid\) was not measured: there are T1 \(solid\), T1 \(core\)"):
        study.row("N1")


def test_the_same_request_gives_the_same_figures() -> None:
    def ratios(asked: DiffusionRequest) -> list[tuple[float | None, float | None]]:
        return [(one.low, one.high) for one in measure_diffusion(asked).row("T1").ratios.values()]

    assert ratios(request(settings=QUICK)) == ratios(request(settings=QUICK))
