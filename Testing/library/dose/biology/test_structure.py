"""Biological dose of structures: figures of histograms as ranges, uniform BED, what is ineffective, what is said."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose import Dvh, compute_dvh
from brachyresponse.dose.biology import (
    BiologicalDose,
    Bracket,
    Exposure,
    ParameterRange,
    TissueBiology,
    bed_gy,
    bed_volume,
    eqd2_bounds,
    equivalent_uniform_bed,
    evaluate_biology,
    generalised_eud,
    load_tissue,
)
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid, Structure, Volume

PERMANENT = Exposure(59.4)


def dvh_of(doses_gy: list[float], name: str = "GTV") -> Dvh:
    """Return the histogram of samples of 1 cc."""
    return Dvh(name, np.sort(np.array(doses_gy, np.float32)), np.ones(len(doses_gy)), float(len(doses_gy)))


@pytest.fixture(scope="module")
def glioma() -> BiologicalDose:
    """A tumour of 60 cc with doses from 60 to 400 Gy, the range of its parameters wide."""
    return BiologicalDose(dvh_of(np.linspace(60, 400, 60).tolist()), PERMANENT, load_tissue("glioma"))


def test_bed_of_d90_is_d90_of_bed(glioma: BiologicalDose) -> None:
    figure = glioma.figure("D90")
    expected = eqd2_bounds(figure.dose_gy or 0, PERMANENT, glioma.tissue)
    assert figure.eqd2_gy is not None
    for extent in ("low", "mid", "high"):
        # between two samples the figure lies on a line, the formula on a curve, most so where regrowth nearly wins
        assert getattr(figure.eqd2_gy, extent) == pytest.approx(float(getattr(expected, extent)), rel=1e-4, abs=0.05)


def test_a_histogram_of_bed_is_that_of_the_bed_volume() -> None:
    grid = Grid((4, 4, 4), np.diag([4.0, 4.0, 4.0, 1.0]))
    values = np.random.default_rng(5).uniform(40, 200, grid.shape_kji).astype(np.float32)
    dose = Volume("dose", values, grid, "Gy")
    target = Structure("GTV", np.ones(grid.shape_kji, np.float32), grid)
    late = load_tissue("late_brain")
    mapped = BiologicalDose(compute_dvh(values, grid, target), PERMANENT, late)
    direct = compute_dvh(bed_volume(dose, PERMANENT, late).values, grid, target)
    # the formula is curved, so dose and BED interpolated between voxels differ a little
    assert mapped.bed.mid.d(90) == pytest.approx(direct.d(90), rel=0.01)
    assert mapped.bed.mid.mean_gy == pytest.approx(direct.mean_gy, rel=0.01)


def test_a_figure_that_is_not_defined_says_why() -> None:
    small = BiologicalDose(dvh_of([50.0], "Chiasm"), PERMANENT, load_tissue("late_brain"))
    figure = small.figure("D2cc")
    assert figure.bed_gy is None
    assert "D2cc is not defined: Chiasm has 1 cc" in figure.note
    with pytest.raises(DoseError, match="There is no figure 'D95'"):
        small.figure("D95")


def test_all_figures_lie_between_their_ends(glioma: BiologicalDose) -> None:
    for figure in glioma.figures:
        for found in (figure.bed_gy, figure.eqd2_gy):
            assert found is not None
            assert 0 <= found.low < found.mid < found.high
    assert glioma.effective_days is not None
    assert 0 < glioma.effective_days.low < glioma.effective_days.mid < glioma.effective_days.high


def test_the_uniform_bed_is_bracketed_over_all_of_alpha(glioma: BiologicalDose) -> None:
    found = glioma.uniform_bed_gy
    alpha = glioma.tissue.alpha_per_gy
    assert found is not None
    assert alpha is not None
    rate = PERMANENT.initial_rate_cgy_per_h(glioma.dose.sample_dose_gy)
    for value in np.linspace(alpha.low, alpha.high, 8):
        for doubling, alpha_beta in ((5.0, 12.0), (15.0, 10.0), (30.0, 8.0)):
            bed = bed_gy(
                rate, half_life_days=59.4, alpha_beta_gy=alpha_beta, repair_half_time_h=1,
                alpha_per_gy=value, doubling_time_days=doubling,
            )  # fmt: skip
            uniform = equivalent_uniform_bed(bed, glioma.dose.sample_volume_cc, alpha_per_gy=value)
            assert found.low <= uniform <= found.high
    assert found.low < found.mid < found.high


def test_bed_of_a_balloon_is_counted_to_its_removal_at_most() -> None:
    balloon = BiologicalDose(dvh_of([60.0, 110.0]), Exposure(59.4, 4.9), load_tissue("glioma"))
    assert balloon.effective_days == Bracket(4.9, 4.9, 4.9)


def test_tissue_without_regrowth_has_no_uniform_bed_and_no_effective_time() -> None:
    late = BiologicalDose(dvh_of([50.0, 60.0]), PERMANENT, load_tissue("late_brain"))
    assert late.uniform_bed_gy is None
    assert late.effective_days is None
    assert late.ineffective_percent is None
    assert late.regrowth_warning == ""


def test_where_regrowth_wins_is_said_and_counts_as_nothing() -> None:
    # alpha Tp is 0.75 to 12 d/Gy: regrowth undoes 3.9 to 0.24 cGy/h; 10 Gy begin with 0.49 cGy/h, 200 Gy with 9.7
    cold = BiologicalDose(dvh_of([10.0, 20.0, 30.0, 200.0]), PERMANENT, load_tissue("glioma"))
    share = cold.ineffective_percent
    assert share is not None
    assert (share.low, share.mid, share.high) == (0, 25, 75)
    assert cold.regrowth_warning.startswith(
        "May be ineffective in up to 75 % of GTV (likely 25 %): where the dose rate is below regrowth from the start, "
        "its BED counts as 0"
    )
    assert cold.bed.low.min_gy == 0
    assert cold.bed.high.min_gy > 0


@pytest.mark.parametrize(
    ("dose_gy", "kick_off_days", "said"),
    [
        ([3.0, 20.0, 30.0, 200.0], 0, "Ineffective in 25 % to 75 % of GTV (likely 25 %): "),
        ([3.0, 4.0], 0, "Ineffective in 100 % of GTV: "),
        ([20.0, *[200.0] * 149], 0, "May be ineffective in less than 1 % of GTV (likely 0 %): "),
        ([3.0, 4.0], 20, "only what is given before regrowth begins counts"),
    ],
)
def test_the_share_below_regrowth_is_said_with_its_range(dose_gy: list[float], kick_off_days: float, said: str) -> None:
    tissue = load_tissue("glioma").changed(kick_off_days=ParameterRange.of(kick_off_days))
    dose = BiologicalDose(dvh_of(dose_gy), PERMANENT, tissue)
    assert said in dose.regrowth_warning
    assert (dose.bed.high.min_gy > 0) is (kick_off_days > 0 or min(dose_gy) > 10)


def test_an_eqd2_of_hundreds_of_gy_is_said_to_have_no_meaning() -> None:
    dose = BiologicalDose(dvh_of([60.0, 90.0]), Exposure(59.4, 4.9), load_tissue("late_brain"))
    assert dose.figure("D90").note == ""
    hot = BiologicalDose(dvh_of([275.0, 275.0]), Exposure(59.4, 4.9), load_tissue("late_brain"))
    assert "above 200 Gy (a proposal) has no meaning" in hot.figure("D90").note


def test_uniform_bed_of_a_uniform_dose_is_that_dose_and_a_cold_spot_pulls_it_down() -> None:
    assert equivalent_uniform_bed([80.0] * 3, [1, 2, 3], alpha_per_gy=0.3) == pytest.approx(80, rel=1e-12)
    mixed = equivalent_uniform_bed([80.0, 20.0], [0.9, 0.1], alpha_per_gy=0.3)
    assert mixed == pytest.approx(-np.log(0.9 * np.exp(-24) + 0.1 * np.exp(-6)) / 0.3, rel=1e-12)
    assert equivalent_uniform_bed([1e5, 2e5], [1, 1], alpha_per_gy=1.0) == pytest.approx(1e5 + np.log(2), rel=1e-9)


def test_generalised_mean_reaches_from_the_coldest_to_the_hottest() -> None:
    dose, volume = [10.0, 40.0, 70.0], [1.0, 1.0, 2.0]
    assert generalised_eud(dose, volume, exponent=1) == pytest.approx(47.5)
    assert generalised_eud(dose, volume, exponent=5000) == pytest.approx(70, rel=1e-3)
    assert generalised_eud(dose, volume, exponent=-5000) == pytest.approx(10, rel=1e-3)
    assert generalised_eud([0.0, 40.0], [1, 1], exponent=-10) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equivalent_uniform_bed([1.0], [1.0, 2.0], alpha_per_gy=0.3), "1 doses and 2 volumes"),
        (lambda: equivalent_uniform_bed([1.0], [1.0], alpha_per_gy=0), "The alpha is 0 /Gy"),
        (lambda: generalised_eud([1.0], [1.0], exponent=0), "The exponent of gEUD is 0"),
        (lambda: generalised_eud([-1.0], [1.0], exponent=2), "The dose goes down to -1 Gy"),
        (lambda: evaluate_biology({}, PERMANENT, {}), "No tissue is named"),
        (
            lambda: evaluate_biology({"GTV": dvh_of([1.0])}, PERMANENT, {"GTv": load_tissue("glioma")}),
            "The dose of 'GTv', whose biology is asked for, was not computed: did you mean 'GTV'",
        ),
    ],
)
def test_what_cannot_be_computed_is_named(call: object, message: str) -> None:
    with pytest.raises(DoseError, match=message):
        call()  # type: ignore[operator]


def test_an_evaluation_says_that_it_is_a_range_and_what_is_unverified() -> None:
    found = evaluate_biology({"GTV": dvh_of([10.0, 20.0, 30.0, 200.0])}, PERMANENT, {"GTV": load_tissue("glioma")})
    said = " ".join(found.assumptions)
    assert "is not a verdict" in said
    assert "unverified" in said
    assert "several strengths all decay alike" in said
    assert "effective time" in said
    assert found.warnings == (found.doses["GTV"].regrowth_warning,)

    known = TissueBiology("own", "Own", ParameterRange.of(3), ParameterRange.of(1.5))
    said = " ".join(evaluate_biology({"GTV": dvh_of([10.0])}, PERMANENT, {"GTV": known}).assumptions)
    assert "unverified" not in said
    assert "effective time" not in said
