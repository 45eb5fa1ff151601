"""``python -m brachyresponse diffusion``: the ADC of lesions and its ratio to white matter."""

from __future__ import annotations

import argparse
from pathlib import Path

from brachyresponse.command_line.diffusion_arguments import add_arguments
from brachyresponse.command_line.diffusion_case import read_case
from brachyresponse.command_line.messages import StepsOnStderr, warn
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.diffusion import (
    DiffusionRecord,
    LesionPart,
    PartEntry,
    measure_diffusion,
    record_of,
    write_adc,
    write_diffusion,
)
from brachyresponse.diffusion.record_file import NAME
from brachyresponse.progress import share_of

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "Measure the ADC of lesions against white matter, for the evidence on recurrence or necrosis."
UNIT = "x 1e-6 mm2/s"


def run(options: argparse.Namespace) -> bool:
    """Read, measure and write; return whether something needs a person."""
    report = StepsOnStderr()
    with result_folder(options.out) as folder:
        report(0.0, "Reading the images")
        request = read_case(options, share_of(report, 0.0, 0.4))
        study = measure_diffusion(request, report=share_of(report, 0.4, 0.95))
        write_diffusion(study, folder)
        if options.dwi is not None:
            write_adc(study.adc, folder / "adc.nrrd")
    report(1.0, "Done")
    report.finish()
    for note in request.notes:
        warn(note)
    record = record_of(study)
    _print(record, options.out)
    is_refused = any(not part.is_evaluable for part in record.parts if part.part is LesionPart.SOLID)
    return is_refused or bool(record.questions) or bool(record.warnings)


def _print(record: DiffusionRecord, folder: Path) -> None:
    """Print each part, how the core diffuses against its rim, questions and warnings, and where the results are."""
    for part in record.parts:
        print(f"{part.lesion}, {part.label}: {_figures(part)}")
    for restriction in record.restrictions:
        print(f"{restriction.lesion}: {restriction.sentence}")
    for question in record.questions:
        print(f"asked: {question}")
    for warning in record.warnings:
        print(f"warning: {warning}")
    print(f"Results: {folder / NAME}")


def _figures(part: PartEntry) -> str:
    mean, low = part.statistic("mean"), part.statistic("p5")
    if mean is None or low is None or not part.is_evaluable:
        return f"not evaluable. {' '.join(part.reasons)}"
    said = f"ADC {mean.value:.0f}, 5th percentile {low.value:.0f} {UNIT}"
    if mean.ratio is None:
        return said
    return f"{said}; {mean.ratio:.2f} times white matter ({mean.low:.2f} to {mean.high:.2f})"
