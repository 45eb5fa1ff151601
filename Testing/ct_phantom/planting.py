"""Random implants: seeds along needles, scattered and tilted, touching pairs, strays; and decoys between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ct_phantom.objects import DECOYS, Decoy, make_decoy
from ct_phantom.sites import Anatomy

FloatArray = NDArray[np.float64]
SEED_LENGTH_MM = 4.5
CAPSULE_GAP_MM = 0.82  # nearer axes would be capsules in one another
LONE_DISTANCE_MM = 5.0  # between centres of seeds that do not touch
LEAST_GAP_MM = 2.2  # between their axes
STRONG_TILT_SHARE, STRONG_TILT_DEG = 0.06, 35.0
PAIR_KINDS = ("pair_side", "pair_end", "pair_cross")
PAIR_KIND_SHARES = (0.5, 0.3, 0.2)


@dataclass(frozen=True)
class PlantedSeed:
    """A seed in the scanner's frame: where it is, where the plan put it, and what kind it is."""

    centre_mm: FloatArray
    axis: FloatArray
    planned_centre_mm: FloatArray
    planned_axis: FloatArray
    kind: str = "needle"
    partner: int | None = None  # index of the other seed of a pair


@dataclass(frozen=True)
class Scatter:
    """How far an implant strays from its plan."""

    scatter_mm: float = 1.0  # standard deviation of each coordinate
    tilt_deg: float = 10.0  # standard deviation of each component
    pair_share: float = 0.0
    migrated_share: float = 0.0


def plant_seeds(anatomy: Anatomy, count: int, scatter: Scatter, random: np.random.Generator) -> list[PlantedSeed]:
    """Return ``count`` seeds: planned on needles in the target, then displaced; some migrated, some given a partner."""
    axis = np.array(anatomy.needle_axis) / np.linalg.norm(anatomy.needle_axis)
    pairs = round(scatter.pair_share * count / 2)
    migrated = max(round(scatter.migrated_share * count), int(scatter.migrated_share > 0))
    seeds: list[PlantedSeed] = []
    planned = _planned_positions(np.array(anatomy.target_semi_axes_mm), axis, count - pairs, random)
    for index, position in enumerate(planned):
        if index < len(planned) - migrated:
            seeds.append(_displaced(seeds, (position, axis), scatter, random))
        else:
            seeds.append(_migrated(seeds, (position, axis), anatomy, random))
    for _ in range(pairs):
        seeds = _with_partner(seeds, scatter, random)
    return seeds


def plant_decoys(
    anatomy: Anatomy, kinds: Sequence[str], seeds: Sequence[PlantedSeed], random: np.random.Generator
) -> list[Decoy]:
    """Return decoys of the given kinds in or round the target, clear of seeds, of bone and of one another.

    A dental filling lies in a tooth where the site has teeth.
    """
    unknown = set(kinds) - set(DECOYS)
    if unknown:
        raise ValueError(f"Decoys {sorted(unknown)} are unknown: choose from {sorted(DECOYS)}.")
    placed: list[Decoy] = []
    semi = np.array(anatomy.target_semi_axes_mm)
    while len(placed) < len(kinds):
        centre = _unit(random.normal(size=3)) * semi * random.uniform(0.2, 1.25)
        in_tooth = kinds[len(placed)] == "dental" and anatomy.teeth
        if in_tooth:
            centre = anatomy.teeth[int(random.integers(len(anatomy.teeth)))].centre_mm + random.normal(0, 0.7, 3)
        decoy = make_decoy(kinds[len(placed)], centre, random)
        from_seeds = [np.linalg.norm(s.centre_mm - centre) for s in seeds]
        from_decoys = [np.linalg.norm(np.subtract(d.centre_mm, centre)) - d.reach_mm for d in placed]
        clear = min([*from_seeds, *from_decoys], default=np.inf) > decoy.reach_mm + 3.5
        if clear and (in_tooth or not anatomy.in_bone(centre[None])[0]):
            placed.append(decoy)
    return placed


def distance_between(first: PlantedSeed, second: PlantedSeed) -> float:
    """Return the least distance of two seeds' axes (segments), mm, to about 0.05 mm."""
    along = np.linspace(-SEED_LENGTH_MM / 2, SEED_LENGTH_MM / 2, 61)[:, None]
    a, b = first.centre_mm + along * first.axis, second.centre_mm + along * second.axis
    return float(np.sqrt(((a[:, None] - b) ** 2).sum(axis=-1).min()))


def _planned_positions(semi: FloatArray, axis: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    """Return positions on a lattice of needles within the target, neighbours at least 6 mm apart, (count, 3)."""
    across = _unit(np.cross(axis, (0.3, 1.0, 0.1)))
    frame = np.stack([across, np.cross(axis, across), axis])
    steps = np.arange(-9, 10)
    lattice = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3).astype(float)
    lattice[:, 2] += 0.5 * ((lattice[:, 0] + lattice[:, 1]) % 2)  # neighbouring needles staggered
    for pitch in (10.0, 9.0, 8.0, 7.5, 7.0, 6.5, 6.0):
        points = (lattice * (pitch, pitch, 10.0) + random.uniform(-2, 2, 3)) @ frame
        inside = points[((points / semi) ** 2).sum(axis=-1) < 1]
        if len(inside) >= count:
            return random.permutation(inside)[:count]
    raise ValueError(f"{count} seeds do not fit a target of {semi.round()} mm: {len(inside)} do at most.")


