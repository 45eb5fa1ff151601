"""What no file of the repository may hold, and what Slicer would stumble over."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from packages import module_names
from reference import PROJECT

# Folders that exist on one person's machine only.
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.$}{)-])/(?:work|tmp|home|root|opt|Users|mnt)/\w|\b[A-Z]:\\\\?(?:Users|Windows|Temp)"
)
# Written in parts, or this file would be the first to hold them.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("deb.debian", "org"), ("npmjs", "org"))
]
BINARY = {".png", ".jpg", ".gif", ".mrb", ".nrrd", ".gz"}


@pytest.fixture(scope="module")
def tracked_texts() -> dict[str, str]:
    """Every tracked text file, by its path in the repository."""
    if shutil.which("git") is None or not (PROJECT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of tracked files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    paths = [Path(name) for name in listed.stdout.split("\0") if name]
    return {
        path.as_posix(): (PROJECT / path).read_text(encoding="utf-8")
        for path in paths
        if path.suffix not in BINARY and (PROJECT / path).is_file()
    }


def test_no_file_names_a_folder_of_somebodys_machine(tracked_texts: dict[str, str]) -> None:
    found = {name: match[0] for name, text in tracked_texts.items() if (match := ABSOLUTE_PATH.search(text))}
    assert found == {}


@pytest.mark.parametrize("text", ["see " + "/home" + "/me/data", '"' + "/tmp" + '/x.nrrd"', "C:" + "\\\\Users"])
def test_an_absolute_path_would_be_found(text: str) -> None:
    assert ABSOLUTE_PATH.search(text)


def test_no_file_names_a_package_registry(tracked_texts: dict[str, str]) -> None:
    found = [name for name, text in tracked_texts.items() for host in REGISTRIES if host in text]
    assert found == []


def test_no_python_file_lies_where_slicer_takes_it_for_a_module() -> None:
    at_root = list(PROJECT.glob("*.py"))
    beside_modules = [path for name in module_names() for path in (PROJECT / name).glob("*.py") if path.stem != name]
    assert at_root + beside_modules == []


def test_no_module_file_starts_like_a_command_line_program() -> None:
    starts = {name: (PROJECT / name / f"{name}.py").read_text(encoding="utf-8")[:2] for name in module_names()}
    assert "#!" not in starts.values()


def test_the_repository_is_small_enough_for_the_extensions_index(tracked_texts: dict[str, str]) -> None:
    """The index refuses a checkout of more than 100 MB; we stop well before."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    sizes = [(PROJECT / name).stat().st_size for name in listed.stdout.split("\0") if (PROJECT / name).is_file()]
    assert sum(sizes) < 30e6
