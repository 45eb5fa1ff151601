"""Build what users install, from the project or from a copy of it: the extension's install tree and the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
STUB_SLICER = PROJECT / "Testing" / "packaging" / "stub_slicer"
LIBRARY = "brachyresponse"
SCRIPTED_MODULES = Path("lib/Slicer-5.12/qt-scripted-modules")

# In the source folders, but no part of what is installed.
LEFT_OUT_NAMES = {"CMakeLists.txt", ".DS_Store"}
LEFT_OUT_FOLDERS = {"__pycache__"}

needs_cmake = pytest.mark.skipif(shutil.which("cmake") is None, reason="no cmake on this machine")


def module_names(project: Path = PROJECT) -> list[str]:
    """Names of the extension's modules: the folders that hold a Python file of their own name."""
    return sorted(path.parent.name for path in project.glob("*/*.py") if path.stem == path.parent.name)


def packaged_files(folder: Path) -> set[str]:
    """Every file under a source folder that has to be in the package, relative to it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in LEFT_OUT_NAMES)
    relative = (path.relative_to(folder) for path in files)
    return {path.as_posix() for path in relative if not LEFT_OUT_FOLDERS.intersection(path.parts)}


def extension_files(project: Path) -> set[str]:
    """Every file that the installed extension needs, relative to Slicer's folder of scripted modules."""
    library = {f"{LIBRARY}/{name}" for name in packaged_files(project / LIBRARY)}
    modules = (packaged_files(project / name) for name in module_names(project))
    return library.union(*modules)


def files_under(folder: Path) -> set[str]:
    """Every file under a folder, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def copy_of_project(folder: Path) -> Path:
    """Copy what is packaged, and what says how, so that a build leaves nothing in the project and can be spoilt."""
    ignore = shutil.ignore_patterns(*LEFT_OUT_FOLDERS)
    for name in [LIBRARY, *module_names()]:
        shutil.copytree(PROJECT / name, folder / name, ignore=ignore)
    for name in ["CMakeLists.txt", "pyproject.toml", "README.md", "LICENSE.txt"]:
        shutil.copy(PROJECT / name, folder / name)
    return folder


def run(*command: str | Path, folder: Path, python_path: tuple[Path, ...] = ()) -> str:
    """Run a command outside the project, with no other Python path; returns what it printed, or fails with it."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    variables |= {"PYTHONPATH": os.pathsep.join(map(str, python_path)), "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = [str(part) for part in command]
    done = subprocess.run(arguments, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def install_extension(project: Path, folder: Path) -> Path:
    """Configure, build and install against the stub of Slicer; returns the folder of scripted modules."""
    no_compilers = [
        f"-DCMAKE_{language}_COMPILER{rest}" for language in ("C", "CXX") for rest in ("=true", "_FORCED=1")
    ]
    build, prefix = folder / "build", folder / "install"
    options = [f"-DSlicer_DIR={STUB_SLICER}", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DBUILD_TESTING=ON", *no_compilers]
    run("cmake", "-S", project, "-B", build, *options, folder=folder)
    run("cmake", "--build", build, folder=folder)
    run("cmake", "--install", build, folder=folder)
    return prefix / SCRIPTED_MODULES


def build_wheel(project: Path, folder: Path) -> Path:
    """Build the library's wheel without a network; returns its path."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    run(*command, "--wheel-dir", folder, project, folder=folder)
    return next(folder.glob("*.whl"))


def environment_with(wheel: Path, folder: Path) -> Path:
    """Install a wheel, and nothing else, into a new environment; returns its Python.

    The packages that it depends on are seen from the environment of the tests, where the library is not installed.
    """
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=folder)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
    run(*pip, wheel, folder=folder)
    site_packages = next(environment.glob("lib/python*/site-packages"))
    dependencies = Path(pytest.__file__).parent.parent
    (site_packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return python
