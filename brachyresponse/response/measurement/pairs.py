"""The pair of crossing perpendicular diameters that stands for a lesion, of all its slices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import ResponseError
from brachyresponse.response.measurement.chord import Chord
from brachyresponse.response.measurement.chords import LesionSlice
from brachyresponse.response.measurement.outline import LEVEL
from brachyresponse.response.measurement.perpendicular import longest_perpendicular
from brachyresponse.response.measurement.stacks import SliceStack
from brachyresponse.response.measurement.vocabulary import Rule
from brachyresponse.types import AnyArray, FloatArray

DIRECTIONS = 32
"""In half a turn; widths are taken along them."""
WIDER = 1 / np.cos(np.pi / DIRECTIONS / 2)
"""By which factor a width between two directions exceeds that along the nearer one at most."""
MOST_OUTLINE_POINTS = 6000
"""In one slice; a lesion of 30 cm at half a millimetre has a third of it, and a mask of noise would take minutes."""
MARGIN = 1.1
"""By which factor a diameter may exceed the longest one found in its direction."""


@dataclass(frozen=True, eq=False)
class DiameterPair:
    """Two diameters of one slice; ``number`` counts from the first slice of the stack."""

    number: int
    region: LesionSlice
    longest: Chord
    perpendicular: Chord

    @property
    def product_mm2(self) -> float:
        """Product of the diameters."""
        return self.longest.length_mm * self.perpendicular.length_mm

    def size(self, rule: Rule) -> tuple[float, float]:
        """What is compared; rounded, so that of equal diameters the second one decides."""
        if rule == Rule.LONGEST:
            return round(self.longest.length_mm, 6), round(self.perpendicular.length_mm, 6)
        return round(self.product_mm2, 6), round(self.longest.length_mm, 6)


def best_pair(stack: SliceStack, numbers: list[int], rule: Rule) -> DiameterPair:
    """Return the pair that a rule chooses among some slices; of equal ones the one nearest to the middle.

    Slices are looked at by a bound on what they can hold, until none can hold a larger pair than what was found.

    Raises
    ------
    ResponseError
        A slice has a longer outline than any lesion.
    """
    best: DiameterPair | None = None
    looked_at: set[bytes] = set()
    for bound, number in _by_bound(stack, numbers, rule):
        if best is not None and bound < best.size(rule)[0]:
            break
        content = np.ascontiguousarray(stack.occupancy[number]).tobytes()
        if content in looked_at:  # the same outline again, farther from the middle
            continue
        looked_at.add(content)
        region = LesionSlice(stack.occupancy[number], stack.pixel_mm)
        _check_outline(region)
        for pair in _pairs(region, number, rule, best):
            if best is None or pair.size(rule) > best.size(rule):
                best = pair
    assert best is not None  # every slice that holds a pixel has an outline, and with it a diameter
    return best


def _check_outline(region: LesionSlice) -> None:
    count, loops = len(region.outline.points_mm), len(region.outline.loops)
    if count > MOST_OUTLINE_POINTS:
        raise ResponseError(
            f"In one slice the lesion has {loops} separate outlines and holes with {count} points, expected "
            f"{MOST_OUTLINE_POINTS} at most: it is noise rather than a lesion; smooth the segment and remove its "
            "specks, or measure by hand."
        )


def _pairs(region: LesionSlice, number: int, rule: Rule, best: DiameterPair | None) -> Iterator[DiameterPair]:
    """Pairs of a slice that may be better than the best so far."""
    longer_than = best.longest.length_mm if best is not None and rule == Rule.LONGEST else 0.0
    largest = 0.0 if best is None else best.product_mm2
    for chord in region.longest_chords(longer_than):
        pair = _pair(region, number, chord)
        largest = max(largest, pair.product_mm2)
        yield pair
    if rule == Rule.LARGEST_PRODUCT:
        yield from _large_products(region, number, largest)


def _large_products(region: LesionSlice, number: int, larger_than_mm2: float) -> Iterator[DiameterPair]:
    """Pairs whose first diameter is the longest one inside in its direction, with larger and larger products."""
    start_mm, end_mm = region.chords_inside()
    along = end_mm - start_mm
    length = np.hypot(*along.T)
    direction = np.rint(np.arctan2(along[:, 1], along[:, 0]) / np.pi * DIRECTIONS).astype(np.int64) % DIRECTIONS
    order = np.lexsort((-length, direction))
    longest = order[np.unique(direction[order], return_index=True)[1]]
    reach = np.zeros(DIRECTIONS)
    reach[direction[longest]] = MARGIN * length[longest]
    bound = length[longest] * np.roll(reach, -DIRECTIONS // 2)[direction[longest]]
    for n in longest[np.argsort(-bound, kind="stable")][: np.count_nonzero(bound > larger_than_mm2)]:
        pair = _pair(region, number, Chord(start_mm[n], end_mm[n]))
        if pair.product_mm2 > larger_than_mm2:
            larger_than_mm2 = pair.product_mm2
            yield pair


def _pair(region: LesionSlice, number: int, chord: Chord) -> DiameterPair:
    perpendicular = longest_perpendicular(region.outline, chord)
    longest, shorter = sorted((chord, perpendicular), key=lambda each: -round(each.length_mm, 6))
    return DiameterPair(number, region, longest, shorter)


def _by_bound(stack: SliceStack, numbers: list[int], rule: Rule) -> list[tuple[float, int]]:
    """Slices with a size that no pair of them exceeds, the greatest first, then from the middle outwards."""
    middle = (numbers[0] + numbers[-1]) / 2
    bounds = [(_bound(stack.occupancy[number], stack.pixel_mm, rule), number) for number in numbers]
    return sorted(bounds, key=lambda item: (-round(item[0], 6), abs(item[1] - middle), item[1]))


def _bound(occupancy: AnyArray, pixel_mm: FloatArray, rule: Rule) -> float:
    """From the ends of each row; the outline is less than a pixel's diagonal away."""
    inside = occupancy >= LEVEL
    rows = np.flatnonzero(inside.any(axis=1))
    first = inside[rows].argmax(axis=1)
    last = inside.shape[1] - 1 - inside[rows, ::-1].argmax(axis=1)
    points = np.concatenate([np.stack([first, rows], axis=1), np.stack([last, rows], axis=1)]) * pixel_mm
    widths = WIDER * np.ptp(points @ _directions(), axis=0) + 2 * np.hypot(*pixel_mm)
    if rule == Rule.LONGEST:
        return float(widths.max())
    return float((widths * np.roll(widths, DIRECTIONS // 2)).max())


def _directions() -> FloatArray:
    """(2, DIRECTIONS) unit vectors over half a turn."""
    angle = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return np.stack([np.cos(angle), np.sin(angle)])
