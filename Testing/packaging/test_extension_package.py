"""The extension as the Extensions Manager installs it: configured, built and installed against a stub of Slicer."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from packages import (
    PROJECT,
    copy_of_project,
    extension_files,
    files_under,
    install_extension,
    module_names,
    needs_cmake,
    run,
)

pytestmark = needs_cmake


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripted modules of an installed extension."""
    return install_extension(PROJECT, tmp_path_factory.mktemp("extension"))


@pytest.fixture
def spoilt_copy(tmp_path: Path) -> Path:
    """A copy of the project for a test to spoil."""
    return copy_of_project(tmp_path / "project")


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}: this test spoils nothing"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_install_tree_holds_every_file_of_the_library_and_the_modules_and_no_other(installed: Path) -> None:
    assert files_under(installed) == extension_files(PROJECT)


def test_the_library_is_imported_from_the_install_tree(installed: Path, tmp_path: Path) -> None:
    code = "import brachyresponse, brachyresponse.sources as s; print(s.__file__, len(s.available_sources()))"
    place, count = run(sys.executable, "-c", code, folder=tmp_path, python_path=(installed,)).split()
    assert Path(place).is_relative_to(installed)
    assert int(count) >= 17


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the comparison above says of a project whose lists leave files behind."""
    folder = tmp_path_factory.mktemp("spoilt")
    spoilt = copy_of_project(folder / "project")
    replace_in(spoilt / "brachyresponse" / "CMakeLists.txt", " *.py)", " geometry/*.py)")
    replace_in(spoilt / "brachyresponse" / "CMakeLists.txt", "*.json ", "")
    replace_in(spoilt / "BrachyDose" / "CMakeLists.txt", "Resources/*)", "Resources/*.none)")
    (spoilt / "brachyresponse" / "sources" / "data" / "table.npz").touch()
    return extension_files(spoilt) - files_under(install_extension(spoilt, folder))


@pytest.mark.parametrize(
    "lost",
    [
        "brachyresponse/seeds/seeds.py",
        "brachyresponse/sources/data/amersham_6711.json",
        "brachyresponse/sources/data/table.npz",
        "Resources/UI/BrachyDose.ui",
        "Resources/Icons/BrachyDose.png",
    ],
)
def test_a_file_left_behind_is_noticed(left_behind: set[str], lost: str) -> None:
    assert lost in left_behind


def test_a_module_left_out_of_the_extension_is_noticed(spoilt_copy: Path) -> None:
    replace_in(spoilt_copy / "CMakeLists.txt", "add_subdirectory(BrachyDose)", "")
    installed = install_extension(spoilt_copy, spoilt_copy.parent)
    assert "BrachyDose.py" in extension_files(spoilt_copy) - files_under(installed)


def test_two_modules_with_a_resource_of_one_name_do_not_configure(spoilt_copy: Path) -> None:
    shutil.copytree(spoilt_copy / "BrachyDose", spoilt_copy / "Second")
    replace_in(spoilt_copy / "Second" / "CMakeLists.txt", "MODULE_NAME BrachyDose", "MODULE_NAME Second")
    replace_in(spoilt_copy / "CMakeLists.txt", "## NEXT_MODULE", "add_subdirectory(Second)")
    (spoilt_copy / "Second" / "BrachyDose.py").rename(spoilt_copy / "Second" / "Second.py")
    with pytest.raises(AssertionError, match="BrachyDose and Second both install"):
        install_extension(spoilt_copy, spoilt_copy.parent)


def test_no_two_modules_have_a_resource_of_one_name() -> None:
    names = [
        path.relative_to(PROJECT / module).as_posix()
        for module in module_names()
        for path in (PROJECT / module / "Resources").rglob("*")
        if path.is_file()
    ]
    assert sorted(names) == sorted(set(names))
