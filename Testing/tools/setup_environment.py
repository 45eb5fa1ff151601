"""Make a virtual environment from a lock file, or say what the machine lacks and how to get it.

    python3 setup_environment.py LOCK ENVIRONMENT
    python3 setup_environment.py --missing LOCK      names of the Debian packages to install, on one line

Needs nothing but Python. Written for any Python 3.7, so that an old one is told what to get instead of a syntax error.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13")

# What the wheels of vtk, slicer-core and Qt load from the system, and the Debian package that has it.
GRAPHICS_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libbrotlidec.so.1": "libbrotli1",
    "libzstd.so.1": "libzstd1",
}
SOFTWARE_RENDERER = "libgl1-mesa-dri"

# Renders off the screen and draws a Qt widget: fails here, with a reason, rather than in the middle of a test.
RENDERING_CHECK = """
import vtk
from PySide6 import QtWidgets
application = QtWidgets.QApplication([])
window = vtk.vtkRenderWindow()
window.SetOffScreenRendering(True)
window.AddRenderer(vtk.vtkRenderer())
window.Render()
assert window.SupportsOpenGL(), window.ReportCapabilities()
"""


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def draws(lock: Path) -> bool:
    """Whether the lock file holds packages that need the graphics libraries."""
    return "vtk==" in lock.read_text(encoding="utf-8")


def missing_packages(lock: Path) -> list[str]:
    """Debian packages that the environment needs and the machine lacks."""
    packages = []
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv")
    if sys.platform == "linux" and draws(lock):
        packages += [package for library, package in GRAPHICS_LIBRARIES.items() if not loads(library)]
    return packages


def check_machine(lock: Path) -> None:
    """Stop with what to install, before anything is downloaded."""
    if sys.version_info < OLDEST_PYTHON:
        others = [name for name in NEWER_PYTHONS if shutil.which(name)]
        cure = f"run `make setup PYTHON={others[0]}`" if others else "install Python 3.11 and its venv module"
        sys.exit(f"setup: Python {sys.version.split()[0]} is too old, 3.11 or newer is needed: {cure}.")
    packages = missing_packages(lock)
    if packages:
        needed = [library for library, package in GRAPHICS_LIBRARIES.items() if package in packages]
        needed += ["Python's venv"] if "python3-venv" in packages else []
        sys.exit(
            f"setup: the machine lacks {', '.join(needed)}.\n"
            f"On Debian or Ubuntu:  sudo apt-get update && sudo apt-get install --yes {' '.join(packages)}\n"
            "Elsewhere: install the packages that hold them."
        )
    if shutil.which("cmake") is None:
        print("setup: no cmake here, so the packaging tests will be skipped (Debian: apt-get install cmake).")


def install(lock: Path, environment: Path, stamp: Path) -> None:
    """Make the environment and put the pinned packages into it."""
    outdated = ["--clear"] if stamp.exists() else []
    subprocess.run([sys.executable, "-m", "venv", *outdated, str(environment)], check=True)
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(
        f"setup: installing {count} packages of {lock} into {environment}, which takes a minute or a few.", flush=True
    )
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # The lock names every package, so nothing is left to resolve; `check` then holds it to the packages' own needs.
    installed = subprocess.run([*pip, "install", "--no-deps", "--requirement", str(lock)], check=False)
    if installed.returncode:
        sys.exit(
            f"setup: pip could not install {lock} (its reason stands above). It needs a package index: a network, "
            "or PIP_INDEX_URL or PIP_FIND_LINKS set to one that can be reached."
        )
    subprocess.run([*pip, "check"], check=True, stdout=subprocess.DEVNULL)


def check_rendering(environment: Path) -> None:
    """Stop with the cure when pictures cannot be drawn off the screen."""
    variables = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    if sys.platform == "linux":
        variables["VTK_DEFAULT_OPENGL_WINDOW"] = "vtkEGLRenderWindow"
    command = [str(environment / "bin" / "python"), "-c", RENDERING_CHECK]
    check = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
    if check.returncode:
        sys.exit(
            f"{check.stderr.strip()}\nsetup: everything is installed, but a picture cannot be drawn off the screen. "
            f"A software renderer cures it (Debian: sudo apt-get install --yes {SOFTWARE_RENDERER})."
        )


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lock", type=Path, help="file of pinned packages")
    parser.add_argument("environment", type=Path, nargs="?", help="folder of the virtual environment")
    parser.add_argument("--missing", action="store_true", help="only name the Debian packages that are missing")
    options = parser.parse_args()
    if options.missing:
        print(*missing_packages(options.lock))
        return
    if options.environment is None:
        parser.error("the folder of the virtual environment is missing")
    stamp = options.environment / "lock.sha256"
    wanted = hashlib.sha256(options.lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    check_machine(options.lock)
    install(options.lock, options.environment, stamp)
    if draws(options.lock):
        check_rendering(options.environment)
    stamp.write_text(wanted, encoding="utf-8")
    print(f"setup: {options.environment} is ready.")


if __name__ == "__main__":
    main()
