"""The files of a study in a folder."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.study.judge import JudgedStudy, judge_study
from brachyresponse.perfusion.study.map_names import map_facts
from brachyresponse.perfusion.study.record import PerfusionRecord
from brachyresponse.perfusion.study.record_file import NAME, record_text
from brachyresponse.perfusion.study.record_of import map_file
from brachyresponse.perfusion.study.study import PerfusionStudy
from brachyresponse.perfusion.study.tables import curve_table, exclusion_table, ratio_table, used_table
from brachyresponse.planning import write_csv


def write_study(
    study: PerfusionStudy | JudgedStudy, folder: str | Path, *, before: PerfusionRecord | None = None
) -> tuple[Path, ...]:
    """Write a study into a folder, made where it is missing, and return the paths.

    ``perfusion.json`` (all values; :mod:`brachyresponse.perfusion.study.record_file`), one NRRD file a map, and as
    tables ``ratios.csv``, ``exclusions.csv``, ``curves.csv`` and ``used.csv``.

    Parameters
    ----------
    study
        What was measured, judged already or not.
    before
        The pre-treatment study, for one that was not judged yet.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    judged = study if isinstance(study, JudgedStudy) else judge_study(study, before)
    folder, record = Path(folder), judged.record
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(record_text(record), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{NAME} cannot be written: {error.strerror}; choose another folder.") from error
    sheets = {
        "ratios": ratio_table(judged),
        "exclusions": exclusion_table(record),
        "curves": curve_table(record),
        "used": used_table(record),
    }
    tables = (write_csv(table, folder / f"{name}.csv") for name, table in sheets.items())
    maps = [_write_map(volume, folder / map_file(name)) for name, volume in judged.study.maps.items()]
    return (folder / NAME, *tables, *maps)


def _write_map(volume: Volume, path: Path) -> Path:
    import SimpleITK as sitk

    image = volume.grid.to_image(volume.values)
    image.SetMetaData("content", map_facts(path.stem).title)
    try:
        sitk.WriteImage(image, str(path), useCompression=True)
    except RuntimeError as error:
        raise InputFileError(f"{path.name} cannot be written: choose another folder.") from error
    return path
