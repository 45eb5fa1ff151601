"""A reader's corrections of found seeds: each takes a list and returns another one.

What a reader touches becomes a manual seed with a confidence of 1, since a person vouches for it; its axis keeps the
confidence that the image gives it. One that a reader accepts as it was found becomes a confirmed one, with a
confidence of 1 as well. All other seeds stay as they were found, in their order. Lists are values, so the corrections
are undone with :class:`brachyresponse.seeds.History`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.geometry import Grid
from brachyresponse.seeds.detection import DetectedSeeds, FoundSeed, RejectedCandidate, RejectionReason, fit_seed_at
from brachyresponse.seeds.fit_beside import Neighbours, Place, fit_one, fit_two
from brachyresponse.seeds.origin import Origin
from brachyresponse.types import AnyArray, FloatArray

NEAR_MM = 12.0
"""A seed's image matters to its neighbours up to here."""
TOUCHING_MM = 6.0
"""A click closer than this to a found seed is meant for what that one leaves unexplained."""
SAME_PLACE_MM = 0.7
"""Two capsules of 0.8 mm cannot lie closer; the rest is error."""
ONE_SEED_MM = 4.5
"""Radius of the ball that a lone seed is fitted in: its image reaches no further."""
TWO_SEEDS_MM = 7.0
"""The same of two seeds end to end."""
FARTHEST_TO_MERGE_MM = 6.0
"""Seeds whose centres lie further apart are two: one seed seen twice is at most a seed's length and error apart."""
AXIS_HOLDS_MM = 2.25
"""Half a seed's length: moved further, a seed has an axis that was that of other metal."""


def add_seed(found: DetectedSeeds, ct_hu: AnyArray, grid: Grid, position_mm: ArrayLike) -> DetectedSeeds:
    """Return the list with a seed more at its end, fitted to the metal nearest to a point.

    Beside seeds already found, it is fitted to what these leave unexplained.

    Parameters
    ----------
    position_mm
        The point, RAS, (3,); the seed snaps to metal up to 4 mm away.

    Raises
    ------
    ImageError
        The point lies outside the image, or there is no metal near it that is not a seed already.
    SeedsError
        The metal nearest to the point is a seed already.
    """
    point = np.asarray(position_mm, float)
    distance = np.linalg.norm(found.positions_mm - point, axis=1)
    if distance.size and distance.min() < TOUCHING_MM:
        seed = fit_one(ct_hu, grid, Place(point, ONE_SEED_MM), _neighbours(found, point, ()))
    else:
        seed = fit_seed_at(ct_hu, grid, point)
    _check_apart(found, seed)
    return _joined(found, [seed])


def accept_seed(found: DetectedSeeds, index: int) -> DetectedSeeds:
    """Return the list with a seed confirmed by a reader, who looked at it and takes it as it was found.

    Its confidence becomes 1; place, axis and the confidence of the axis stay. A manual seed stays a manual one.

    Raises
    ------
    SeedsError
        There is no such seed.
    """
    _check_index(found, index)
    confidence = found.confidence.copy()
    confidence[index] = 1.0
    origin = Origin.CONFIRMED if found.origins[index] is Origin.DETECTED else found.origins[index]
    return replace(found, confidence=confidence, origins=_with(found.origins, index, origin))


def delete_seed(found: DetectedSeeds, index: int) -> DetectedSeeds:
    """Return the list without a seed, which goes to the end of the rejected candidates and can be brought back.

    Raises
    ------
    SeedsError
        There is no such seed.
    """
    _check_index(found, index)
    candidate = RejectedCandidate(
        found.positions_mm[index],
        found.directions[index],
        float(found.confidence[index]),
        float(found.axis_confidence[index]),
        RejectionReason.DELETED,
    )
    return replace(_without(found, (index,)), rejected=(*found.rejected, candidate))


def split_seed(found: DetectedSeeds, ct_hu: AnyArray, grid: Grid, index: int) -> DetectedSeeds:
    """Return the list with two seeds at its end in place of one, fitted to the metal round it.

    Raises
    ------
    SeedsError
        There is no such seed, or one of the two would lie in the place of another one.
    ImageError
        The metal there holds one seed only.
    """
    _check_index(found, index)
    centre = found.positions_mm[index]
    pair = fit_two(ct_hu, grid, Place(centre, TWO_SEEDS_MM), _neighbours(found, centre, (index,)))
    others = _without(found, (index,))
    for seed in pair:
        _check_apart(others, seed)
    return _joined(others, pair)


