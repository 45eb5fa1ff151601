"""The rigid motion under which two images agree best: by SimpleITK, from several starts, coarse to fine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brachyresponse.errors import Cancelled, RegistrationError
from brachyresponse.geometry.grid import LPS_TO_RAS
from brachyresponse.progress import Report, share_of
from brachyresponse.registration.pair import BINS, ImagePair, Measure
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    import SimpleITK as sitk

SHIFTS_ALONG_BODY_MM = (-60.0, -40.0, -20.0, 0.0, 20.0, 40.0, 60.0)
"""Tried with every start: two scans of one patient seldom end at the same height."""
FOLLOWED = 3
"""How many of the starts are followed by the optimiser."""
LEAST_OVERLAP = 0.3
SAMPLING_SEED = 20040611
ROUNDS = 30
"""At most so many rounds of Powell's method a level; it is done after 2 to 10."""


@dataclass(frozen=True)
class Level:
    """One stage of the search.

    Parameters
    ----------
    smoothing_mm
        Standard deviation of the Gaussian laid over both images.
    points
        At how many points under the mask the images are compared, about; they are drawn once, the same every time.
    first_step_mm
        Of the optimiser, as displacement of the points under the mask.
    """

    smoothing_mm: float
    points: int
    first_step_mm: float


COARSE = Level(smoothing_mm=4.0, points=3000, first_step_mm=2.0)
FINE = Level(smoothing_mm=1.0, points=20_000, first_step_mm=0.5)


def search(pair: ImagePair, starts: Iterable[FloatArray], report: Report) -> FloatArray:
    """Return the motion (4, 4), fixed RAS to moving RAS, under which two images agree from afar, to a millimetre or so.

    Parameters
    ----------
    starts
        Motions (4, 4) to start from; each is also tried moved along the patient's long axis.

    Raises
    ------
    RegistrationError
        The images do not overlap.
    """
    chosen = _best_starts(pair, starts)
    found = [
        _optimised(pair, start, COARSE, share_of(report, n / len(chosen), (n + 1) / len(chosen)))
        for n, start in enumerate(chosen)
    ]
    return max(found, key=pair.agreement)


def refine(pair: ImagePair, motion: FloatArray, report: Report, level: Level = FINE) -> FloatArray:
    """Return a motion (4, 4), fixed RAS to moving RAS, near to the one given under which two images agree best.

    Raises
    ------
    RegistrationError
        The images do not overlap enough to believe it.
    """
    result = _optimised(pair, motion, level, report)
    overlap = pair.overlap(result)
    if overlap < LEAST_OVERLAP:
        raise RegistrationError(
            f"Only {overlap:.0%} of what one image shows to be registered lies in the other one, at least "
            f"{LEAST_OVERLAP:.0%} are needed: check that both show the same region."
        )
    return result


def _best_starts(pair: ImagePair, starts: Iterable[FloatArray]) -> list[FloatArray]:
    """The starts that look best, those without overlap left out."""
    tried = [_raised(start, shift_mm) for start in starts for shift_mm in SHIFTS_ALONG_BODY_MM]
    usable = [motion for motion in tried if pair.overlap(motion) >= LEAST_OVERLAP]
    if not usable:
        raise RegistrationError(
            "The two images show no common part of the patient, wherever they are laid on one another: "
            "check that both are of the same region."
        )
    return sorted(usable, key=pair.agreement, reverse=True)[:FOLLOWED]


def _raised(motion: FloatArray, shift_mm: float) -> FloatArray:
    """A motion followed by a shift along the patient's long axis."""
    result = np.array(motion, float)
    result[2, 3] += shift_mm
    return result


def inverse(motion: FloatArray) -> FloatArray:
    """Return the motion back, (4, 4)."""
    result = np.eye(4)
    result[:3, :3] = motion[:3, :3].T
    result[:3, 3] = -motion[:3, :3].T @ motion[:3, 3]
    return result


def _optimised(pair: ImagePair, motion: FloatArray, level: Level, report: Report) -> FloatArray:
    import SimpleITK as sitk

    fixed = pair.fixed_grid.to_image(pair.fixed)
    moving = pair.moving_grid.to_image(pair.moving)
    transform = to_transform(motion, pair.looked_at[0].mean(axis=0))
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfThreads(1)  # sums in one order: the same result every time
    if pair.measure is Measure.CORRELATION:
        method.SetMetricAsCorrelation()
    else:
        method.SetMetricAsMattesMutualInformation(BINS)
    method.SetMetricFixedMask(pair.fixed_grid.to_image(pair.mask))
    method.SetMetricMovingMask(pair.moving_grid.to_image(pair.usable))
    method.SetInterpolator(sitk.sitkLinear)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(min(level.points / np.count_nonzero(pair.mask), 1.0), SAMPLING_SEED)
    method.SetShrinkFactorsPerLevel([1])
    method.SetSmoothingSigmasPerLevel([level.smoothing_mm])
    # Powell's method needs no slope: a round skull holds its turn in a valley so narrow that descent stops beside it.
    method.SetOptimizerAsPowell(ROUNDS, 100, level.first_step_mm, stepTolerance=5e-3, valueTolerance=1e-6)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetInitialTransform(transform, inPlace=True)
    _run(method, fixed, moving, report)
    return to_matrix(transform)


def _run(method: Any, fixed: sitk.Image, moving: sitk.Image, report: Report) -> None:
    """Run the optimiser; a wish to stop is kept until it has stopped, since no error passes through its callback."""
    import SimpleITK as sitk

    wish: list[Cancelled] = []

    def tell() -> None:
        try:
            report(min(method.GetOptimizerIteration() / 10, 1.0), "Registration")
        except Cancelled as cancelled:
            wish.append(cancelled)
            method.StopRegistration()

    report(0.0, "Registration")
    method.AddCommand(sitk.sitkIterationEvent, tell)
    loud = sitk.ProcessObject.GetGlobalWarningDisplay()
    sitk.ProcessObject.SetGlobalWarningDisplay(False)  # of trials beyond the image, which the optimiser refuses itself
    try:
        method.Execute(fixed, moving)
    except RuntimeError as error:
        if not wish:
            raise RegistrationError(
                "The two images slipped off one another while they were registered: check that both show one region."
            ) from error
    finally:
        sitk.ProcessObject.SetGlobalWarningDisplay(loud)
    if wish:
        raise wish[0]


def to_transform(motion: FloatArray, centre_mm: FloatArray) -> Any:
    """Return SimpleITK's transform (LPS) of a motion in RAS, turning about a point in RAS."""
    import SimpleITK as sitk

    matrix = LPS_TO_RAS @ motion @ LPS_TO_RAS
    centre = LPS_TO_RAS[:3, :3] @ centre_mm
    transform = sitk.Euler3DTransform()
    transform.SetCenter(centre.tolist())
    transform.SetMatrix(matrix[:3, :3].ravel().tolist(), 1e-6)
    transform.SetTranslation((matrix[:3, :3] @ centre + matrix[:3, 3] - centre).tolist())
    return transform


def to_matrix(transform: Any) -> FloatArray:
    """Return the motion in RAS, (4, 4), of a SimpleITK transform."""
    turn = np.reshape(transform.GetMatrix(), (3, 3))
    centre = np.array(transform.GetCenter())
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = centre + transform.GetTranslation() - turn @ centre
    result: FloatArray = LPS_TO_RAS @ matrix @ LPS_TO_RAS
    return result
