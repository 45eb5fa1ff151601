from __future__ import annotations

from pathlib import Path

import pytest

from brachyresponse.command_line.outputs import result_folder
from brachyresponse.errors import Cancelled, InputFileError


def test_results_appear_together_and_replace_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "results"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text("old")
    (folder / "notes.txt").write_text("the user's own")
    with result_folder(folder) as work:
        (work / "plan.json").write_text("new")
        assert (folder / "plan.json").read_text() == "old"
    assert (folder / "plan.json").read_text() == "new"
    assert (folder / "notes.txt").read_text() == "the user's own"
    assert list(folder.parent.iterdir()) == [folder]


def _write_half_and_raise(folder: Path, error: Exception) -> None:
    with result_folder(folder) as work:
        (work / "plan.json").write_text("half")
        raise error


@pytest.mark.parametrize("error", [ValueError("bad"), Cancelled()])
def test_nothing_is_left_of_a_run_that_failed(error: Exception, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    with pytest.raises(type(error)):
        _write_half_and_raise(folder, error)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    taken = tmp_path / "results"
    taken.write_text("")
    with pytest.raises(InputFileError, match=r"'.*results' is a file: choose a folder"), result_folder(taken):
        pass


@pytest.mark.parametrize("folder", ["/proc/results", "/proc/self"])
def test_a_read_only_folder_is_said_before_anything_is_computed(folder: str) -> None:
    with pytest.raises(InputFileError, match=r"cannot be written .* choose another"), result_folder(Path(folder)):
        pytest.fail("the work must not begin")
