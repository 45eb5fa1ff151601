"""Diffusion in files: ``diffusion.json``, schema 1, and ``diffusion.csv``.

One JSON object, UTF-8; what is not known is null. ADC in 1e-6 mm2/s.

- ``patient_id``, ``scan_date``, ``map``, ``geometry``, ``unit``, ``b_values_s_per_mm2``, ``is_registered``,
  ``is_undistorted``, ``seeds`` (their number), ``white_matter_dose_gy``.
- ``parts``: ``lesion``, ``part`` (solid, core, reference), ``label``, ``volume_cc``, ``voxels``, ``valid_voxels``,
  ``cold_spot_cc``, ``standard_deviation``, ``statistics`` (``statistic``, ``label``, ``value``, and ``ratio``, ``low``,
  ``high``: to white matter with its 95 % interval, null with ``reasons`` where not evaluable), ``percentiles``
  (``percent``, ``value``), ``histogram_edges``, ``histogram_counts``, ``reasons`` (why the part is not evaluable).
- ``restrictions``: ``lesion``, ``state`` (present, absent, no core), ``core``, ``rim``, ``sentence``.
- ``exclusions``: ``lesion``, ``exclusion``, ``reason``, ``share``, ``share_left``.
- ``questions``, ``notes``, ``warnings``: sentences.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from brachyresponse.diffusion.record import DiffusionRecord, PartEntry, record_of
from brachyresponse.diffusion.study import DiffusionStudy
from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.study.record_fields import plain_fields, read_fields
from brachyresponse.planning import write_csv
from brachyresponse.planning.exports import Cell, Table
from brachyresponse.planning.record import read_result

NAME, SHEET = "diffusion.json", "diffusion.csv"
SCHEMA = 1
NONE = "-"
"""Stands where there is no figure; the last column says why."""
COLUMNS = (
    "lesion", "part", "statistic", "ADC (1e-6 mm2/s)", "ratio to white matter", "low (95 %)", "high (95 %)",
    "valid voxels", "voxels", "volume (cc)", "why not evaluable",
)  # fmt: skip


def diffusion_text(record: DiffusionRecord) -> str:
    """Return the JSON text of a record."""
    fields = {"schema": SCHEMA, **plain_fields(record)}
    return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_diffusion(study: DiffusionStudy | DiffusionRecord, folder: str | Path) -> tuple[Path, ...]:
    """Write ``diffusion.json`` and ``diffusion.csv`` into a folder, made where it is missing; return the paths.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    record = study if isinstance(study, DiffusionRecord) else record_of(study)
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(diffusion_text(record), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{NAME} cannot be written: {error.strerror}; choose another folder.") from error
    return folder / NAME, write_csv(diffusion_table(record), folder / SHEET)


def read_diffusion_record(path: str | Path) -> DiffusionRecord:
    """Return the record of a JSON file, or of the folder that :func:`write_diffusion` wrote.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong.
    """
    return read_result(path, NAME, SCHEMA, partial(read_fields, DiffusionRecord))


def diffusion_table(record: DiffusionRecord) -> Table:
    """Return every statistic of every part, a row each."""
    rows = tuple(row for part in record.parts for row in _rows(part))
    return Table("Diffusion", COLUMNS, rows)


def _rows(part: PartEntry) -> list[tuple[Cell, ...]]:
    size = (part.valid_voxels, part.voxels, part.volume_cc)
    if not part.statistics:
        return [(part.lesion, part.label, *[NONE] * 5, *size, " ".join(part.reasons))]
    return [
        (
            *(part.lesion, part.label, entry.label),
            *(NONE if figure is None else figure for figure in (entry.value, entry.ratio, entry.low, entry.high)),
            *size,
            " ".join(dict.fromkeys((*part.reasons, *entry.reasons))),
        )
        for entry in part.statistics
    ]
