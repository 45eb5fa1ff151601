"""Each module, loaded as Slicer loads it, finds the library: from the installed extension and from a plain checkout."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from packages import PROJECT, copy_of_project, install_extension, module_names, needs_cmake, run

# Slicer appends a module file's folder to the path, then runs the file. The application is slow to start, so that the
# modules are loaded in one, each as if it were the first: nothing of the library is left of the one before.
LOAD = """
import json, sys
from pathlib import Path
from slicer_standin.application import start
from slicer_standin.modules import load_module

start()
path_before, modules_before = list(sys.path), set(sys.modules)
found = {}
for path in map(Path, sys.argv[1:]):
    sys.path.append(str(path.parent))
    load_module(path)
    loaded = {name.split(".")[0] for name in set(sys.modules) - modules_before}
    import brachyresponse
    found[path.stem] = str(Path(brachyresponse.__file__).parent), sorted(loaded & {"scipy", "SimpleITK", "pydicom"})
    sys.path[:] = path_before
    for name in [name for name in sys.modules if name.split(".")[0] in ("brachyresponse", path.stem)]:
        del sys.modules[name]
    del brachyresponse
print()
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Loaded:
    """Where a module found the library, and the heavy packages that it loaded."""

    library: Path
    heavy: list[str]


def load(files: list[Path], *python_path: Path, folder: Path) -> dict[str, Loaded]:
    """Load module files in a new Python; returns what became of each, by name."""
    printed = run(sys.executable, "-c", LOAD, *files, folder=folder, python_path=(PROJECT / "Testing", *python_path))
    found = json.loads(printed.strip().split("\n")[-1])
    return {name: Loaded(Path(library), heavy) for name, (library, heavy) in found.items()}


def modules_in(checkout: Path) -> list[Path]:
    return [checkout / name / f"{name}.py" for name in module_names()]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripted modules of an installed extension."""
    return install_extension(PROJECT, tmp_path_factory.mktemp("extension"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain checkout, which is not installed anywhere."""
    return copy_of_project(tmp_path_factory.mktemp("plain") / "checkout")


@pytest.fixture(scope="module")
def of_checkout(checkout: Path) -> dict[str, Loaded]:
    return load(modules_in(checkout), folder=checkout.parent)


@needs_cmake
def test_an_installed_module_loads_with_the_installed_library(installed: Path, tmp_path: Path) -> None:
    found = load([installed / f"{name}.py" for name in module_names()], installed, folder=tmp_path)
    expected = installed / "brachyresponse"
    assert {name: one.library for name, one in found.items()} == dict.fromkeys(module_names(), expected)


def test_a_module_of_a_checkout_finds_the_library_beside_it(checkout: Path, of_checkout: dict[str, Loaded]) -> None:
    expected = checkout / "brachyresponse"
    assert {name: one.library for name, one in of_checkout.items()} == dict.fromkeys(module_names(), expected)


@needs_cmake
def test_a_checkout_wins_over_an_installed_extension(installed: Path, tmp_path: Path) -> None:
    found = load(modules_in(PROJECT), installed, folder=tmp_path)
    expected = PROJECT / "brachyresponse"
    assert {name: one.library for name, one in found.items()} == dict.fromkeys(module_names(), expected)


def test_loading_a_module_loads_nothing_heavy(of_checkout: dict[str, Loaded]) -> None:
    assert {name: one.heavy for name, one in of_checkout.items()} == {name: [] for name in module_names()}
