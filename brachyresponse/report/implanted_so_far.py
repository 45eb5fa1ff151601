"""The report's section on what is implanted already, during the procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from brachyresponse.planning import ImplantPlan
from brachyresponse.planning.inverse.replanning.replan import Replanned
from brachyresponse.report.document import bullets, facts, section, table
from brachyresponse.report.markup import NOTHING, Markup, element
from brachyresponse.verification.cold_regions import ColdRegion

MOST_REGIONS = 8


def so_far_section(replanned: Replanned | None) -> Markup:
    """Return what was found, the dose so far with its cold regions, and what remains; nothing before a procedure."""
    if replanned is None:
        return NOTHING
    return section(
        "Implanted so far",
        bullets(element("span", warning, class_="stamp") for warning in replanned.so_far.warnings),
        facts(_found(replanned), columns=1),
        element("h3", "Cold regions so far"),
        _cold(replanned.dose_so_far.cold_regions),
    )


def _found(replanned: Replanned) -> list[tuple[str, str]]:
    found, dose = replanned.so_far, replanned.dose_so_far
    return [
        ("Seeds found", f"{found.seeds.count}, kept where they are"),
        ("Needles in place", _numbers(sorted(found.in_place))),
        ("Planned needles not inserted", _numbers(found.not_inserted)),
        ("Dose so far", f"D90 {dose.d90_gy:.1f} Gy, V100 {dose.v100_percent:.1f} %"),
        ("Remains", _remaining(replanned.remaining)),
    ]


def _cold(regions: Sequence[ColdRegion]) -> Markup:
    if not regions:
        return element("p", "None: the prescription is reached everywhere.")
    rows = [
        (region.where, f"{region.volume_cc:.2f} cc", f"{region.share_percent:.1f} %", f"{region.least_gy:.0f} Gy")
        for region in regions[:MOST_REGIONS]
    ]
    return table(["Region", "Volume", "Share of the target", "Least dose"], rows, numbers=range(1, 4))


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers) or "none"


def _remaining(remaining: ImplantPlan | None) -> str:
    if remaining is None:
        return "nothing"
    return f"{remaining.seeds.count} seeds on {len(remaining.needles)} needles: see the loading sheet"
