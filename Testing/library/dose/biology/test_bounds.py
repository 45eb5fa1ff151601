"""Ranges of BED and EQD2 over the ranges of the parameters: they bracket, voxel by voxel, and no wider than needed."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose.biology import (
    Exposure,
    Extent,
    ParameterRange,
    TissueBiology,
    bed_bounds,
    bed_gy,
    bed_volume,
    eqd2_bounds,
    eqd2_gy,
    eqd2_volume,
)
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.sources import load_source

DOSES_GY = np.array([0.0, 0.5, 20.0, 80.0, 145.0, 600.0])
ROUNDING = 1e-9


def _range(low: float, high: float) -> st.SearchStrategy[ParameterRange]:
    ends = st.tuples(*(st.floats(low, high) for _ in range(3)))
    return ends.map(lambda three: ParameterRange(*sorted(three)))


TISSUES = st.builds(
    TissueBiology,
    name=st.just("t"),
    label=st.just("A tissue"),
    alpha_beta_gy=_range(1, 15),
    repair_half_time_h=_range(0.2, 5),
    alpha_per_gy=_range(0.05, 0.5),
    doubling_time_days=_range(2, 300),
    kick_off_days=_range(0, 40),
)


@settings(max_examples=15, deadline=None)
@given(tissue=TISSUES, duration=st.sampled_from([inf, 5.0]), where=st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_whatever_lies_within_the_ranges_gives_a_dose_within_the_bounds(
    tissue: TissueBiology, duration: float, where: list[float]
) -> None:
    exposure = Exposure(59.4, duration)
    within = {
        name: values.low + share * (values.high - values.low)
        for (name, values), share in zip(tissue.parameters.items(), where, strict=True)
    }
    rate = exposure.initial_rate_cgy_per_h(DOSES_GY)
    bed = bed_gy(rate, half_life_days=59.4, duration_days=duration, **within)
    for found, bounds in (
        (bed, bed_bounds(DOSES_GY, exposure, tissue)),
        (eqd2_gy(bed, within["alpha_beta_gy"]), eqd2_bounds(DOSES_GY, exposure, tissue)),
    ):
        slack = ROUNDING * (1 + found)
        assert (bounds.low <= found + slack).all()
        assert (found <= bounds.high + slack).all()
        assert (bounds.low <= bounds.mid + slack).all()
        assert (bounds.mid <= bounds.high + slack).all()


def test_bounds_are_reached_at_corners_of_the_ranges() -> None:
    tissue = TissueBiology(
        "t", "A tissue", ParameterRange(2, 3, 10), ParameterRange(0.5, 1, 4),
        ParameterRange(0.1, 0.2, 0.4), ParameterRange(5, 15, 40), ParameterRange(0, 5, 20),
    )  # fmt: skip
    exposure = Exposure(59.4)
    corners = np.array(np.meshgrid(*((values.low, values.high) for values in tissue.parameters.values()))).reshape(
        5, -1
    )
    rate = exposure.initial_rate_cgy_per_h(DOSES_GY)
    beds = [
        bed_gy(rate, half_life_days=59.4, **dict(zip(tissue.parameters, corner, strict=True))) for corner in corners.T
    ]
    eqd2s = [eqd2_gy(bed, corner[0]) for bed, corner in zip(beds, corners.T, strict=True)]
    for found, bounds in (
        (beds, bed_bounds(DOSES_GY, exposure, tissue)),
        (eqd2s, eqd2_bounds(DOSES_GY, exposure, tissue)),
    ):
        np.testing.assert_allclose(bounds.low, np.min(found, axis=0), rtol=1e-12)
        np.testing.assert_allclose(bounds.high, np.max(found, axis=0), rtol=1e-12)


def test_the_range_of_worked_examples_c_to_e_is_the_lesson_of_their_doubling_times() -> None:
    tissue = TissueBiology(
        "t",
        "A tumour",
        ParameterRange.of(10),
        ParameterRange.of(1.5),
        ParameterRange.of(0.3),
        ParameterRange(5, 15, 42),
    )
    found = eqd2_bounds(120.0, Exposure(59.4), tissue)
    assert [float(found.low), float(found.mid), float(found.high)] == pytest.approx([31.54, 65.97, 84.61], abs=0.006)


def test_a_volume_has_the_bed_of_each_voxel_on_the_grid_of_the_dose() -> None:
    grid = Grid((2, 1, 3), np.diag([2.0, 2.0, 2.0, 1.0]))
    dose = Volume("dose", DOSES_GY.reshape(grid.shape_kji).astype(np.float32), grid, "Gy")
    tissue = TissueBiology("late", "Late", ParameterRange(2, 3, 4), ParameterRange.of(1.5))
    exposure = Exposure.of(load_source("amersham_6711"))
    for make, bounds in ((bed_volume, bed_bounds), (eqd2_volume, eqd2_bounds)):
        expected = bounds(dose.values, exposure, tissue)
        for extent in Extent:
            volume = make(dose, exposure, tissue, extent)
            assert volume.grid == grid
            assert volume.unit == "Gy"
            np.testing.assert_allclose(volume.values, expected.at(extent), rtol=1e-6)  # float32


def test_example_h_is_what_fifty_gy_of_a_permanent_implant_are_worth() -> None:
    late = TissueBiology("late", "Late", ParameterRange(2, 3, 3), ParameterRange.of(1.5))
    bed = bed_bounds(50.0, Exposure(59.4), late)
    assert (float(bed.low), float(bed.mid), float(bed.high)) == pytest.approx((50.876, 50.876, 51.314), abs=6e-4)


def test_seeds_of_several_strengths_decay_alike_but_two_radionuclides_are_refused() -> None:
    i125, also_i125 = load_source("amersham_6711"), load_source("best_2301")
    assert Exposure.of(i125, also_i125).half_life_days == 59.4

    class Palladium:
        radionuclide, half_life_days = "Pd-103", 16.991

    with pytest.raises(DoseError, match=r"I-125 \(59.4 d\), Pd-103 \(16.991 d\).*one radionuclide"):
        Exposure.of(i125, Palladium())
    with pytest.raises(DoseError, match="No source is given"):
        Exposure.of()


def test_the_rate_of_an_exposure_gives_the_dose_by_its_end() -> None:
    assert Exposure(59.4).initial_rate_cgy_per_h(145.0) == pytest.approx(7.0501, rel=1e-5)
    assert Exposure(59.4, 118.05 / 24).initial_rate_cgy_per_h(60.0) == pytest.approx(52.3, rel=1e-4)
    assert Exposure(59.4).description == "permanent implant, half-life 59.4 d"
    assert Exposure(59.4, 4.92).description == "temporary implant of 4.92 d, half-life 59.4 d"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Exposure(0), "The half-life is 0 days"),
        (lambda: Exposure(59.4, 0), "The implant lasts 0 days"),
        (lambda: ParameterRange(3, 2, 4), "The range 3 to 2 to 4 is not usable"),
        (lambda: ParameterRange(-1, 2, 4), "The range -1 to 2 to 4"),
        (lambda: ParameterRange(1, 2, inf), "The range 1 to 2 to inf"),
        (lambda: TissueBiology("t", "T", ParameterRange(0, 1, 2), ParameterRange.of(1)), "α/β of T reaches down to 0"),
        (
            lambda: TissueBiology("t", "T", ParameterRange.of(3), ParameterRange.of(1), ParameterRange.of(0.3)),
            "T has only one of α and doubling time",
        ),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made(make: object, message: str) -> None:
    with pytest.raises(DoseError, match=message):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    [(-1.0, "Gy", "holds values from -1"), (np.nan, "Gy", "holds values from nan"), (1.0, "HU", "is in HU, expected")],
)
def test_a_volume_that_is_no_dose_is_refused(value: float, unit: str, message: str) -> None:
    grid = Grid((1, 1, 2), np.eye(4))
    dose = Volume("dose", np.array([[[1.0, value]]]), grid, unit)
    with pytest.raises(DoseError, match=message):
        bed_volume(dose, Exposure(59.4), TissueBiology("t", "T", ParameterRange.of(3), ParameterRange.of(1)))