def _displaced(
    others: Sequence[PlantedSeed],
    plan: tuple[FloatArray, FloatArray],
    scatter: Scatter,
    random: np.random.Generator,
) -> PlantedSeed:
    position, axis = plan
    for _ in range(500):
        tilt = STRONG_TILT_DEG if random.random() < STRONG_TILT_SHARE else scatter.tilt_deg
        turned = _tilted(axis, np.tan(np.deg2rad(random.normal(0, tilt, 2).clip(-80, 80))))
        seed = PlantedSeed(position + random.normal(0, scatter.scatter_mm, 3), turned, position, axis)
        if _lone(seed, others):
            return seed
    raise ValueError("No room for another seed: give fewer seeds or less scatter.")


def _with_partner(seeds: Sequence[PlantedSeed], scatter: Scatter, random: np.random.Generator) -> list[PlantedSeed]:
    """Return the seeds and one more, which touches one that touched none."""
    for _ in range(20_000):
        first = int(random.choice([n for n, seed in enumerate(seeds) if seed.kind == "needle"]))
        kind = PAIR_KINDS[int(random.choice(3, p=PAIR_KIND_SHARES))]
        one, others = seeds[first], [s for n, s in enumerate(seeds) if n != first]
        centre, axis = beside(one.centre_mm, one.axis, kind, random)
        plan = one.planned_centre_mm + (centre - one.centre_mm) + random.normal(0, scatter.scatter_mm, 3)
        seed = PlantedSeed(centre, axis, plan, one.planned_axis, kind, first)
        plans_apart = np.linalg.norm(plan - one.planned_centre_mm) > 2
        if plans_apart and distance_between(one, seed) >= CAPSULE_GAP_MM and _apart(seed, others):
            result = [*seeds, seed]
            result[first] = replace(one, kind=kind, partner=len(seeds))
            return result
    raise ValueError("No room for a touching pair: give fewer seeds.")


def beside(
    centre_mm: ArrayLike, axis: ArrayLike, kind: str, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return centre and axis of a seed that touches a given one, side by side, end to end or crossing."""
    centre, unit = np.asarray(centre_mm, float), _unit(np.asarray(axis, float))
    across = _unit(np.cross(unit, random.normal(size=3)))
    if kind == "pair_end":
        return centre + unit * (SEED_LENGTH_MM + random.uniform(0.1, 0.6)), _tilted(unit, random.normal(0, 0.06, 2))
    if kind == "pair_side":
        shift = random.uniform(-1.5, 1.5) * unit
        return centre + random.uniform(0.85, 2.0) * across + shift, _tilted(unit, random.normal(0, 0.06, 2))
    angle = np.deg2rad(random.uniform(30, 90))
    crossing = np.cos(angle) * unit + np.sin(angle) * np.cross(unit, across)
    return centre + random.uniform(0.85, 1.6) * across + random.uniform(-0.8, 0.8) * unit, _unit(crossing)


def _migrated(
    others: Sequence[PlantedSeed],
    plan: tuple[FloatArray, FloatArray],
    anatomy: Anatomy,
    random: np.random.Generator,
) -> PlantedSeed:
    semi = np.array(anatomy.target_semi_axes_mm)
    for _ in range(500):
        centre = _unit(random.normal(size=3)) * semi * random.uniform(1.3, 1.6)
        seed = PlantedSeed(centre, _unit(random.normal(size=3)), *plan, kind="migrated")
        if _lone(seed, others) and not anatomy.in_bone(centre[None])[0]:
            return seed
    raise ValueError("No room for a migrated seed outside the target.")


def _lone(seed: PlantedSeed, others: Sequence[PlantedSeed]) -> bool:
    nearest = min((np.linalg.norm(o.centre_mm - seed.centre_mm) for o in others), default=np.inf)
    return bool(nearest > LONE_DISTANCE_MM) and _apart(seed, others)


def _apart(seed: PlantedSeed, others: Sequence[PlantedSeed]) -> bool:
    near = [o for o in others if np.linalg.norm(o.centre_mm - seed.centre_mm) < SEED_LENGTH_MM + LEAST_GAP_MM]
    return all(distance_between(o, seed) > LEAST_GAP_MM for o in near)


def _tilted(axis: FloatArray, slopes: FloatArray) -> FloatArray:
    across = _unit(np.cross(axis, (0.9, -0.3, 0.31)))
    return _unit(axis + slopes[0] * across + slopes[1] * np.cross(axis, across))


def _unit(vector: FloatArray) -> FloatArray:
    result: FloatArray = vector / np.linalg.norm(vector)
    return result
