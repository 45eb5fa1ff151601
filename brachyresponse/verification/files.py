"""The files of a verification in a folder; dose and difference images are left to whoever has the images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brachyresponse.errors import InputFileError
from brachyresponse.planning import findings_table, write_csv
from brachyresponse.verification import tables
from brachyresponse.verification.detected_file import NAME as DETECTED
from brachyresponse.verification.detected_file import detected_text
from brachyresponse.verification.record import record_of
from brachyresponse.verification.record_file import NAME
from brachyresponse.verification.record_text import record_text
from brachyresponse.verification.robustness import Robustness, robustness_table
from brachyresponse.verification.scans import ScanComparison
from brachyresponse.verification.verification import Verification


def write_verification(verification: Verification, folder: str | Path) -> tuple[Path, ...]:
    """Write a verification into a folder, made where it is missing, and return the paths.

    ``verification.json`` (all values; :mod:`brachyresponse.verification.record_file`), ``detected.json`` (the found
    seeds; :mod:`brachyresponse.verification.detected_file`), and as tables ``seeds.csv``, ``metrics.csv``,
    ``dvh.csv``, ``findings.csv``, ``organ_limits.csv``, ``cold_regions.csv``, ``near_organs.csv`` and ``axes.csv``.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    folder = Path(folder)
    sheets = {
        "seeds": tables.seed_table(verification),
        "metrics": tables.comparison_table(verification),
        "dvh": tables.dvh_comparison_table(verification),
        "findings": findings_table(verification.findings),
        "organ_limits": tables.organ_limit_table(verification),
        "cold_regions": tables.cold_region_table(verification),
        "near_organs": tables.near_organ_table(verification),
        "axes": tables.axis_effect_table(verification),
    }
    texts = {NAME: record_text(record_of(verification)), DETECTED: detected_text(verification)}
    written = [_write_text(text, folder / name) for name, text in texts.items()]
    return (*written, *(write_csv(table, folder / f"{name}.csv") for name, table in sheets.items()))


def _write_text(text: str, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written: {error.strerror}; choose another folder.") from error
    return path


def write_studies(robustness: Sequence[Robustness], scans: ScanComparison | None, folder: Path) -> tuple[Path, ...]:
    """Write what was asked for beside a verification, ``robustness.csv`` and ``scans.csv``, and return the files.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    written = []
    if robustness:
        written.append(write_csv(robustness_table(*robustness), folder / "robustness.csv"))
    if scans is not None:
        written.append(write_csv(scans.table, folder / "scans.csv"))
    return tuple(written)
