"""Dose that follows edits: after any number of them it is the dose computed anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.dose import LiveDose, LivePointDose, dose_rate, implant_dose
from brachyresponse.errors import DoseError, SeedsError
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours, load_source

A_TENTH_OF_A_PERCENT = 1e-3

MakeSeeds = Callable[..., Seeds]
GRID = Grid.covering([-30, -28, -26], [30, 28, 26], 2.0)


@pytest.fixture
def source() -> Source:
    return load_source("amersham_6711")


def assert_is_the_dose_anew(live: LiveDose, seeds: Seeds) -> None:
    expected = implant_dose(live.source, seeds, live.grid)
    np.testing.assert_allclose(live.dose_gy, expected, rtol=A_TENTH_OF_A_PERCENT)


def test_it_starts_with_the_dose_of_the_implant(source: Source, scattered: MakeSeeds) -> None:
    seeds = scattered(12).joined(scattered(3, random_seed=5).without_axes())
    live = LiveDose(source, seeds, GRID)
    assert live.dose_gy.dtype == np.float32
    assert_is_the_dose_anew(live, seeds)


def test_after_a_thousand_moves_it_is_still_the_dose_anew(source: Source, scattered: MakeSeeds) -> None:
    random, seeds = np.random.default_rng(1), scattered(10)
    grid = Grid.covering([-24] * 3, [24] * 3, 4.0)
    live = LiveDose(source, seeds, grid)
    for _ in range(1000):
        index = int(random.integers(seeds.count))
        seeds = seeds.moved(index, random.uniform(-20, 20, 3))
        live.update(seeds)
    expected = dose_rate(source, seeds, grid.points_mm().reshape(-1, 3)) * integrated_hours(source.half_life_days) / 100
    np.testing.assert_allclose(live.dose_gy.ravel(), expected, rtol=A_TENTH_OF_A_PERCENT)


def test_every_kind_of_edit_is_followed(source: Source, scattered: MakeSeeds) -> None:
    seeds = scattered(8)
    live = LiveDose(source, seeds, GRID)
    strength, known, axes = seeds.air_kerma_strength_u.copy(), seeds.axis_known.copy(), seeds.directions.copy()
    strength[2], known[3], axes[4] = 1.5, False, [1.0, 0.0, 0.0]
    edits = [
        seeds.joined(scattered(1, random_seed=9)),
        seeds.without(3),
        seeds.select(np.arange(8)[::-1]),
        replace(seeds, air_kerma_strength_u=strength),
        replace(seeds, axis_known=known),
        replace(seeds, directions=axes),
        seeds.joined(seeds.select(0)),
        Seeds(seeds.positions_mm + 3.0, seeds.directions, 0.7),
    ]
    for edited in edits:
        live.update(edited)
        assert live.seeds is edited
        assert_is_the_dose_anew(live, edited)


def test_without_seeds_the_dose_is_zero_and_comes_back(source: Source, scattered: MakeSeeds) -> None:
    seeds = scattered(4)
    live = LiveDose(source, Seeds.none(), GRID)
    assert not live.dose_gy.any()
    live.update(seeds)
    assert_is_the_dose_anew(live, seeds)
    live.update(Seeds.none())
    assert not live.dose_gy.any()


def test_only_what_changed_is_computed(source: Source, scattered: MakeSeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = scattered(9)
    live = LiveDose(source, seeds, GRID)
    computed: list[Seeds] = []
    whole = live._rate_of
    monkeypatch.setattr(live, "_rate_of", lambda seed: (computed.append(seed), whole(seed))[1])
    live.update(seeds)
    assert not computed
    live.update(seeds.moved(4, [1.0, 2.0, 3.0]))
    assert [seed.count for seed in computed] == [1, 1]


def test_an_edit_that_is_refused_changes_nothing(source: Source, scattered: MakeSeeds) -> None:
    seeds = scattered(5)
    live = LiveDose(source, seeds, GRID)
    before = live.dose_gy
    with pytest.raises(SeedsError, match="frame of reference"):
        live.update(seeds.moved(2, [1e5, 0.0, 0.0]))
    assert live.seeds is seeds
    np.testing.assert_array_equal(live.dose_gy, before)


def test_a_dose_handed_out_is_not_changed_by_the_next_edit(source: Source, scattered: MakeSeeds) -> None:
    seeds = scattered(3)
    live = LiveDose(source, seeds, GRID)
    before = live.dose_gy
    kept = before.copy()
    live.update(seeds.without(0))
    np.testing.assert_array_equal(before, kept)


def test_scattered_points_follow_too(source: Source, scattered: MakeSeeds) -> None:
    seeds, points = scattered(6), np.random.default_rng(2).normal(size=(500, 3)) * 15
    live = LivePointDose(source, seeds, points)
    edited = seeds.moved(0, [5.0, 5.0, 5.0]).without(3)
    live.update(edited)
    expected = dose_rate(source, edited, points) * integrated_hours(source.half_life_days) / 100
    np.testing.assert_allclose(live.dose_gy, expected, rtol=1e-6)  # float32


def test_a_grid_that_cannot_fit_is_refused(source: Source, scattered: MakeSeeds) -> None:
    with pytest.raises(DoseError, match="choose a larger spacing"):
        LiveDose(source, scattered(2), Grid((200_000, 512, 512), np.eye(4)))
