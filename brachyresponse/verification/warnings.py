"""What is to be known before a verification is believed."""

from __future__ import annotations

from brachyresponse.planning import PlanEvaluation
from brachyresponse.seeds import SeedMatch
from brachyresponse.verification.delivery import check_dates
from brachyresponse.verification.registration import RegistrationMethod
from brachyresponse.verification.request import CARRIED_STAMP, VerificationRequest

FEW_PAIRS = 0.5
"""Up to this share of the seeds paired, plan and implant hardly lie in one space."""


def verification_warnings(
    request: VerificationRequest, match: SeedMatch, plan: PlanEvaluation, implant: PlanEvaluation
) -> tuple[str, ...]:
    """Return whole sentences: of dates, registration, pairs, carried structures, the profile, and both doses."""
    said = [
        *_of_patient(request),
        *check_dates(request.plan, request.implanted_on, request.scan_date),
        *request.registration.warnings,
        *_of_space(request),
        *_of_pairs(match),
        *_of_carried(request),
        *_of_profile(request),
        *_of_doses(plan.warnings, implant.warnings),
    ]
    return tuple(dict.fromkeys(said))


def _of_patient(request: VerificationRequest) -> list[str]:
    unknown = [what for what, known in (("plan", request.plan.patient_id), ("images", request.patient_id)) if not known]
    if not unknown:
        return []
    return [
        f"The patient of the {' and of the '.join(unknown)} is not known: that plan and images are of one patient was "
        "not checked; make sure of it."
    ]


def _of_space(request: VerificationRequest) -> list[str]:
    planned, implanted = request.plan.frame_of_reference_uid, request.frame_of_reference_uid
    known_to_be_one = bool(planned) and planned == implanted
    if request.registration.method is not RegistrationMethod.NONE or known_to_be_one:
        return []
    return [
        "Plan and implant are not registered, and it is not known that their images share one frame of reference: "
        "displacements and the dose difference hold only if they do."
    ]


def _of_pairs(match: SeedMatch) -> list[str]:
    planned, found = match.count + len(match.missing), match.count + len(match.extra)
    if match.count > FEW_PAIRS * min(planned, found):
        return []
    return [
        f"Only {match.count} of {planned} planned and {found} found seeds have a partner within "
        f"{match.max_distance_mm:g} mm: check the registration, and that plan and images are of one implant; to pair "
        "seeds that lie further apart, raise the limit or let the seeds be laid on one another for the pairing."
    ]


def _of_carried(request: VerificationRequest) -> list[str]:
    carried = [name for name in request.anatomy.roles.names if request.stamp(name)]
    if not carried:
        return []
    return [
        f"{', '.join(carried)}: {CARRIED_STAMP}; the dose of what was carried over is that of the plan's outline, not "
        "of the organ on these images: contour it anew before the implant is judged."
    ]


def _of_profile(request: VerificationRequest) -> list[str]:
    if request.profile is None:
        return ["No site profile is chosen: no limit of verification was judged."]
    if not request.profile.verification:
        return [
            f"Profile {request.profile.id!r} has no limits of verification: none was judged; "
            "add the list 'verification' to it."
        ]
    return []


def _of_doses(plan: tuple[str, ...], implant: tuple[str, ...]) -> list[str]:
    """The warnings of both evaluations; what both say is said once."""
    both = [sentence for sentence in plan if sentence in implant]
    of_plan = [f"Plan: {sentence}" for sentence in plan if sentence not in both]
    return both + of_plan + [f"Implant: {sentence}" for sentence in implant if sentence not in both]
