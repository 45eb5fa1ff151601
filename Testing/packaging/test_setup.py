"""Setting up: what is missing is named with its cure before anything is downloaded, and the pins agree."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from packages import PROJECT
from tools import setup_environment

ENVIRONMENT = PROJECT / "requirements" / "environment.txt"
OLDEST = PROJECT / "requirements" / "oldest.txt"


def pins(lock: Path) -> dict[str, str]:
    """Pinned version of each package of a lock file, by its name in lower case."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


def test_an_old_python_is_told_what_to_get(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"too old, 3\.11 or newer is needed: (run|install)"):
        setup_environment.check_machine(ENVIRONMENT)


def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(setup_environment, "loads", lambda library: library != "libEGL.so.1")
    with pytest.raises(SystemExit, match="apt-get install --yes libegl1\n"):
        setup_environment.check_machine(ENVIRONMENT)


def test_a_missing_venv_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = setup_environment.importlib.util.find_spec
    monkeypatch.setattr(
        setup_environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
    )
    with pytest.raises(SystemExit, match="apt-get install --yes python3-venv"):
        setup_environment.check_machine(OLDEST)


def test_the_library_alone_needs_no_graphics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_environment, "loads", lambda library: False)
    assert setup_environment.missing_packages(OLDEST) == []


def test_an_environment_of_the_same_lock_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def install(lock: Path, environment: Path, stamp: Path) -> None:
        environment.mkdir()
        made.append(environment)

    monkeypatch.setattr(setup_environment, "install", install)
    monkeypatch.setattr(sys, "argv", ["setup_environment.py", str(OLDEST), str(tmp_path / "environment")])
    setup_environment.main()
    setup_environment.main()
    assert made == [tmp_path / "environment"]


@pytest.mark.parametrize("lock", [ENVIRONMENT, OLDEST], ids=lambda lock: lock.stem)
def test_every_package_is_pinned_once(lock: Path) -> None:
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in lines)
    assert len(pins(lock)) == len(lines)


def test_the_oldest_environment_has_the_lower_bounds_that_the_library_declares() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = dict(dependency.lower().split(">=") for dependency in project["dependencies"])
    assert {name: pins(OLDEST)[name] for name in bounds} == bounds


def test_the_environment_s_setuptools_can_build_the_wheel() -> None:
    required = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    lowest, above = re.fullmatch(r"setuptools>=(\d+),<(\d+)", required[0]).groups()
    assert int(lowest) <= int(pins(ENVIRONMENT)["setuptools"].split(".")[0]) < int(above)
