"""Studies in files: ``spectroscopy.json``, schema 1.

One JSON object, UTF-8; what is not known is null.

- ``patient_id``, ``scan_date``, ``name``, ``kind`` (single voxel, multi-voxel), ``origin``, ``echo_time_ms``,
  ``repetition_time_ms``, ``transmitter_mhz``, ``dwell_time_s``, ``points``.
- ``geometry`` in words, ``size_ijk``, ``ijk_to_ras`` (16 numbers, row by row; empty where the place is not known).
- ``voxels``: ``i``, ``j``, ``k`` (from 0), ``is_good``, ``reasons``, ``line_width_hz``, ``snr``, ``metabolites``
  (``metabolite``, ``amplitude``, ``crb_percent``, ``is_used``, ``reason``), ``ratios`` (``ratio``, ``value``, ``low``,
  ``high`` (95 % interval), ``reasons``, ``at_least``), ``shares`` (``lesion``, ``share``), ``ventricle_share``,
  ``bone_share``, ``seed_distance_mm``, ``place_reasons``, ``is_normal_side``.
- ``lesions``: ``name``, ``volume_cc``, ``voxels`` (that count), ``best_share``, ``ratios`` (``ratio``, ``statistic``,
  ``value``, ``low``, ``high``, ``voxels``, ``at``, ``normal_value``, ``reasons``, ``at_least``).
- ``maps``: ``ratio``, ``label``, ``file`` beside this one, ``no_value`` (in voxels that are not evaluable), ``voxels``.
- ``average_shift_hz``, ``average_phase_deg``: one an average. ``settings``: ``name``, ``label``, ``value``, ``source``.
- ``notes`` and ``warnings``: sentences.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from brachyresponse.perfusion.study.record_fields import plain_fields, read_fields
from brachyresponse.planning.record import parse_record, read_result
from brachyresponse.spectroscopy.study.record import SpectroscopyRecord

NAME = "spectroscopy.json"
SCHEMA = 1


def record_text(record: SpectroscopyRecord) -> str:
    """Return the JSON text of a record."""
    fields = {"schema": SCHEMA, **plain_fields(record)}
    return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_spectroscopy_record(path: str | Path) -> SpectroscopyRecord:
    """Return the study of a JSON file, or of the folder that :func:`write_spectroscopy` wrote.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong; the message names the
        file and the field.
    """
    return read_result(path, NAME, SCHEMA, partial(read_fields, SpectroscopyRecord))


def parse_spectroscopy_record(text: str, where: str) -> SpectroscopyRecord:
    """Return the study of a JSON text; ``where`` is what errors call it.

    Raises
    ------
    InputFileError
        As :func:`read_spectroscopy_record`.
    """
    return read_fields(SpectroscopyRecord, parse_record(text, where, SCHEMA))
