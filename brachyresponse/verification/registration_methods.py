"""Bring the plan's space to the implant's, by one of four methods."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.registration_images import RegistrationScan


def register(
    plan: RegistrationScan,
    implant: RegistrationScan,
    *,
    method: RegistrationMethod | str,
    report: Report = ignore_progress,
) -> Registration:
    """Return the rigid motion from the plan's space to the implant's.

    The implanted seeds (``implant.seeds_mm``) are hidden from every method: a registration that saw them would take
    away the displacement it is made to show. The same input gives the same result.

    Parameters
    ----------
    plan, implant
        The images with the targets drawn on them; each method says what it needs.
    method
        ``none``, ``bone``, ``soft_tissue`` or ``contours``.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    RegistrationError
        The method is unknown, what it needs is missing, or the images have no part of the body in common.
    """
    try:
        chosen = RegistrationMethod(method)
    except ValueError as error:
        known = ", ".join(RegistrationMethod)
        raise RegistrationError(f"There is no registration method {str(method)!r}: choose one of {known}.") from error
    if chosen is RegistrationMethod.NONE:
        return _as_they_are(plan, implant)
    if chosen is RegistrationMethod.CONTOURS:
        from brachyresponse.verification.registration_contours import register_contours

        return register_contours(plan, implant, report)
    from brachyresponse.verification.registration_grey import register_bone, register_soft_tissue

    by_grey_values = register_bone if chosen is RegistrationMethod.BONE else register_soft_tissue
    return by_grey_values(plan, implant, report)


def _as_they_are(plan: RegistrationScan, implant: RegistrationScan) -> Registration:
    before, after = plan.frame_of_reference_uid, implant.frame_of_reference_uid
    if before and after and before != after:
        raise RegistrationError(
            f"Plan and implant CT are in different frames of reference ({before} and {after}), so their coordinates "
            "do not agree: register them on bone, soft tissue or contours."
        )
    warnings: tuple[str, ...] = ()
    if not (before and after):
        warnings = ("It is not known whether plan and implant CT share one frame of reference: look at the overlay.",)
    return Registration(
        RegistrationMethod.NONE,
        np.eye(4),
        None,
        "Nothing was registered: coordinates are taken over as they are, so there is no residual.",
        warnings,
    )
