"""The report's section on what is implanted already, during the procedure."""

from __future__ import annotations

from brachyresponse.planning import ImplantPlan
from brachyresponse.planning.inverse.replanning import Replanned
from brachyresponse.report.document import bullets, facts, section, table
from brachyresponse.report.markup import NOTHING, Markup, element

MOST_REGIONS = 8


def so_far_section(replanned: Replanned | None) -> Markup:
    """Return what was found, the dose so far with its cold regions, and what remains; nothing before a procedure."""
    if replanned is None:
        return NOTHING
    found, dose = replanned.so_far, replanned.dose_so_far
    in_place = ", ".join(str(number) for number in sorted(found.in_place)) or "none"
    waiting = ", ".join(str(number) for number in found.not_inserted) or "none"
    remaining = replanned.remaining
    return section(
        "Implanted so far",
        bullets(element("span", warning, class_="open") for warning in found.warnings),
        facts(
            [
                ("Seeds found", f"{found.seeds.count}, kept where they are"),
                ("Needles in place", in_place),
                ("Planned needles not inserted", waiting),
                ("Dose so far", f"D90 {dose.d90_gy:.1f} Gy, V100 {dose.v100_percent:.1f} %"),
                ("Remains", _remaining(remaining)),
            ],
            columns=1,
        ),
        element("h3", "Cold regions so far"),
        table(
            ["Region", "Volume", "Share of the target", "Least dose"],
            [
                [
                    region.where,
                    f"{region.volume_cc:.2f} cc",
                    f"{region.share_percent:.1f} %",
                    f"{region.least_gy:.0f} Gy",
                ]
                for region in dose.cold_regions[:MOST_REGIONS]
            ],
            numbers=range(1, 4),
        )
        if dose.cold_regions
        else element("p", "None: the prescription is reached everywhere."),
    )


def _remaining(remaining: ImplantPlan | None) -> str:
    if remaining is None:
        return "nothing"
    return f"{remaining.seeds.count} seeds on {len(remaining.needles)} needles: see the loading sheet"
