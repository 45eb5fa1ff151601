"""What was measured of a lesion on one day."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.response.measurement.vocabulary import Holes, MeasurementOrigin, Rule
from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class LesionMeasurement:
    """Diameters and volume of a lesion.

    Parameters
    ----------
    longest_mm
        Longest diameter: the longest segment inside the lesion in one slice.
    perpendicular_mm
        Longest segment inside the lesion that crosses it at a right angle in the same slice; None: not measured.
    volume_ml
        Partial voxels counted by their share, all parts together; None: not measured.
    slice
        Number of the slice measured, from 0; in the image where the slices are its own.
    slices
        In how many slices the lesion is seen.
    slice_thickness_mm
        Distance of the slices.
    plane
        In words, as it was asked for.
    longest_ras_mm, perpendicular_ras_mm
        (2, 3) ends of the diameters, RAS.
    outline_ras_mm
        Closed loops (N, 3), RAS, of the slice measured, holes included where they were left out.
    warnings
        What a person has to look at.
    origin
        Automatic, or manual: measured or moved by a reader.
    holes, rule
        The choices made; None of a manual measurement.
    part_count
        Into how many separate parts the lesion falls.
    parts
        Each part measured, the largest first, where this was asked for.
    """

    longest_mm: float
    perpendicular_mm: float | None = None
    volume_ml: float | None = None
    slice: int | None = None
    slices: int | None = None
    slice_thickness_mm: float | None = None
    plane: str = ""
    longest_ras_mm: FloatArray | None = None
    perpendicular_ras_mm: FloatArray | None = None
    outline_ras_mm: tuple[FloatArray, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: MeasurementOrigin = MeasurementOrigin.AUTOMATIC
    holes: Holes | None = None
    rule: Rule | None = None
    part_count: int = 1
    parts: tuple[LesionMeasurement, ...] = ()

    @property
    def short_axis_mm(self) -> float | None:
        """Short axis, which counts for lymph nodes: the longest diameter perpendicular to the longest one.

        References
        ----------
        Eisenhauer et al. 2009, Eur. J. Cancer 45:228 (RECIST 1.1), measurement of lymph nodes.
        """
        return self.perpendicular_mm

    @property
    def product_mm2(self) -> float | None:
        """Product of the two diameters, mm2; None without a perpendicular."""
        return None if self.perpendicular_mm is None else self.longest_mm * self.perpendicular_mm

    @property
    def is_manual(self) -> bool:
        """Whether a reader measured."""
        return self.origin == MeasurementOrigin.MANUAL

    @property
    def sentence(self) -> str:
        """The measurement in words."""
        text = f"{self.longest_mm:.1f} mm"
        if self.perpendicular_mm is not None:
            text += f" x {self.perpendicular_mm:.1f} mm"
        if self.slice is not None:
            text += f" in {self.plane} slice {self.slice} of {self.slice_thickness_mm:.3g} mm"
        if self.volume_ml is not None:
            text += f", {self.volume_ml:.2f} mL"
        return f"{text} ({self.origin})."
