"""Biological dose on the command line: what is asked for is read first, computed of any evaluation, and written."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.command_line.images import is_dicom
from brachyresponse.command_line.inputs import read_volume
from brachyresponse.dose import Dvh
from brachyresponse.dose.biology import (
    BiologyEvaluation,
    EarlierBeam,
    Exposure,
    ParameterRange,
    TissueBiology,
    bed_volume,
    check_frames,
    combined_eqd2,
    eqd2_volume,
    evaluate_biology,
    load_tissue,
    with_earlier_beam,
)
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.pictures.biology_chart import biology_chart
from brachyresponse.planning.biology_tables import biological_dvh_table, biology_tables
from brachyresponse.planning.exports import write_csv
from brachyresponse.report.biology_section import biology_section
from brachyresponse.report.markup import NOTHING, Markup

OF_BEAM = ("earlier_fractions", "earlier_recovered_percent", "earlier_days_before")
POINTS_OF_RANGE = (1, 3)
"""One number for all of a range, or low, likely and high."""
FILE, DVH_FILE = "biology.csv", "biology_dvh.csv"
OUTSIDE_BEAM = ", of the implant alone where the beam's dose does not reach"


@dataclass(frozen=True, eq=False)
class BiologyRequest:
    """What is asked of biological dose; nothing where no tissue is named."""

    tissues: Mapping[str, TissueBiology]
    beam: EarlierBeam | None = None
    volumes: bool = False

    def check_frame(self, frame_of_reference_uid: str) -> None:
        """Refuse an earlier beam that is known to lie in another frame of reference than the plan.

        Raises
        ------
        DoseError
            Both frames are known, and they differ.
        """
        if self.beam is not None:
            check_frames(self.beam, frame_of_reference_uid)


NO_BIOLOGY = BiologyRequest({})


@dataclass(frozen=True, eq=False)
class ComputedDose:
    """A dose with its histograms, of seeds or of a balloon, and the structures it was taken in."""

    dose: Volume
    exposure: Exposure
    dvhs: Mapping[str, Dvh]
    structures: Mapping[str, Structure]


def read_biology(options: argparse.Namespace, frame_of_reference_uid: str = "") -> BiologyRequest:
    """Return what the options of :func:`add_biology_arguments` ask for.

    Raises
    ------
    BrachyResponseError
        A tissue, the beam's dose or its numbers cannot be used; the message says what.
    """
    tissues = _changed(_tissues(options.biology), options.biology_parameter)
    for name in OF_BEAM if options.earlier_beam is None else ():
        if getattr(options, name) is not None:
            option = f"--{name.replace('_', '-')}"
            raise InputFileError(f"{option} is given without --earlier-beam: give the dose of that beam too.")
    if not tissues and (options.earlier_beam or options.biology_volumes):
        option = "--earlier-beam" if options.earlier_beam else "--biology-volumes"
        raise InputFileError(f"{option} is given without --biology: name the structures' tissues, as GTV=glioma.")
    beam = None if options.earlier_beam is None else _beam(options)
    request = BiologyRequest(tissues, beam, options.biology_volumes)
    request.check_frame(frame_of_reference_uid)
    return request


def biological_results(request: BiologyRequest, computed: ComputedDose, folder: Path) -> tuple[Markup, tuple[str, ...]]:
    """Compute what is asked for, write its files, and return the report's section and the warnings; both may be empty.

    Raises
    ------
    BrachyResponseError
        A structure has no dose, the beam does not cover one, or a file cannot be written.
    """
    if not request.tissues:
        return NOTHING, ()
    found = evaluate_biology(computed.dvhs, computed.exposure, request.tissues)
    if request.beam is not None:
        found = with_earlier_beam(found, computed.dose, computed.structures, request.beam)
    write_csv(biology_tables(found), folder / FILE)
    write_csv(biological_dvh_table(found), folder / DVH_FILE)
    if request.volumes:
        _write_volumes(found, computed, folder)
    return biology_section(found, biology_chart(found)), found.warnings


def _tissues(texts: Iterable[str]) -> dict[str, TissueBiology]:
    tissues: dict[str, TissueBiology] = {}
    for text in texts:
        structure, sign, tissue = (part.strip() for part in text.rpartition("="))
        if not (sign and structure and tissue):
            raise InputFileError(f"--biology {text!r} is not STRUCTURE=TISSUE: write it like GTV=glioma.")
        if structure in tissues:
            raise InputFileError(f"--biology names two tissues of {structure!r}: give it one.")
        tissues[structure] = load_tissue(tissue)
    return tissues


def _changed(tissues: dict[str, TissueBiology], texts: Iterable[str]) -> dict[str, TissueBiology]:
    """Return the tissues with the parameters that are given for a structure in place of the preset's."""
    ranges: dict[str, dict[str, ParameterRange]] = {}
    for text in texts:
        structure, parameter, values = _parameter(text)
        if structure not in tissues:
            raise InputFileError(
                f"--biology-parameter {text!r}: the tissue of {structure!r} is not named by --biology."
            )
        if parameter in ranges.setdefault(structure, {}):
            raise InputFileError(f"--biology-parameter gives {parameter} of {structure!r} twice: give it once.")
        ranges[structure][parameter] = values
    return tissues | {name: tissues[name].changed(**given) for name, given in ranges.items()}


