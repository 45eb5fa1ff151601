"""Each module, loaded as Slicer loads it, finds the library: from the installed extension and from a plain checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from packages import PROJECT, copy_of_project, install_extension, module_names, needs_cmake, run

# Slicer appends a module file's folder to the path, then runs the file.
LOAD = """
import sys
from pathlib import Path
from slicer_standin.application import start
from slicer_standin.modules import load_module

start()
before = set(sys.modules)
path = Path(sys.argv[1])
sys.path.append(str(path.parent))
load_module(path)
loaded = {name.split(".")[0] for name in set(sys.modules) - before}

import brachyresponse
print()
print(Path(brachyresponse.__file__).parent)
print(*sorted(loaded & {"scipy", "SimpleITK", "pydicom"}))
"""


def load(module: Path, *python_path: Path, folder: Path) -> tuple[Path, str]:
    """Load a module file in a new Python; returns the library's folder and the heavy packages that it loaded."""
    printed = run(sys.executable, "-c", LOAD, module, folder=folder, python_path=(PROJECT / "Testing", *python_path))
    place, heavy = printed.split("\n")[-3:-1]
    return Path(place), heavy


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripted modules of an installed extension."""
    return install_extension(PROJECT, tmp_path_factory.mktemp("extension"))


@needs_cmake
@pytest.mark.parametrize("name", module_names())
def test_an_installed_module_loads_with_the_installed_library(installed: Path, tmp_path: Path, name: str) -> None:
    place, _ = load(installed / f"{name}.py", installed, folder=tmp_path)
    assert place == installed / "brachyresponse"


@pytest.mark.parametrize("name", module_names())
def test_a_module_of_a_checkout_finds_the_library_beside_it(tmp_path: Path, name: str) -> None:
    checkout = copy_of_project(tmp_path / "checkout")
    place, _ = load(checkout / name / f"{name}.py", folder=tmp_path)
    assert place == checkout / "brachyresponse"


@needs_cmake
@pytest.mark.parametrize("name", module_names())
def test_a_checkout_wins_over_an_installed_extension(installed: Path, tmp_path: Path, name: str) -> None:
    place, _ = load(PROJECT / name / f"{name}.py", installed, folder=tmp_path)
    assert place == PROJECT / "brachyresponse"


@pytest.mark.parametrize("name", module_names())
def test_loading_a_module_loads_nothing_heavy(tmp_path: Path, name: str) -> None:
    _, heavy = load(PROJECT / name / f"{name}.py", folder=tmp_path)
    assert heavy == ""
