"""The library as pip installs it: a wheel in an environment that holds nothing else of ours."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from packages import LIBRARY, PROJECT, build_wheel, copy_of_project, environment_with, packaged_files, run


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return build_wheel(copy_of_project(folder / "project"), folder)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment with the wheel alone."""
    return environment_with(wheel, tmp_path_factory.mktemp("environment"))


def library_files(wheel: Path) -> set[str]:
    """Every file of the wheel but its metadata, relative to the library's folder."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {LIBRARY}, "the wheel holds more than the library"
    return {name.removeprefix(f"{LIBRARY}/") for name in names if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_the_library_and_no_other(wheel: Path) -> None:
    assert library_files(wheel) == packaged_files(PROJECT / LIBRARY)


@pytest.mark.parametrize(
    ("pattern", "lost"), [("**/*.json", "sources/data/amersham_6711.json"), ("**/*.md", "sources/data/README.md")]
)
@pytest.mark.validation
def test_a_kind_of_file_left_off_the_package_data_is_noticed(tmp_path: Path, pattern: str, lost: str) -> None:
    spoilt = copy_of_project(tmp_path / "project")
    settings = (spoilt / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{pattern}"' in settings
    (spoilt / "pyproject.toml").write_text(settings.replace(f'"{pattern}"', '"*.none"'), encoding="utf-8")
    assert lost in packaged_files(spoilt / LIBRARY) - library_files(build_wheel(spoilt, tmp_path))


def test_the_library_is_imported_from_the_environment_and_finds_its_data(python: Path, tmp_path: Path) -> None:
    code = (
        "import brachyresponse.sources as s; print(s.__file__, len([s.load_source(n) for n in s.available_sources()]))"
    )
    place, count = run(python, "-c", code, folder=tmp_path).split()
    assert Path(place).is_relative_to(python.parent.parent)
    assert int(count) >= 17


def test_the_command_line_says_how_it_is_used(python: Path, tmp_path: Path) -> None:
    usage = run(python, "-m", LIBRARY, "--help", folder=tmp_path)
    assert "plan" in usage
    assert "demo" in usage
