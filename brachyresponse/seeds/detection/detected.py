"""What a seed finder returns: seeds with confidences, and what it did not take for a seed, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.origin import Origin
from brachyresponse.seeds.seeds import Seeds
from brachyresponse.types import FloatArray, frozen_array

LEAST_AXIS_CONFIDENCE = 0.5


class RejectionReason(StrEnum):
    """Why something bright is not taken for a seed."""

    EXTENDED = "extended"
    BRIGHTER = "brighter"
    FAINTER = "fainter"
    OTHER_METAL = "other_metal"
    WRONG_SHAPE = "wrong_shape"
    DELETED = "deleted"


SENTENCES = {
    RejectionReason.EXTENDED: "Part of something larger than seeds: bone, a tooth or a dental filling.",
    RejectionReason.BRIGHTER: "Thicker or denser metal than a seed: a gold marker, a screw or a filling.",
    RejectionReason.FAINTER: "Fainter than a seed: a calcification or a thin clip.",
    RejectionReason.OTHER_METAL: "A marker of solid metal explains it better than seeds do.",
    RejectionReason.WRONG_SHAPE: "Not the shape of a seed: a clip, a calcification or the edge of bone.",
    RejectionReason.DELETED: "Deleted by the reader.",
}


@dataclass(frozen=True, eq=False)
class RejectedCandidate:
    """Something bright that is not taken for a seed; a reader may bring it back.

    Parameters
    ----------
    position_mm, direction
        Where a seed would lie, RAS, (3,), and its unit axis.
    confidence, axis_confidence
        As of a seed, 0 to 1.
    reason
        Why it was rejected.
    """

    position_mm: FloatArray
    direction: FloatArray
    confidence: float
    axis_confidence: float
    reason: RejectionReason

    def __post_init__(self) -> None:
        object.__setattr__(self, "position_mm", frozen_array(self.position_mm, np.float64))
        object.__setattr__(self, "direction", frozen_array(self.direction, np.float64))

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, eq=False)
class FoundSeed:
    """One seed found in an image.

    Parameters
    ----------
    position_mm, direction
        Centre in RAS, (3,), and unit axis; the sign of an axis has no meaning.
    confidence, axis_confidence
        0 to 1: that it is a seed, and that its axis is right within about ten degrees.
    """

    position_mm: FloatArray
    direction: FloatArray
    confidence: float
    axis_confidence: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "position_mm", frozen_array(self.position_mm, np.float64))
        object.__setattr__(self, "direction", frozen_array(self.direction, np.float64))


@dataclass(frozen=True, eq=False)
class DetectedSeeds:
    """The seeds of an image, in RAS, and what else was looked at.

    Parameters
    ----------
    positions_mm, directions
        Centres and unit axes, (N, 3).
    confidence, axis_confidence
        0 to 1, (N,).
    origins
        How each seed came into the list.
    rejected
        Candidates that were not taken for seeds.
    warnings
        Sentences for the reader.

    Raises
    ------
    SeedsError
        The counts disagree, or a confidence is not between 0 and 1.
    """

    positions_mm: FloatArray
    directions: FloatArray
    confidence: FloatArray
    axis_confidence: FloatArray
    origins: tuple[Origin, ...]
    rejected: tuple[RejectedCandidate, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        count = len(self.positions_mm)
        for name, shape in _SHAPES.items():
            array = frozen_array(getattr(self, name), np.float64)
            if array.shape != (count, *shape):
                raise SeedsError(f"{count} seeds were found, but {name} has shape {array.shape}: give one a seed.")
            object.__setattr__(self, name, array)
        if len(self.origins) != count:
            raise SeedsError(f"{count} seeds were found, but {len(self.origins)} origins given: give one a seed.")
        for values in (self.confidence, self.axis_confidence):
            if not ((values >= 0) & (values <= 1)).all():
                raise SeedsError("A confidence is not between 0 and 1: give the share of certainty.")

    @classmethod
    def of(
        cls,
        seeds: list[FoundSeed],
        *,
        rejected: tuple[RejectedCandidate, ...] = (),
        warnings: tuple[str, ...] = (),
        origin: Origin = Origin.DETECTED,
    ) -> DetectedSeeds:
        """Return the list of some found seeds, all of one origin."""
        return cls(
            np.array([seed.position_mm for seed in seeds]).reshape(-1, 3),
            np.array([seed.direction for seed in seeds]).reshape(-1, 3),
            np.array([seed.confidence for seed in seeds]),
            np.array([seed.axis_confidence for seed in seeds]),
            (origin,) * len(seeds),
            rejected,
            warnings,
        )

    @property
    def count(self) -> int:
        """Number of seeds."""
        return len(self.positions_mm)

    def __len__(self) -> int:
        return self.count

    def to_seeds(
        self, air_kerma_strength_u: ArrayLike, *, least_axis_confidence: float = LEAST_AXIS_CONFIDENCE
    ) -> Seeds:
        """Return the seeds for a dose; those whose axis is less sure are computed as point sources.

        Parameters
        ----------
        air_kerma_strength_u
            At implantation, U; (N,) or one for all.
        least_axis_confidence
            Axes are taken as known from this confidence on.
        """
        known = self.axis_confidence >= least_axis_confidence
        return Seeds(self.positions_mm, self.directions, np.asarray(air_kerma_strength_u, float), axis_known=known)


_SHAPES: dict[str, tuple[int, ...]] = {
    "positions_mm": (3,),
    "directions": (3,),
    "confidence": (),
    "axis_confidence": (),
}
