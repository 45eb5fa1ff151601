"""An earlier external beam and an implant summed in EQD2, with what the sum takes for granted."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose import bed_gy, compute_dvh, eqd2_gy
from brachyresponse.dose.biology import (
    EarlierBeam,
    Exposure,
    ParameterRange,
    TissueBiology,
    check_frames,
    combined_dose,
    combined_eqd2,
    evaluate_biology,
    load_tissue,
    with_earlier_beam,
)
from brachyresponse.errors import DoseError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume

PERMANENT = Exposure(59.4)
FIXED = TissueBiology("late", "Late", ParameterRange.of(3), ParameterRange.of(1.5))
GRID = Grid((6, 6, 6), np.diag([1.5, 1.5, 1.5, 1.0]))
BEAM_GRID = Grid((8, 8, 8), np.array([[2.0, 0, 0, -2.5], [0, 2, 0, -2.5], [0, 0, 2, -2.5], [0, 0, 0, 1]]))
STEM = Structure("Brainstem", np.pad(np.ones((4, 4, 4), np.float32), 1), GRID)


def uniform(value: float, grid: Grid = GRID, unit: str = "Gy") -> Volume:
    """Return the same dose everywhere."""
    return Volume("dose", np.full(grid.shape_kji, value, np.float32), grid, unit)


def implant_eqd2(dose_gy: float, alpha_beta_gy: float) -> float:
    rate = PERMANENT.initial_rate_cgy_per_h(dose_gy)
    bed = bed_gy(rate, half_life_days=59.4, alpha_beta_gy=alpha_beta_gy, repair_half_time_h=1.5)
    return float(eqd2_gy(bed, alpha_beta_gy))


def test_sixty_gy_in_thirty_fractions_are_sixty_gy_in_eqd2_and_add_to_the_implant() -> None:
    beam = EarlierBeam(uniform(60, BEAM_GRID), fractions=30)
    found = combined_dose(STEM, uniform(50), PERMANENT, FIXED, beam)
    assert found.beam.mid.d_cc(0.1) == pytest.approx(60, rel=1e-6)
    assert found.implant.mid.mean_gy == pytest.approx(30.53, abs=0.005)  # worked example H
    for read in (lambda dvh: dvh.d_cc(0.1), lambda dvh: dvh.max_gy, lambda dvh: dvh.min_gy):
        assert read(found.total.mid) == pytest.approx(60 + 30.5255, rel=1e-5)
    assert found.name == "Brainstem"


def test_larger_fractions_are_worth_more_and_recovery_takes_its_share() -> None:
    # 30 Gy in 5 fractions of 6 Gy at alpha/beta 3: 30 (6 + 3) / (2 + 3) = 54 Gy
    beam = EarlierBeam(uniform(30, BEAM_GRID), fractions=5)
    assert beam.eqd2_gy(30.0, 3.0) == pytest.approx(54)
    recovered = EarlierBeam(uniform(30, BEAM_GRID), fractions=5, recovered_share=0.25, days_between=400)
    assert combined_dose(STEM, uniform(0), PERMANENT, FIXED, recovered).total.mid.mean_gy == pytest.approx(
        40.5, rel=1e-6
    )
    assert "25 % of the earlier beam's EQD2 is taken to have recovered" in " ".join(recovered.assumptions)
    assert "400 days" in " ".join(recovered.assumptions)
    assert "Nothing of the earlier beam" in " ".join(beam.assumptions)
    assert "is not known" in " ".join(beam.assumptions)


def test_doses_that_vary_are_added_where_they_meet_on_grids_of_their_own() -> None:
    implant = Volume("dose", (10 + 10 * GRID.points_mm()[..., 0]).astype(np.float32), GRID, "Gy")
    beam = EarlierBeam(Volume("beam", 40 - BEAM_GRID.points_mm()[..., 0], BEAM_GRID, "Gy"), fractions=20)
    found = combined_dose(STEM, implant, PERMANENT, FIXED, beam)
    ends_mm = (1.0, 6.5)  # voxels of 1.5 mm in three: the outermost samples lie 0.25 mm inside the borders
    expected = [implant_eqd2(10 + 10 * x, 3.0) + float(beam.eqd2_gy(40 - x, 3.0)) for x in ends_mm]
    assert found.total.mid.min_gy == pytest.approx(expected[0], rel=1e-4)
    assert found.total.mid.max_gy == pytest.approx(expected[1], rel=1e-4)
    values = combined_eqd2(implant, PERMANENT, FIXED, beam)
    at = (3, 3, 2)  # x = 3 mm
    assert values.values[at] == pytest.approx(implant_eqd2(40, 3.0) + float(beam.eqd2_gy(37.0, 3.0)), rel=1e-5)
    assert found.total.mid.mean_gy == pytest.approx(compute_dvh(values.values, GRID, STEM).mean_gy, rel=0.01)


def test_the_range_of_the_sum_brackets_every_tissue_within() -> None:
    tissue = TissueBiology("late", "Late", ParameterRange(2, 2.5, 4), ParameterRange(0.5, 1.5, 4))
    for dose_gy, fractions in ((60, 30), (25, 5), (40, 40)):
        beam = EarlierBeam(uniform(dose_gy, BEAM_GRID), fractions)
        total = combined_dose(STEM, uniform(70), PERMANENT, tissue, beam).total.each(lambda dvh: dvh.max_gy)
        rate = PERMANENT.initial_rate_cgy_per_h(70.0)
        for alpha_beta in np.linspace(2, 4, 9):
            for repair in (0.5, 1.0, 4.0):
                bed = bed_gy(rate, half_life_days=59.4, alpha_beta_gy=alpha_beta, repair_half_time_h=repair)
                summed = float(eqd2_gy(bed, alpha_beta) + beam.eqd2_gy(dose_gy, alpha_beta))
                assert total.low - 1e-4 <= summed <= total.high + 1e-4  # doses are sampled in float32


def test_an_evaluation_gets_the_sum_and_its_assumptions() -> None:
    dvhs = {"Brainstem": compute_dvh(uniform(50).values, GRID, STEM)}
    tissues = {"Brainstem": load_tissue("late_brain")}
    beam = EarlierBeam(uniform(60, BEAM_GRID), 30)
    alone = evaluate_biology(dvhs, PERMANENT, tissues)
    found = with_earlier_beam(alone, uniform(50), {"Brainstem": STEM}, beam)
    assert found.doses is alone.doses
    assert found.combined["Brainstem"].total.low.max_gy > 60
    assert set(beam.assumptions) <= set(found.assumptions)
    with pytest.raises(DoseError, match="The structure 'Brainstem' is not there"):
        with_earlier_beam(alone, uniform(50), {}, beam)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EarlierBeam(uniform(60), 0), "The earlier beam has 0 fractions: give a whole number from 1"),
        (lambda: EarlierBeam(uniform(60), 30, recovered_share=1.5), "The recovered share is 1.5"),
        (lambda: EarlierBeam(uniform(60), 30, days_between=-3), "ended -3 days before the implant"),
        (lambda: EarlierBeam(uniform(-60), 30), "holds values from -60"),
        (lambda: EarlierBeam(uniform(60, unit="HU"), 30), "is in HU"),
        (
            lambda: check_frames(EarlierBeam(uniform(60), 30, frame_of_reference_uid="1.2"), "1.3"),
            "lies in the frame of reference '1.2', the implant in '1.3'",
        ),
    ],
)
def test_a_beam_that_cannot_be_is_refused(make: object, message: str) -> None:
    with pytest.raises(DoseError, match=message):
        make()  # type: ignore[operator]


def test_a_beam_of_the_same_or_an_unknown_frame_is_taken() -> None:
    check_frames(EarlierBeam(uniform(60), 30), "1.3")
    check_frames(EarlierBeam(uniform(60), 30, frame_of_reference_uid="1.3"), "1.3")


def test_a_beam_that_does_not_cover_the_structure_is_refused_with_how_much_it_covers() -> None:
    half = Grid((8, 8, 8), np.array([[2.0, 0, 0, 3.75], [0, 2, 0, -2.5], [0, 0, 2, -2.5], [0, 0, 0, 1]]))
    with pytest.raises(StructureError, match=r"covers 50 % of 'Brainstem'.*the dose is unknown, not 0"):
        combined_dose(STEM, uniform(50), PERMANENT, FIXED, EarlierBeam(uniform(60, half), 30))
    away = Grid((2, 2, 2), np.diag([1.0, 1, 1, 1]) + np.array([[0, 0, 0, 900.0]] + [[0, 0, 0, 0]] * 3))
    with pytest.raises(StructureError, match="the two lie apart"):
        combined_eqd2(uniform(50), PERMANENT, FIXED, EarlierBeam(uniform(60, away), 30))
    with pytest.raises(StructureError, match="'Brainstem' lies outside the implant's dose"):
        combined_dose(STEM, uniform(50, away), PERMANENT, FIXED, EarlierBeam(uniform(60, BEAM_GRID), 30))