def _parameter(text: str) -> tuple[str, str, ParameterRange]:
    """Return structure, parameter and range of ``GTV:doubling_time_days=5,15,30``, or of one number."""
    place, _, written = text.rpartition("=")
    structure, _, parameter = (part.strip() for part in place.rpartition(":"))
    try:
        numbers = [float(part) for part in written.split(",")]
    except ValueError:
        numbers = []
    if not (structure and parameter and len(numbers) in POINTS_OF_RANGE):
        raise InputFileError(
            f"--biology-parameter {text!r} is not STRUCTURE:PARAMETER=LOW,LIKELY,HIGH or =VALUE: write it like "
            "GTV:doubling_time_days=5,15,30."
        )
    return structure, parameter, ParameterRange(numbers[0], numbers[len(numbers) // 2], numbers[-1])


def _beam(options: argparse.Namespace) -> EarlierBeam:
    if options.earlier_fractions is None:
        raise InputFileError("--earlier-beam is given without --earlier-fractions: say in how many it was given.")
    dose, frame = _dose(options.earlier_beam)
    return EarlierBeam(
        dose,
        options.earlier_fractions,
        (options.earlier_recovered_percent or 0.0) / 100,
        options.earlier_days_before,
        frame,
    )


def _dose(path: Path) -> tuple[Volume, str]:
    """Return the dose of a file and its frame of reference, empty where the file does not say."""
    if is_dicom(path):
        from brachyresponse.dicom import read_rt_dose

        read = read_rt_dose(path)
        return read.volume, read.frame_of_reference_uid
    volume, notes = read_volume(path)
    for note in notes:
        if "NaN" in note:
            raise InputFileError(f"The dose {path.name!r} holds NaN or infinite values: export it without gaps.")
    return replace(volume, unit="Gy"), ""


def _write_volumes(found: BiologyEvaluation, computed: ComputedDose, folder: Path) -> None:
    names = Counter(tissue.name for tissue in found.tissues)
    for tissue, structures in found.tissues.items():
        is_alone = names[tissue.name] == 1
        ending = _in_file_name(tissue.name if is_alone else f"{tissue.name}_{'_'.join(structures)}") + ".nrrd"
        _write(bed_volume(computed.dose, computed.exposure, tissue), folder / f"bed_{ending}")
        _write(eqd2_volume(computed.dose, computed.exposure, tissue), folder / f"eqd2_{ending}")
        if found.beam is not None:
            total = combined_eqd2(computed.dose, computed.exposure, tissue, found.beam)
            _write(total, folder / f"eqd2_sum_{ending}", OUTSIDE_BEAM)


def _in_file_name(text: str) -> str:
    """Return a text as part of a file's name, on every system."""
    return re.sub(r"[^\w.-]+", "_", text)


def _write(volume: Volume, path: Path, note: str = "") -> None:
    import SimpleITK as sitk

    image = volume.grid.to_image(volume.values)
    image.SetMetaData("content", f"{volume.name}, likely values, Gy{note}; research use only")
    sitk.WriteImage(image, str(path), useCompression=True)
