"""The files of a study in a folder."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.planning import write_csv
from brachyresponse.response.evidence import evidence_table
from brachyresponse.response.study.record_file import NAME, record_text
from brachyresponse.response.study.study import ResponseStudy
from brachyresponse.response.study.tables import measurement_table, visit_table
from brachyresponse.response.treatment import treatment_table


def write_study(study: ResponseStudy, folder: str | Path) -> tuple[Path, ...]:
    """Write a study into a folder, made where it is missing, and return the paths.

    ``response.json`` (all of it; :mod:`brachyresponse.response.study.record_file`), and as tables ``visits.csv``,
    ``measurements.csv`` (which can be read as a case again), ``treatments.csv`` and, where evidence was weighed,
    ``evidence.csv``.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(record_text(study), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{NAME} cannot be written: {reason_of(error)}; choose another folder.") from error
    sheets = {
        "visits": visit_table(study),
        "measurements": measurement_table(study),
        "treatments": treatment_table(study.treatments or ()),
    }
    if study.evidence:
        sheets["evidence"] = evidence_table(study.evidence)
    return (folder / NAME, *(write_csv(table, folder / f"{name}.csv") for name, table in sheets.items()))