def merge_seeds(found: DetectedSeeds, ct_hu: AnyArray, grid: Grid, first: int, second: int) -> DetectedSeeds:
    """Return the list with one seed at its end in place of two, fitted to the metal between them.

    Raises
    ------
    SeedsError
        There are no such seeds, they are one and the same, or they lie too far apart to be one.
    ImageError
        There is no metal between them.
    """
    for index in (first, second):
        _check_index(found, index)
    if first == second:
        raise SeedsError(f"Seed {first + 1} cannot be merged with itself: choose two seeds.")
    pair = found.positions_mm[[first, second]]
    apart_mm = float(np.linalg.norm(pair[1] - pair[0]))
    if apart_mm > FARTHEST_TO_MERGE_MM:
        raise SeedsError(
            f"Seeds {first + 1} and {second + 1} lie {apart_mm:.1f} mm apart, but one seed seen twice at most "
            f"{FARTHEST_TO_MERGE_MM:g} mm: delete one of them instead."
        )
    middle = pair.mean(axis=0)
    seed = fit_one(ct_hu, grid, Place(middle, ONE_SEED_MM), _neighbours(found, middle, (first, second)))
    return _joined(_without(found, (first, second)), [seed])


def bring_back(found: DetectedSeeds, rejected_index: int) -> DetectedSeeds:
    """Return the list with a rejected candidate at its end, which a reader takes for a seed after all.

    Raises
    ------
    SeedsError
        There is no such candidate.
    """
    if not 0 <= rejected_index < len(found.rejected):
        raise SeedsError(
            f"There is no rejected candidate {rejected_index + 1}: there are {len(found.rejected)} of them."
        )
    chosen = found.rejected[rejected_index]
    rest = tuple(candidate for n, candidate in enumerate(found.rejected) if n != rejected_index)
    seed = FoundSeed(chosen.position_mm, chosen.direction, chosen.confidence, chosen.axis_confidence)
    return _joined(replace(found, rejected=rest), [seed])


def move_seed(found: DetectedSeeds, index: int, position_mm: ArrayLike) -> DetectedSeeds:
    """Return the list with the centre of one seed at another position, as the reader puts it.

    The axis stays; moved further than half a seed's length, the seed counts as one without a known axis.

    Raises
    ------
    SeedsError
        There is no such seed, or the position is not three finite numbers.
    """
    _check_index(found, index)
    position = np.asarray(position_mm, float)
    if position.shape != (3,) or not np.isfinite(position).all():
        raise SeedsError(f"Seed {index + 1} cannot be moved to {position}: give three finite numbers in mm.")
    positions, confidence = found.positions_mm.copy(), found.confidence.copy()
    axis_confidence = found.axis_confidence.copy()
    if np.linalg.norm(position - positions[index]) > AXIS_HOLDS_MM:
        axis_confidence[index] = 0.0
    positions[index], confidence[index] = position, 1.0
    return replace(
        found,
        positions_mm=positions,
        confidence=confidence,
        axis_confidence=axis_confidence,
        origins=_with(found.origins, index, Origin.MANUAL),
    )


def _with(origins: tuple[Origin, ...], index: int, origin: Origin) -> tuple[Origin, ...]:
    return (*origins[:index], origin, *origins[index + 1 :])


def _joined(found: DetectedSeeds, seeds: Sequence[FoundSeed]) -> DetectedSeeds:
    """The list with manual seeds at its end."""
    return replace(
        found,
        positions_mm=np.concatenate([found.positions_mm, [seed.position_mm for seed in seeds]]),
        directions=np.concatenate([found.directions, [seed.direction for seed in seeds]]),
        confidence=np.concatenate([found.confidence, np.ones(len(seeds))]),
        axis_confidence=np.concatenate([found.axis_confidence, [seed.axis_confidence for seed in seeds]]),
        origins=(*found.origins, *(Origin.MANUAL for _ in seeds)),
    )


def _without(found: DetectedSeeds, indices: tuple[int, ...]) -> DetectedSeeds:
    kept = np.array([n not in indices for n in range(found.count)], bool)
    return replace(
        found,
        positions_mm=found.positions_mm[kept],
        directions=found.directions[kept],
        confidence=found.confidence[kept],
        axis_confidence=found.axis_confidence[kept],
        origins=tuple(origin for n, origin in enumerate(found.origins) if kept[n]),
    )


def _neighbours(found: DetectedSeeds, point_mm: FloatArray, without: tuple[int, ...]) -> Neighbours:
    """Found seeds whose image reaches a place, but some."""
    others = _without(found, without)
    near = np.linalg.norm(others.positions_mm - point_mm, axis=1) < NEAR_MM
    return Neighbours(others.positions_mm[near], others.directions[near])


def _check_apart(found: DetectedSeeds, seed: FoundSeed) -> None:
    distance = np.linalg.norm(found.positions_mm - seed.position_mm, axis=1)
    if distance.size and distance.min() < SAME_PLACE_MM:
        raise SeedsError(f"The metal there is seed {np.argmin(distance) + 1} already: split that seed if it is two.")


def _check_index(found: DetectedSeeds, index: int) -> None:
    if not 0 <= index < found.count:
        raise SeedsError(f"There is no seed {index + 1}: {found.count} seeds were found.")
