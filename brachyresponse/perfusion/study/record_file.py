"""Studies in files: ``perfusion.json``, schema 1.

One JSON object, UTF-8; what is not known is null.

- ``patient_id``, ``kind`` (dce or dsc), ``scan_date``, ``treatment_date``, ``drug``, ``leakage_corrected``,
  ``white_matter_dose_gy``, ``white_matter_irradiated``.
- ``series``: ``name``, ``frames``, ``first_s``, ``last_s``, ``time_origin``, ``geometry``.
- ``aif``: null, or ``method``, ``verdict`` (good, doubtful, failed), ``voxels``, ``peak``, ``arrival_s``, ``fwhm_s``,
  ``first_pass_area``, ``sentence``.
- ``lesions``: ``name``, ``volume_cc``, ``share_left`` (0 to 1, after all exclusions), ``share_at_bound`` (of the voxels
  that were fitted), ``signal_recovery_percent`` and ``relative_peak_height`` (means; null without such a map).
- ``ratios``: ``lesion``, ``map``, ``label``, ``statistic``, ``value``, ``low``, ``high`` (95 % interval; null where the
  ratio is not evaluable), ``lesion_value``, ``white_matter_value``, ``white_matter_standard_error``, ``valid_voxels``,
  ``lesion_voxels``, ``white_matter_voxels``, ``reasons``.
- ``exclusions``: ``structure``, ``exclusion``, ``reason``, ``share``, ``share_left``.
- ``protocol``: sentences. ``timing``: ``id``, ``label``, ``expected``, ``days``, ``passed``, ``note``.
- ``interpretations``: ``lesion``, ``verdict``, ``weight`` (power of the marker's likelihood ratio), ``sentences`` (each
  with ``rule``, ``text``, ``source``).
- ``maps``: ``name``, ``label``, ``unit``, ``file`` beside this one. ``curves``: ``name``, ``role``, ``unit``,
  ``time_s``, ``values``, ``fitted``.
- ``used``: ``name``, ``label``, ``value``, ``origin``. ``settings``: ``name``, ``label``, ``value``, ``source``.
- ``notes`` and ``warnings``: sentences.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from brachyresponse.perfusion.study.record import PerfusionRecord
from brachyresponse.perfusion.study.record_fields import plain_fields, read_fields
from brachyresponse.planning.record import read_result

NAME = "perfusion.json"
SCHEMA = 1


def record_text(record: PerfusionRecord) -> str:
    """Return the JSON text of a record."""
    return json.dumps({"schema": SCHEMA, **plain_fields(record)}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_study_record(path: str | Path) -> PerfusionRecord:
    """Return the study of a JSON file, or of the folder that :func:`write_study` wrote.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong; the message names the
        file and the field.
    """
    return read_result(path, NAME, SCHEMA, partial(read_fields, PerfusionRecord))
