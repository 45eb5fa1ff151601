"""From label images and options to the patient's structures with their roles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.command_line.inputs import check_same_space, check_target_inside, read_labels
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume, grow_structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, parse_limit

Notes = tuple[str, ...]


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
    options: argparse.Namespace, image_path: Path, image: Volume, labels_path: Path, names: Mapping[int, str]
) -> PatientAnatomy:
    """Return the structures of a label image drawn on an image.

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
    labels = read_labels(labels_path, names)
    check_same_space(image_path, labels_path)
    labels.refuse_empty([options.target, options.gtv, options.ptv, options.body, *options.oar, *options.avoid])
    if options.target in labels.structures:  # what is not there is named below
        check_target_inside(labels.structures[options.target], image)
    patient = with_roles(options, labels.structures)
    check_target_inside(patient.target_structure, image)  # a margin may reach further
    return replace(patient, notes=(*labels.notes, *patient.notes))


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
