"""From options and files to a perfusion study that can be measured."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from brachyresponse.command_line.images import read_image
from brachyresponse.command_line.perfusion_structures import NamedStructures
from brachyresponse.errors import InputFileError, PerfusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions import grow_lesion, propose_white_matter
from brachyresponse.perfusion import AifChoice, AifSource, PerfusionRequest, PerfusionSettings
from brachyresponse.perfusion.series import (
    DynamicSeries,
    SeriesKind,
    proposed_kind,
    read_flip_angle_series,
    read_series,
)
from brachyresponse.perfusion.study import MaskRole, StudyDates, T1Source
from brachyresponse.planning import read_plan
from brachyresponse.planning.record import read_record
from brachyresponse.progress import Report, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.verification import read_detected

PROPOSE = "propose"
TRUE_WORDS, FALSE_WORDS = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


@dataclass(frozen=True, eq=False)
class PerfusionCase:
    """What is measured, and what was read for it: name and description."""

    request: PerfusionRequest
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class _Images:
    """The volumes beside the series."""

    anatomical: Volume | None
    t2star: Volume | None
    dose: Volume | None
    b1: Volume | None
    notes: tuple[str, ...] = ()


def read_case(options: argparse.Namespace, report: Report) -> PerfusionCase:
    """Return the study that the options describe.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, a name or a value is not known, or things do not belong together.
    """
    _refuse_alone(options)
    settings = _settings(options)
    series = _series(options, share_of(report, 0.0, 0.6))
    kind, said = (options.kind, "as given") if options.kind else proposed_kind(series)
    images = _images(options)
    drawn = NamedStructures.read(options.structures, dict(options.label))
    lesions, notes = _lesions(options, drawn, images.anatomical)
    white, about = _white_matter(options, drawn, images, lesions, settings)
    request = PerfusionRequest(
        series=series,
        kind=kind,
        lesions=lesions,
        white_matter=white,
        anatomical=images.anatomical,
        t1=_t1(options, share_of(report, 0.6, 0.7)) if kind is SeriesKind.DCE else None,
        b1=images.b1,
        aif=AifChoice(options.aif, drawn.optional(options.artery), drawn.optional(options.vein)),
        brain=drawn.optional(options.brain),
        masks={mask_role(role): drawn.one(name) for role, name in options.leave_out},
        t2star=images.t2star,
        seeds=read_seeds(options.seeds),
        dose=images.dose,
        settings=settings,
        dates=StudyDates(options.scan_date, options.treatment_date, options.progression_date, options.surgery_date),
        drug=options.drug,
        patient_id=options.patient_id,
        notes=(f"Kind of the series: {said}", *images.notes, *drawn.notes, *notes, *about),
    )
    return PerfusionCase(_without_motion(request, options, share_of(report, 0.7, 1.0)), _inputs(options, request))


def _refuse_alone(options: argparse.Namespace) -> None:
    """Refuse options that would do nothing without another one."""
    if options.artery is not None and options.aif is not AifSource.SEGMENT:
        raise InputFileError("--artery is the segment of --aif segment: give both.")
    if options.vfa is None and (options.b1 is not None or options.vfa_side_car is not None):
        raise InputFileError("--b1 and --vfa-side-car belong to the flip angles of --vfa: give these too.")


def _series(options: argparse.Namespace, report: Report) -> DynamicSeries:
    paths = options.series[0] if len(options.series) == 1 else options.series
    series = read_series(paths, side_car=options.side_car, frame_interval_s=options.frame_interval_s, report=report)
    acquisition = series.acquisition
    for name, text in options.acquisition:
        acquisition = acquisition.with_value(name, text if name == "agent" else _number(name, text), "entered")
    return replace(series, acquisition=acquisition)


def _without_motion(request: PerfusionRequest, options: argparse.Namespace, report: Report) -> PerfusionRequest:
    if not options.correct_motion:
        return request
    from brachyresponse.perfusion.motion import correct_motion

    motion = correct_motion(request.series, report=report)
    return replace(request, series=motion.series, motion=motion)


def _images(options: argparse.Namespace) -> _Images:
    paths = (options.anatomical, options.t2star, options.dose, options.b1)
    read = [None if path is None else read_image(path) for path in paths]
    anatomical, t2star, dose, b1 = (None if one is None else one.volume for one in read)
    notes = tuple(note for one in read if one is not None for note in one.geometry_notes)
    return _Images(anatomical, t2star, None if dose is None else replace(dose, unit="Gy"), b1, notes)


def _lesions(
    options: argparse.Namespace, drawn: NamedStructures, anatomical: Volume | None
) -> tuple[dict[str, Structure], tuple[str, ...]]:
    """Return the lesions by name, drawn ones first, and how the others were grown."""
    lesions = by_name([drawn.one(name) for name in dict.fromkeys(options.lesion)])
    notes: list[str] = []
    for number, point in enumerate(options.lesion_at, start=1):
        if anatomical is None:
            raise InputFileError("--lesion-at grows a lesion on the post-contrast image: give it with --anatomical.")
        grown, name = grow_lesion(anatomical, point), f"Grown lesion {number}"
        lesions[name] = replace(grown.structure, name=name)
        notes += [f"{name}: {grown.sentence}", *grown.warnings]
    return lesions, tuple(notes)


def by_name(structures: Sequence[Structure]) -> dict[str, Structure]:
    """Return structures by their names, which must differ: the table of ratios is read by them."""
    named = {structure.name: structure for structure in structures}
    if len(named) < len(structures):
        raise InputFileError(f"Two lesions have the name {structures[-1].name!r}: give each another name or file name.")
    return named


def _white_matter(
    options: argparse.Namespace,
    drawn: NamedStructures,
    images: _Images,
    lesions: dict[str, Structure],
    settings: PerfusionSettings,
) -> tuple[Structure | None, tuple[str, ...]]:
    if options.white_matter != PROPOSE:
        return drawn.optional(options.white_matter), ()
    if images.anatomical is None or not lesions:
        raise InputFileError("--white-matter propose needs the post-contrast image (--anatomical) and a lesion.")
    first = next(iter(lesions.values()))
    found = propose_white_matter(images.anatomical, first, dose=images.dose, dose_limit_gy=settings.dose_limit_gy)
    return found.structure, (f"White matter, proposed: {found.sentence}", *found.warnings)


def _t1(options: argparse.Namespace, report: Report) -> T1Source | None:
    if options.vfa is not None and options.t1 is not None:
        raise InputFileError("--vfa and --t1 both tell T1 before contrast: give one of them.")
    if options.vfa is not None:
        paths = options.vfa[0] if len(options.vfa) == 1 else options.vfa
        return read_flip_angle_series(paths, side_car=options.vfa_side_car, report=report)
    if options.t1 is None:
        return None
    path = Path(options.t1)
    return read_image(path).volume if path.is_file() else _number("--t1", options.t1)


def read_seeds(path: Path | None) -> Seeds | None:
    """Return the seeds of ``plan.json`` or ``detected.json``; None without a path.

    Raises
    ------
    InputFileError
        The file cannot be read.
    """
    if path is None:
        return None
    is_plan = read_record(path, 1).has("needles")
    return read_plan(path).seeds if is_plan else read_detected(path).to_seeds(1.0)


def _settings(options: argparse.Namespace) -> PerfusionSettings:
    known = {each.name for each in fields(PerfusionSettings)}
    types = get_type_hints(PerfusionSettings)
    chosen: dict[str, Any] = {} if options.model is None else {"model": str(options.model)}
    for name, text in options.setting:
        if name not in known:
            raise PerfusionError(f"There is no setting {name!r}: choose one of {', '.join(sorted(known))}.")
        chosen[name] = _of_type(name, text, types[name])
    return PerfusionSettings(**chosen)


def _of_type(name: str, text: str, expected: Any) -> Any:
    kinds = get_args(expected) or (expected,)
    if bool in kinds:
        if text.lower() not in (*TRUE_WORDS, *FALSE_WORDS):
            raise PerfusionError(f"{name}={text}: expected yes or no.")
        return text.lower() in TRUE_WORDS
    if str in kinds:
        return text
    value = _number(name, text)
    if int not in kinds:
        return value
    if not value.is_integer():
        raise PerfusionError(f"{name} is {text!r}, expected a whole number.")
    return int(value)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        or_file = " (or the path of a file that exists)" if name == "--t1" else ""
        raise PerfusionError(f"{name} is {text!r}, expected a number{or_file}.") from error


def mask_role(text: str) -> MaskRole:
    """Return what ``--leave-out`` calls a structure.

    Raises
    ------
    InputFileError
        There is no such word.
    """
    if text not in tuple(MaskRole):
        raise InputFileError(f"--leave-out knows no {text!r}: choose one of {', '.join(MaskRole)}.")
    return MaskRole(text)


def _inputs(options: argparse.Namespace, request: PerfusionRequest) -> tuple[tuple[str, str], ...]:
    series = request.series
    named = {"Side-car": options.side_car, "Anatomical image": options.anatomical, "T2*": options.t2star}
    named |= {"B1 map": options.b1, "Structures": options.structures, "Seeds": options.seeds, "Dose": options.dose}
    shown = ", ".join(path.name for path in options.series[:3]) + (" …" if len(options.series) > 3 else "")
    return (
        ("Series", f"{shown}: {series.frame_count} frames of {series.grid.describe()}"),
        *([("Flip angles", ", ".join(path.name for path in options.vfa))] if options.vfa else []),
        *((label, path.name) for label, path in named.items() if path is not None),
        *([("Pre-treatment scan", "/".join(options.pre_treatment.parts[-2:]))] if options.pre_treatment else []),
    )
