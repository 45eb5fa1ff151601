"""A study of the scene in files, the same that the command line writes."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.perfusion.study.files import write_study
from brachyresponse.perfusion.study.judge import JudgedStudy
from brachyresponse.scene.plan_exports import writable_folder


def export_study(judged: JudgedStudy, folder: str | Path) -> list[Path]:
    """Write a study into a folder and return the files.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    return list(write_study(judged, writable_folder(folder)))
