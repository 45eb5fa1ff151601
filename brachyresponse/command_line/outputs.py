"""Result files: written beside the output folder first, and put in place when all are complete."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brachyresponse.errors import InputFileError


@contextmanager
def result_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to write results into; on leaving it without an error they go into ``folder``.

    Files of the same name are replaced, other files in ``folder`` stay. After an error, or a cancelled run, nothing
    is left and ``folder`` is as it was.

    Raises
    ------
    InputFileError
        The folder cannot be made or written into.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _check_writable(folder)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputFileError(
            f"The output folder {str(folder)!r} cannot be written ({error.strerror}): choose another with --out."
        ) from error
    try:
        yield work
        folder.mkdir(exist_ok=True)
        for file in sorted(work.iterdir()):
            file.replace(folder / file.name)
    except OSError as error:
        raise InputFileError(
            f"The results cannot be written to {str(folder)!r} ({error.strerror}): free the disk or take another."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_writable(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputFileError(f"The output folder {str(folder)!r} is a file: choose a folder with --out.")
    if folder.is_dir():
        with tempfile.TemporaryFile(dir=folder):
            pass
