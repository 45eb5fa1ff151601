"""First page of a verification's report: whose it is, plan against implant, the seeds, what to watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brachyresponse.planning import Severity
from brachyresponse.report.document import bullets, facts, section
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.plan_tables import verdict
from brachyresponse.report.verification_seeds import doubtful
from brachyresponse.report.verification_tables import comparison_table, structure_name, unmatched
from brachyresponse.verification import ComparedRole

if TYPE_CHECKING:
    from brachyresponse.seeds.displacement import DisplacementSummary
    from brachyresponse.verification import ColdRegion, Verification

FIRST_METRICS = ("d90", "d100", "v100", "v150", "v200", "hi")
NEAREST_LISTED = 3
MARKS = {Severity.ERROR: "fail", Severity.WARN: "open", Severity.INFO: "quiet"}
NO_OEDEMA = "No oedema correction was made: the dose is that of seeds which stay where this CT shows them."


def stamp_box(verification: Verification) -> Markup:
    """Return the stamp of a target that was not contoured on the implant's images; nothing where it was."""
    if not verification.target_stamp:
        return NOTHING
    sentence = (
        "The target was not contoured on the implant CT but carried over from the plan by the registration: "
        "swelling, shift and deformation are not in its figures. Contour it on the implant CT before judging."
    )
    return element("p", element("b", f"Target {verification.target_stamp}."), " ", sentence, class_="stamped")


def header(verification: Verification) -> Markup:
    """Return patient, dates, prescription, seeds' model, registration and share of the dose delivered."""
    request = verification.request
    plan = request.plan
    return facts(
        [
            ("Patient ID", plan.patient_id or request.patient_id),
            ("Prescription", f"{plan.prescription_gy:g} Gy, permanent, to complete decay"),
            ("Plan", f"{plan.name}, made {plan.created.date().isoformat()}"),
            ("Seed model", request.source.label),
            ("Implant date", verification.implant_date.isoformat()),
            ("Strengths", verification.strengths_sentence),
            ("Implant CT of", _scan(verification)),
            ("Dose delivered by then", _share(verification)),
            ("Target", _targets(verification)),
            ("Registration", registration_words(verification)),
        ]
    )


def registration_words(verification: Verification) -> str:
    """Return method and residual of the registration in a few words."""
    registration = verification.request.registration
    method = str(registration.method).replace("_", " ")
    if registration.residual_mm is None:
        return method
    return f"{method}, residual {registration.residual_mm:.1f} mm"


def verification_verdict(verification: Verification) -> Markup:
    """Return how many limits are broken, by severity, and D90 of each target against the prescription."""
    prescribed = verification.request.plan.prescription_gy
    doses = [
        joined(
            structure_name(row.structure, row.stamp),
            f" {row.implant:.1f} Gy, {100 * row.implant / prescribed:.1f} % of the prescription",
        )
        for row in verification.comparison
        if row.id == "d90" and row.role is not ComparedRole.ORGAN and row.implant is not None
    ]
    broken = element("p", verdict(verification.findings, verification.implant.limits), class_="verdict")
    return joined(broken, element("p", element("b", "D90 of the implant: ", joined(*doses, separator="; "), ".")))


def plan_against_implant(verification: Verification) -> Markup:
    """Return the metrics that are looked at first, of the targets."""
    rows = [row for row in verification.comparison if row.role is not ComparedRole.ORGAN]
    return section("Plan against implant", comparison_table(rows, FIRST_METRICS))


def seeds_in_short(verification: Verification, dvh: Markup = NOTHING) -> Markup:
    """Return how many seeds are where and how far they moved, with the histograms beside it."""
    match, request = verification.match, verification.request
    missing, extra = unmatched(match)
    summaries = verification.displacements.summaries()
    total, limit_mm = summaries["total"], match.max_distance_mm
    counts = facts(
        [
            ("Planned", request.plan.seeds.count),
            ("Implanted", request.implanted_count),
            ("Found on the CT", verification.found.count),
            ("Missing", _counted(len(match.missing), f"planned {missing}; no seed within {limit_mm:g} mm")),
            ("Extra", _counted(len(match.extra), f"found {extra}; no planned place left within that")),
            ("May have migrated", _counted(len(verification.migrated), _found_numbers(verification))),
            ("Displacement", _spread(total)),
            ("Largest", _largest(verification, total)),
            ("Along needle", _spread(summaries["along"])),
            ("Lateral", _spread(summaries["lateral"])),
        ],
        columns=1,
    )
    chart = element("figure", dvh) if dvh else NOTHING
    return section("Seeds and dose-volume histograms", element("div", counts, chart, class_="beside"))


