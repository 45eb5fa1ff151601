"""From options and files to a diffusion request."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

from brachyresponse.command_line.images import is_dicom, read_image
from brachyresponse.command_line.perfusion_case import PROPOSE, by_name, mask_role, read_seeds
from brachyresponse.command_line.perfusion_structures import NamedStructures
from brachyresponse.diffusion import DiffusionRequest, DiffusionSettings, adc_from_b_values, read_adc
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions import propose_white_matter
from brachyresponse.progress import Report

WORDS = {"yes": True, "no": False, None: None}


@dataclass(frozen=True, eq=False)
class _Beside:
    """The images beside the map, as they were given."""

    anatomical: Volume | None
    t2star: Volume | None
    dose: Volume | None
    notes: tuple[str, ...]


def read_case(options: argparse.Namespace, report: Report) -> DiffusionRequest:
    """Return the request that the options describe.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, a name or a value is not known, or things do not belong together.
    """
    beside = _beside(options)
    drawn = NamedStructures.read(options.structures, dict(options.label))
    lesions = by_name([drawn.one(name) for name in dict.fromkeys(options.lesion)])
    white_matter, about = _white_matter(options, drawn, beside, lesions)
    adc, said = _map(options, report)
    return DiffusionRequest(
        adc=adc,
        lesions=lesions,
        cores={lesion: drawn.one(name) for lesion, name in options.core},
        white_matter=white_matter,
        anatomical=beside.anatomical,
        masks={mask_role(role): drawn.one(name) for role, name in options.leave_out},
        t2star=beside.t2star,
        seeds=read_seeds(options.seeds),
        dose=beside.dose,
        b_values_s_per_mm2=options.b_values,
        is_registered=WORDS[options.registered],
        is_undistorted=WORDS[options.undistorted],
        scan_date=options.scan_date,
        patient_id=options.patient_id,
        notes=(*said, *beside.notes, *drawn.notes, *about),
    )


def _map(options: argparse.Namespace, report: Report) -> tuple[Volume, tuple[str, ...]]:
    """Return the map, and what has to be said of where it came from."""
    if options.dwi is not None:
        if options.unit:
            raise InputFileError("--unit is that of --adc: of --dwi the map is computed, leave it out.")
        images = [read_image(path).volume for path in options.dwi]
        return adc_from_b_values(images, options.b_values, report=report), ("The ADC map was computed from --dwi.",)
    if not is_dicom(options.adc):
        return read_adc(options.adc, unit=options.unit), ()
    from brachyresponse.dicom import read_adc_series

    series = read_adc_series(options.adc, unit=options.unit)
    for what, found, given in (
        ("patient", series.patient_id, options.patient_id),
        ("day", series.date, options.scan_date),
    ):
        if found and given and found != given:
            raise InputFileError(f"The ADC series is of {what} {found}, but {given} was given: correct one of them.")
    return series.volume, ()


def _beside(options: argparse.Namespace) -> _Beside:
    read = [None if path is None else read_image(path) for path in (options.anatomical, options.t2star, options.dose)]
    anatomical, t2star, dose = (None if one is None else one.volume for one in read)
    notes = tuple(note for one in read if one is not None for note in one.geometry_notes)
    return _Beside(anatomical, t2star, None if dose is None else replace(dose, unit="Gy"), notes)


def _white_matter(
    options: argparse.Namespace, drawn: NamedStructures, beside: _Beside, lesions: dict[str, Structure]
) -> tuple[Structure | None, tuple[str, ...]]:
    if options.white_matter != PROPOSE:
        return drawn.optional(options.white_matter), ()
    if beside.anatomical is None:
        raise InputFileError("--white-matter propose needs the post-contrast image: give it with --anatomical.")
    limit_gy = DiffusionSettings().dose_limit_gy
    first = next(iter(lesions.values()))
    found = propose_white_matter(beside.anatomical, first, dose=beside.dose, dose_limit_gy=limit_gy)
    return found.structure, (f"White matter, proposed: {found.sentence}", *found.warnings)
