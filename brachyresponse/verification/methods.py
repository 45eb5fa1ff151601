"""How the numbers of a verification were made, in sentences that go with them."""

from __future__ import annotations

from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.verification import Verification

ALONE = (
    "The seeds never register anything: they are paired in the implant's space, and their displacement and every "
    "carried structure follow the registration of the images."
)
METHOD_WORDS = {
    RegistrationMethod.NONE: "none: plan and implant are taken to lie in one space",
    RegistrationMethod.BONE: "rigid, on bone without seeds and metal",
    RegistrationMethod.SOFT_TISSUE: "rigid, on the soft tissue round the target without seeds and metal",
    RegistrationMethod.CONTOURS: "rigid, on the outlines of the target",
}


def method_sentences(verification: Verification) -> tuple[str, ...]:
    """Return how dose, pairs, registration and differences were made, with their sources."""
    request = verification.request
    pairing = request.pairing
    heeded = ", needles heeded" if pairing.by_needle else ""
    aligned = " after laying the seeds on one another, for the pairing only" if pairing.aligned else ""
    made = "as given" if request.match is not None else "least total distance of as many pairs as possible"
    said = [
        f"Dose: AAPM TG-43U1, water, to complete decay; source data {request.source.label}: {request.source.citation}.",
        verification.strengths_sentence,
        verification.axis_sentence,
        f"Registration of the plan to the implant: {registration_sentence(request.registration)}",
        ALONE,
        f"Pairs: {made}, at most {verification.match.max_distance_mm:g} mm apart{heeded}{aligned}.",
        "Dose difference: implant minus plan, the plan's seeds moved rigidly and computed on the implant's dose grid.",
        "Cold regions: connected parts of the target below the prescription, on the samples of its histogram.",
        verification.oedema_sentence
        or "No oedema correction: the dose holds for the anatomy of these images for ever.",
        scan_sentence(verification),
    ]
    if request.profile is not None:
        said.append(f"Limits of verification: profile {request.profile.label}; each with its source in the table.")
    return tuple(said)


def registration_sentence(registration: Registration) -> str:
    """Return method and residual of a registration in words."""
    residual = "" if registration.residual_mm is None else f" {registration.residual_mm:.2f} mm:"
    return f"{METHOD_WORDS[registration.method]}; residual{residual} {registration.residual_is}"


def scan_sentence(verification: Verification) -> str:
    """Return the day of the verification images and how much of the dose was delivered by then."""
    share, days = verification.share_delivered, verification.days_after_implant
    if share is None:
        return "The date of the verification images is not known."
    return (
        f"Verification images of {verification.request.scan_date}, day {days} after the implant of "
        f"{verification.implant_date}: {100 * share:.1f} % of the total dose was delivered by then."
    )