def what_to_watch(verification: Verification, warnings: Sequence[str] = ()) -> Markup:
    """Return what a physician should look at, each in a sentence; what is broken comes first, then what casts doubt.

    ``warnings`` are those of finding the seeds.
    """
    told = [*verification.warnings, *warnings]
    sentences = [*_broken(verification), *told, *_places(verification), *_assumptions(verification)]
    return section("What to watch", bullets(sentences), class_="watch")


def _broken(verification: Verification) -> list[Markup]:
    """Return the limits that are not kept, errors first, and the organs' dose limits that are not, or not known."""
    said = []
    broken = [finding for finding in verification.findings if finding.passed is False]
    for finding in sorted(broken, key=lambda finding: list(Severity).index(finding.severity)):
        mark = element("span", str(finding.severity), class_=MARKS[finding.severity])
        source = element("span", f"({finding.source})", class_="quiet")
        said.append(joined(mark, f" {finding.label}: {finding.found}; expected {finding.limit} ", source))
    for one in verification.organ_limits:
        if not one.passed:
            found = one.note if one.implant is None else f"{one.implant:.4g} {one.unit}"
            mark = element("span", "dose limit", class_="fail")
            said.append(joined(mark, " ", structure_name(one.limit, one.stamp), f": {found}"))
    return said


def _places(verification: Verification) -> list[Markup]:
    """Return cold regions, seeds near organs and seeds that are not sure."""
    said = []
    for name in dict.fromkeys(region.structure for region in verification.cold_regions):
        cold = [region for region in verification.cold_regions if region.structure == name]
        said.append(joined(structure_name(name, cold[0].stamp), f": {_cold(cold)}"))
    for one in verification.near_organs[:NEAREST_LISTED]:
        place = "inside" if one.distance_mm < 0 else f"{one.distance_mm:.1f} mm from"
        said.append(joined(f"Found seed {one.seed + 1} lies {place} ", structure_name(one.organ, one.stamp), "."))
    unsure = sorted(n + 1 for n in doubtful(verification.found))
    if unsure:
        said.append(joined(f"Found with low confidence, look at them: {', '.join(map(str, unsure))}."))
    return said


def _cold(regions: Sequence[ColdRegion]) -> str:
    largest = regions[0]
    below = f"{sum(region.volume_cc for region in regions):.2f} cc below the prescription"
    where = f"least dose {largest.least_gy:.0f} Gy, {largest.where}."
    if len(regions) == 1:
        return f"{below} in one region, {where}"
    return f"{below} in {len(regions)} regions; the largest, {largest.volume_cc:.2f} cc, {where}"


def _assumptions(verification: Verification) -> list[str]:
    return [verification.axis_sentence, verification.oedema_sentence or NO_OEDEMA]


def _scan(verification: Verification) -> str:
    day, days = verification.request.scan_date, verification.days_after_implant
    return "" if day is None else f"{day.isoformat()} (day {days})"


def _share(verification: Verification) -> str:
    share = verification.share_delivered
    return "" if share is None else f"{100 * share:.1f} % of the total"


def _targets(verification: Verification) -> Markup:
    names = verification.request.anatomy.roles.targets
    stamp = verification.request.stamp
    return joined(*(structure_name(name, stamp(name)) for name in names), separator=", ")


def _counted(count: int, numbers: str) -> str:
    return f"{count}: {numbers}" if count else "0"


def _found_numbers(verification: Verification) -> str:
    return ", ".join(f"found {one.seed + 1}" for one in verification.migrated)


def _spread(summary: DisplacementSummary) -> str:
    if summary.mean_mm is None:
        return ""
    if summary.sd_mm is None:
        return f"{summary.mean_mm:.1f} mm"
    return f"{summary.mean_mm:.1f} ± {summary.sd_mm:.1f} mm (mean ± SD)"


def _largest(verification: Verification, total: DisplacementSummary) -> str:
    if total.largest_mm is None:
        return ""
    moved = verification.displacements
    planned, found = moved.pairs[int(moved.total_mm.argmax())]
    return f"{total.largest_mm:.1f} mm, planned {planned + 1}, found {found + 1}"
