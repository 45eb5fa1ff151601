"""Biological dose on the command line: what is asked for is read first, computed of any evaluation, and written."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.command_line.images import is_dicom
from brachyresponse.command_line.inputs import read_volume
from brachyresponse.dose import Dvh
from brachyresponse.dose.biology import (
    BiologyEvaluation,
    EarlierBeam,
    Exposure,
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
FILE, DVH_FILE = "biology.csv", "biology_dvh.csv"


@dataclass(frozen=True, eq=False)
class BiologyRequest:
    """What is asked of biological dose; nothing where no tissue is named."""

    tissues: Mapping[str, TissueBiology]
    beam: EarlierBeam | None = None
    volumes: bool = False


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
    tissues = dict(_tissue(text) for text in options.biology)
    for name in OF_BEAM if options.earlier_beam is None else ():
        if getattr(options, name) is not None:
            option = f"--{name.replace('_', '-')}"
            raise InputFileError(f"{option} is given without --earlier-beam: give the dose of that beam too.")
    if not tissues and (options.earlier_beam or options.biology_volumes):
        option = "--earlier-beam" if options.earlier_beam else "--biology-volumes"
        raise InputFileError(f"{option} is given without --biology: name the structures' tissues, as GTV=glioma.")
    beam = None if options.earlier_beam is None else _beam(options)
    if beam is not None:
        check_frames(beam, frame_of_reference_uid)
    return BiologyRequest(tissues, beam, options.biology_volumes)


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


def _tissue(text: str) -> tuple[str, TissueBiology]:
    structure, sign, tissue = (part.strip() for part in text.rpartition("="))
    if not (sign and structure and tissue):
        raise InputFileError(f"--biology {text!r} is not STRUCTURE=TISSUE: write it like GTV=glioma.")
    return structure, load_tissue(tissue)


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
    for tissue in {dose.tissue.name: dose.tissue for dose in found.doses.values()}.values():
        _write(bed_volume(computed.dose, computed.exposure, tissue), folder / f"bed_{tissue.name}.nrrd")
        _write(eqd2_volume(computed.dose, computed.exposure, tissue), folder / f"eqd2_{tissue.name}.nrrd")
        if found.beam is not None:
            total = combined_eqd2(computed.dose, computed.exposure, tissue, found.beam)
            _write(total, folder / f"eqd2_sum_{tissue.name}.nrrd")


def _write(volume: Volume, path: Path) -> None:
    import SimpleITK as sitk

    image = volume.grid.to_image(volume.values)
    image.SetMetaData("content", f"{volume.name}, likely values, Gy; research use only")
    sitk.WriteImage(image, str(path), useCompression=True)
