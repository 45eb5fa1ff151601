"""The patient of a balloon plan on the command line: image and structures, both optional for a sphere."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.command_line.images import Notes, PatientImage, is_dicom, read_image
from brachyresponse.command_line.inputs import check_same_space, read_labels
from brachyresponse.dicom import read_rt_structures
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.geometry.resampling import pad_structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, parse_limit
from brachyresponse.planning.balloon import BalloonSphere, read_balloon


@dataclass(frozen=True, eq=False)
class BalloonPatient:
    """Structures with their roles, the image where there is one, whose they are, and what was assumed."""

    anatomy: PlanAnatomy
    image: PatientImage | None
    patient_id: str
    frame_of_reference_uid: str
    notes: Notes = ()

    @property
    def volume(self) -> Volume | None:
        """The image's values."""
        return self.image.volume if self.image else None

    @property
    def centre_mm(self) -> tuple[float, float, float]:
        """Centre of the image in RAS; the origin without one."""
        if self.image is None:
            return 0.0, 0.0, 0.0
        r, a, s = (float(x) for x in self.image.volume.grid.centre_mm)
        return r, a, s

    def check_holds(self, sphere: BalloonSphere) -> None:
        """Refuse a sphere that is not all in the image.

        Raises
        ------
        InputFileError
            Part of it lies outside.
        """
        if self.image is None:
            return
        grid = self.image.volume.grid
        centre_ijk, size_ijk = grid.to_ijk(sphere.centre_mm), np.array(grid.shape_kji[::-1])
        room_mm = np.minimum(centre_ijk + 0.5, size_ijk - 0.5 - centre_ijk) * grid.spacing_ijk_mm
        if (room_mm < sphere.radius_mm).any():
            raise InputFileError(
                f"The balloon of {sphere.diameter_mm:.4g} mm is not all in the image {self.image.path.name!r}: check "
                "--centre (RAS, mm)."
            )


def read_patient(options: argparse.Namespace) -> BalloonPatient:
    """Return the patient that the options name.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, or a structure is missing or empty.
    """
    image = None
    if options.image is not None:
        image = read_image(options.image).identified(options.patient_id, options.frame_of_reference, None)
    structures, notes = _structures(options, image)
    roles = PlanRoles(
        gtv=options.target,
        body=options.body,
        organs=tuple(options.oar),
        limits=tuple(parse_limit(text) for text in options.limit),
    )
    return BalloonPatient(
        PlanAnatomy(structures, roles),
        image,
        image.patient_id if image else options.patient_id,
        image.frame_of_reference_uid if image else options.frame_of_reference,
        (*(image.notes if image else ()), *notes),
    )


def _structures(options: argparse.Namespace, image: PatientImage | None) -> tuple[Mapping[str, Structure], Notes]:
    path = options.structures
    if path is None:
        return {}, ()
    if is_dicom(path):
        return _of_rois(options, image)
    labels = read_labels(path, dict(options.label))
    if image is not None and not is_dicom(image.path):
        check_same_space(image.path, path)
    labels.refuse_empty(_named(options))
    return labels.structures, labels.notes


def _of_rois(options: argparse.Namespace, image: PatientImage | None) -> tuple[Mapping[str, Structure], Notes]:
    """The structures of an RT Structure Set that the options name."""
    drawn = read_rt_structures(options.structures)
    found, expected = drawn.frame_of_reference_uid, image.frame_of_reference_uid if image else ""
    if found and expected and found != expected:
        raise InputFileError(
            f"The RT Structure Set {drawn.label!r} lies in the frame of reference {found!r}, the image in "
            f"{expected!r}: give the structures drawn on this image."
        )
    if image is not None:
        return {name: drawn.to_structure(name, image.volume.grid) for name in _named(options)}, drawn.warnings
    # The grid of the contours alone ends with them: contours are whole, so a voxel beside them is no image's edge.
    alone = {name: pad_structure(drawn.to_structure(name), (1, 1, 1)) for name in _named(options)}
    return alone, drawn.warnings


def _named(options: argparse.Namespace) -> list[str]:
    """Every structure that the options, or the plan they name, speak of."""
    limited = (parse_limit(text).structure for text in options.limit)
    names = [options.balloon, options.target, options.body, *options.oar, *options.barrier, *options.gap, *limited]
    if options.balloon_json is not None:
        plan = read_balloon(options.balloon_json)
        names += [plan.balloon if isinstance(plan.balloon, str) else "", *plan.barriers, *plan.gaps]
    return list(dict.fromkeys(name for name in names if name))
