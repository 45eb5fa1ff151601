"""The files of a study in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.planning import write_csv
from brachyresponse.spectroscopy.study.measure import SpectroscopyStudy
from brachyresponse.spectroscopy.study.ratio_facts import ratio_facts
from brachyresponse.spectroscopy.study.record import SpectroscopyRecord
from brachyresponse.spectroscopy.study.record_file import NAME, record_text
from brachyresponse.spectroscopy.study.record_of import ENDING
from brachyresponse.spectroscopy.study.tables import lesion_table, metabolite_table
from brachyresponse.spectroscopy.vocabulary import RatioName


def write_spectroscopy(study: SpectroscopyStudy, folder: str | Path) -> tuple[Path, ...]:
    """Write a study into a folder, made where it is missing, and return the paths.

    ``spectroscopy.json`` (all values; :mod:`brachyresponse.spectroscopy.study.record_file`), one NRRD file a map of a
    grid, and as tables ``metabolites.csv``, which is read again as a metabolite table, and
    ``spectroscopy_lesions.csv``.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    return write_record_files(study.record, study.maps, folder)


def write_record_files(
    record: SpectroscopyRecord, maps: Mapping[RatioName, Volume], folder: str | Path
) -> tuple[Path, ...]:
    """Write a record with its maps, as :func:`write_spectroscopy`.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(record_text(record), encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{NAME} cannot be written: {error.strerror}; choose another folder.") from error
    tables = (
        write_csv(metabolite_table(record), folder / "metabolites.csv"),
        write_csv(lesion_table(record), folder / "spectroscopy_lesions.csv"),
    )
    images = [_write_map(volume, folder / (ratio_facts()[name].file + ENDING)) for name, volume in maps.items()]
    return (folder / NAME, *tables, *images)


def _write_map(volume: Volume, path: Path) -> Path:
    import SimpleITK as sitk

    image = volume.grid.to_image(volume.values)
    image.SetMetaData("content", volume.name)
    try:
        sitk.WriteImage(image, str(path), useCompression=True)
    except RuntimeError as error:
        raise InputFileError(f"{path.name} cannot be written: choose another folder.") from error
    return path
