"""Every seed of a verification as a table: where it was planned, where it was found, how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse.report.document import table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.verification_tables import DASH, place_words
from brachyresponse.seeds.doubtful import doubtful_seeds
from brachyresponse.seeds.origin import Origin

if TYPE_CHECKING:
    from brachyresponse.seeds import Seeds
    from brachyresponse.seeds.displacement import SeedDisplacements
    from brachyresponse.seeds.matching import SeedMatch
    from brachyresponse.verification import FoundSeeds

BY_READER = {Origin.MANUAL: "by hand", Origin.CONFIRMED: "confirmed by a reader"}


@dataclass(frozen=True, eq=False)
class SeedRows:
    """What the seed table is made of.

    Parameters
    ----------
    planned
        In the implant's space.
    found, match, displacements
        Of these planned seeds.
    migrated
        Indices of found seeds that may have migrated.
    """

    planned: Seeds
    found: FoundSeeds
    match: SeedMatch
    displacements: SeedDisplacements
    migrated: frozenset[int] = frozenset()


def verified_seed_table(rows: SeedRows) -> Markup:
    """Return the pairs in the order of the plan, then what is missing, then what is extra; positions in RAS."""
    along = joined("Along", element("br"), "needle mm")
    headings: list[object] = [
        "Planned", "Needle", "Found", _two("Planned at", "R, A, S mm"), _two("Found at", "R, A, S mm"),
        _two("Moved", "mm"), along, _two("Lateral", "mm"), _two("Deeper", "mm"), _two("Confi-", "dence"),
        _two("Axis", "confid."), "Remark",
    ]  # fmt: skip
    if rows.displacements.deeper_mm is None:
        headings.pop(8)
    body = [*_pairs(rows), *_missing(rows), *_extra(rows)]
    return table(headings, body, numbers=range(len(headings) - 1)) if body else NOTHING


def _pairs(rows: SeedRows) -> list[list[object]]:
    moved, has_depth = rows.displacements, rows.displacements.deeper_mm is not None
    body = []
    for place, (planned, found) in enumerate(moved.pairs):
        along = f"{moved.along_mm[place]:+.1f}" if moved.is_signed[place] else f"±{moved.along_mm[place]:.1f}"
        deeper = [f"{moved.deeper_mm[place]:+.1f}"] if moved.deeper_mm is not None else []
        body.append(
            [
                planned + 1,
                int(rows.planned.needle[planned]) or DASH,
                found + 1,
                place_words(rows.planned.positions_mm[planned]),
                place_words(rows.found.positions_mm[found]),
                f"{moved.total_mm[place]:.1f}",
                along,
                f"{moved.lateral_mm[place]:.1f}",
                *(deeper if has_depth else []),
                *_found_cells(rows, int(found)),
            ]
        )
    return body


def _missing(rows: SeedRows) -> list[list[object]]:
    blank = [DASH] * (6 if rows.displacements.deeper_mm is None else 7)
    return [
        [
            index + 1,
            int(rows.planned.needle[index]) or DASH,
            DASH,
            place_words(rows.planned.positions_mm[index]),
            *blank[:-1],
            DASH,
            element("span", "missing", class_="fail"),
        ]
        for index in map(int, rows.match.missing)
    ]


def _extra(rows: SeedRows) -> list[list[object]]:
    blank = [DASH] * (3 if rows.displacements.deeper_mm is None else 4)
    body: list[list[object]] = []
    for index in map(int, rows.match.extra):
        place = place_words(rows.found.positions_mm[index])
        body.append([DASH, DASH, index + 1, DASH, place, *blank, *_found_cells(rows, index, "extra")])
    return body


def _found_cells(rows: SeedRows, index: int, remark: str = "") -> list[object]:
    """Return confidence, confidence of the axis, and what is to be known of a found seed."""
    found = rows.found
    confidence = DASH if found.confidence is None else f"{found.confidence[index]:.2f}"
    axis = DASH if found.axis_confidence is None else f"{found.axis_confidence[index]:.2f}"
    said = [element("span", remark, class_="fail")] if remark else []
    if index in rows.migrated:
        said.append(element("span", "may have migrated", class_="fail"))
    if index in doubtful(found):
        said.append(element("span", "low confidence", class_="open"))
    if not found.axis_known[index]:
        said.append(element("span", "point source", class_="quiet"))
    if found.origins[index] in BY_READER:
        said.append(element("span", BY_READER[found.origins[index]], class_="quiet"))
    return [confidence, axis, joined(*said, separator=", ")]


def doubtful(found: FoundSeeds) -> list[int]:
    """Return the found seeds that a reader still has to look at, the least certain first."""
    return [] if found.confidence is None else doubtful_seeds(found.confidence, found.origins)


def _two(first: str, second: str) -> Markup:
    return joined(first, element("br"), second)
