"""How planned and found seeds are paired in a verification."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.seeds import SeedMatch, Seeds, align_for_pairing, match_seeds
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class Pairing:
    """How planned and found seeds are paired.

    A missing and an extra seed stay alone where pairing both would shift a whole chain of partners: an implant can
    have lost seeds and a list false ones.

    Parameters
    ----------
    max_distance_mm
        No pair is further apart.
    by_needle
        Heed needles: a way along the needle counts less than one across.
    aligned
        Lay the seeds on one another first, to pair them and for nothing else: where plan and implant lie apart.
    """

    max_distance_mm: float = 10.0
    by_needle: bool = False
    aligned: bool = False

    def match(self, planned: Seeds, found_mm: FloatArray) -> SeedMatch:
        """Return the pairs of planned seeds, carried to the implant's space, and found centres, (N, 3) RAS.

        Raises
        ------
        SeedsError
            The limit is not positive, or there are too few seeds to align.
        """
        return match_seeds(
            planned.positions_mm,
            found_mm,
            max_distance_mm=self.max_distance_mm,
            needle_directions=planned.directions if self.by_needle else None,
            avoid_chains=True,
            alignment=align_for_pairing(planned.positions_mm, found_mm) if self.aligned else None,
        )
