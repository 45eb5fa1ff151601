"""The scans of two visits brought together: MR by mutual information, CT by bone or by the tissue round the lesions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.errors import RegistrationError, ResponseError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.geometry.rigid import RigidMotion, check_rigid
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import FloatArray, frozen_array

HOUNSFIELD = "HU"


class ScanKind(StrEnum):
    """What a scan is to the registration."""

    MR = "MR"
    CT = "CT"


@dataclass(frozen=True, eq=False)
class VisitRegistration(RigidMotion):
    """A rigid motion from the scan of one visit to that of another.

    Parameters
    ----------
    matrix
        (4, 4), moving RAS to fixed RAS, mm.
    residual_mm
        How uncertain it is; None where nothing in mm can be said.
    residual_is
        A sentence: what ``residual_mm`` measures, or why there is none.
    warnings
        What a person has to look at.

    Raises
    ------
    RegistrationError
        The matrix is not a rotation and a shift.
    """

    matrix: FloatArray
    residual_mm: float | None
    residual_is: str
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "matrix", frozen_array(self.matrix, np.float64))
        check_rigid(self.matrix)


def register_visits(
    fixed: Volume,
    moving: Volume,
    *,
    kind: ScanKind | str | None = None,
    around: Structure | None = None,
    report: Report = ignore_progress,
) -> VisitRegistration:
    """Return the rigid motion that brings the scan of one visit to that of another, usually the baseline.

    MR images of a head are compared by mutual information, CTs by their bone or, with ``around``, by the soft tissue
    round a lesion: a neck bends, and the tissue beside a node follows the node more closely than the spine.

    Parameters
    ----------
    kind
        What both scans are; without it CT where the unit is HU, MR otherwise.
    around
        A lesion drawn on the fixed scan; for CT only.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    RegistrationError
        One scan is a CT and the other is not, one shows too little, or they have no part of the body in common.
    """
    chosen = _kind_of_both(fixed, moving) if kind is None else ScanKind(kind)
    try:
        if chosen is ScanKind.CT:
            return _register_ct(fixed, moving, around, report)
        return _register_mr(fixed, moving, report)
    except RegistrationError as error:
        raise RegistrationError(f"{moving.name!r} cannot be brought to {fixed.name!r}: {error}") from error


def unregistered(fixed_frame: str, moving_frame: str) -> VisitRegistration:
    """Return the registration of two scans of one frame of reference: nothing is moved.

    Parameters
    ----------
    fixed_frame, moving_frame
        Frame of reference UIDs as DICOM gives them; empty where not known, which gives a warning.

    Raises
    ------
    ResponseError
        The frames of reference differ.
    """
    check_one_frame({"the earlier scan": fixed_frame, "the later scan": moving_frame})
    warnings: tuple[str, ...] = ()
    if not (fixed_frame and moving_frame):
        warnings = ("It is not known whether both visits share one frame of reference: look at the overlay.",)
    reason = "Nothing was registered: coordinates are taken over as they are, so there is no residual."
    return VisitRegistration(np.eye(4), None, reason, warnings)


def check_one_frame(frames: dict[str, str]) -> None:
    """Check that things lie in one frame of reference, as far as it is known.

    Parameters
    ----------
    frames
        Frame of reference UID by what lies in it, as ``{"lesion 'T1'": "1.2.3"}``; empty where not known.

    Raises
    ------
    ResponseError
        Two of them differ.
    """
    known = {what: uid for what, uid in frames.items() if uid}
    for what, uid in known.items():
        first, first_uid = next(iter(known.items()))
        if uid != first_uid:
            raise ResponseError(
                f"The frame of reference of {first} is {first_uid}, that of {what} is {uid}, so their coordinates do "
                "not agree: register the scans, or draw both on one of them."
            )


def _kind_of_both(fixed: Volume, moving: Volume) -> ScanKind:
    kinds = {ScanKind.CT if scan.unit == HOUNSFIELD else ScanKind.MR for scan in (fixed, moving)}
    if len(kinds) > 1:
        ct, other = (fixed, moving) if fixed.unit == HOUNSFIELD else (moving, fixed)
        raise RegistrationError(
            f"{ct.name!r} is in HU, {other.name!r} in {other.unit or 'no unit'}: give two CTs or two MR images, or say "
            "what both are."
        )
    return kinds.pop()


def _register_mr(fixed: Volume, moving: Volume, report: Report) -> VisitRegistration:
    from brachyresponse.lesions import register_mr

    found = register_mr(fixed, moving, report=report)
    return VisitRegistration(found.matrix, found.residual_mm, found.residual_is, found.warnings)


def _register_ct(fixed: Volume, moving: Volume, around: Structure | None, report: Report) -> VisitRegistration:
    from brachyresponse.verification import RegistrationMethod, RegistrationScan, register

    method = RegistrationMethod.BONE if around is None else RegistrationMethod.SOFT_TISSUE
    before, after = RegistrationScan(ct=moving), RegistrationScan(ct=fixed, target=around)
    found = register(before, after, method=method, report=report)
    return VisitRegistration(found.matrix, found.residual_mm, found.residual_is, found.warnings)
