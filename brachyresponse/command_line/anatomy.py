"""From label images and options to the patient's structures with their roles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.command_line.images import Notes, PatientImage, is_dicom
from brachyresponse.command_line.inputs import check_same_space, check_target_inside, read_labels
from brachyresponse.dicom import RtStructures, read_rt_structures
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, grow_structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, parse_limit


@dataclass(frozen=True, eq=False)
class PatientAnatomy:
    """Structures with roles, the name of the one that seeds are laid into, and what was assumed."""

    anatomy: PlanAnatomy
    target: str
    notes: Notes = ()

    @property
    def target_structure(self) -> Structure:
        """The structure that seeds are laid into."""
        return self.anatomy.structures[self.target]


def read_anatomy(
    options: argparse.Namespace, image: PatientImage, path: Path, names: Mapping[int, str]
) -> PatientAnatomy:
    """Return the structures drawn on an image: of a label image, a segmentation or an RT Structure Set.

    Parameters
    ----------
    options
        With the arguments of ``role_arguments``.
    names
        Of label values, as the user gave them.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, a structure is missing or empty, or the target leaves the image.
    """
    if is_dicom(path):
        return _within(anatomy_of_rois(options, read_rt_structures(_only_file(path)), image), image)
    labels = read_labels(path, names)
    if not is_dicom(image.path):
        check_same_space(image.path, path)
    labels.refuse_empty([options.target, options.gtv, options.ptv, options.body, *options.oar, *options.avoid])
    if options.target in labels.structures:  # what is not there is named below
        check_target_inside(labels.structures[options.target], image.volume)
    patient = with_roles(options, labels.structures)
    return _within(replace(patient, notes=(*labels.notes, *patient.notes)), image)


def anatomy_of_rois(options: argparse.Namespace, drawn: RtStructures, image: PatientImage | None) -> PatientAnatomy:
    """Return the structures of an RT Structure Set that the options name, on the image's grid where there is one.

    Raises
    ------
    BrachyResponseError
        A structure is missing or has no contours, or the set belongs to another frame of reference.
    """
    found, expected = drawn.frame_of_reference_uid, image.frame_of_reference_uid if image else ""
    if found and expected and found != expected:
        raise InputFileError(
            f"The RT Structure Set {drawn.label!r} lies in the frame of reference {found!r}, the image in "
            f"{expected!r}: give the structures drawn on this image."
        )
    wanted = (options.target, options.gtv, options.ptv, options.body, *options.oar, *options.avoid, *options.barrier)
    limited = (parse_limit(text).structure for text in options.limit)
    grid = image.volume.grid if image else None
    names = dict.fromkeys(name for name in (*wanted, *limited) if name)
    patient = with_roles(options, {name: drawn.to_structure(name, grid) for name in names})
    return replace(patient, notes=(*drawn.warnings, *patient.notes))


def _within(patient: PatientAnatomy, image: PatientImage) -> PatientAnatomy:
    check_target_inside(patient.target_structure, image.volume)  # a margin may reach further
    return patient


def _only_file(path: Path) -> Path:
    """Return the RT Structure Set: the file itself, or the only one in a folder."""
    files = [path] if path.is_file() else sorted(file for file in path.iterdir() if file.is_file())
    if len(files) != 1:
        raise InputFileError(f"The folder {path.name!r} holds {len(files)} files: give the RT Structure Set itself.")
    return files[0]


def with_roles(options: argparse.Namespace, structures: Mapping[str, Structure]) -> PatientAnatomy:
    """Return structures with the roles that the options give them, the PTV made where a margin is given.

    Raises
    ------
    BrachyResponseError
        A role names a structure that is not there, or options contradict each other.
    """
    notes: Notes = ()
    roles = PlanRoles(
        gtv=options.gtv or ("" if options.ptv == options.target else options.target),
        ptv=options.ptv or options.target,
        body=options.body,
        organs=tuple(options.oar),
        avoid=tuple(options.avoid),
        limits=tuple(parse_limit(text) for text in options.limit),
    )
    every = replace(roles, avoid=(*options.avoid, *options.barrier, options.target))
    PlanAnatomy(structures, every)  # says which one is not there
    if options.margin_mm > 0:
        return _with_margin(options, structures, roles)
    if options.barrier:
        raise InputFileError("--barrier is given without --margin-mm: say how far the target is grown.")
    if roles.gtv == roles.ptv:
        notes = (f"The PTV is {options.target!r} itself: no margin and no --ptv were given.",)
    return PatientAnatomy(PlanAnatomy(structures, roles), options.target, notes)


def _with_margin(options: argparse.Namespace, structures: Mapping[str, Structure], roles: PlanRoles) -> PatientAnatomy:
    if options.ptv:
        raise InputFileError("--ptv and --margin-mm are both given: name a PTV or make one, not both.")
    name = f"{options.target} + {options.margin_mm:g} mm"
    barriers = [structures[barrier] for barrier in options.barrier]
    body = PlanAnatomy(structures, roles).body
    ptv = grow_structure(structures[options.target], options.margin_mm, barriers=barriers, within=body, name=name)
    ends = [*options.barrier, *(["the skin"] if body else [])]
    stops = f", stopping at {' and '.join(ends)}" if ends else ""
    note = f"The PTV {name!r} was made by growing {options.target!r} by {options.margin_mm:g} mm{stops}."
    return PatientAnatomy(PlanAnatomy({**structures, name: ptv}, replace(roles, ptv=name)), name, (note,))
