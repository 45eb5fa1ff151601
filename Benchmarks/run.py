"""Measure what users wait for, and print it as a table with the machine it was measured on.

    python Benchmarks/run.py [PART OF A NAME ...]

Every file ``bench_*.py`` beside this one has functions ``bench_*()`` without arguments. Each returns a ``Figure`` or a
list of them, measures with ``seconds`` and ``peak_megabytes``, and runs in a process of its own, so that neither
memory nor caches of one reach the next.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent
PROJECT = FOLDER.parent


def benchmarks_of(path: Path) -> dict[str, Callable[[], object]]:
    """The benchmarks of one file, by name and in the file's order."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as Python.")
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if name.startswith("bench_") and callable(value)}


def machine() -> str:
    """The processor, the cores that may be used, and the versions that matter for speed."""
    names = [line.split(":")[1].strip() for line in cpu_lines() if line.startswith("model name")]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    return f"{(names or [platform.processor()])[0]}, {cores} cores; Python {platform.python_version()}, {packages}"


def cpu_lines() -> Iterable[str]:
    """Linux's account of the processor; nothing elsewhere."""
    account = Path("/proc/cpuinfo")
    return account.read_text(encoding="utf-8").splitlines() if account.exists() else []


def run_one(path: Path, name: str) -> None:
    """Run one benchmark in this process and print its rows."""
    result = benchmarks_of(path)[name]()
    for figure in result if isinstance(result, Iterable) else [result]:
        print(figure)


def run_all(wanted: list[str]) -> int:
    """Run each benchmark in a process of its own; returns how many failed."""
    print(f"{machine()}\n\n| what | measured | limit | |\n| --- | --- | --- | --- |", flush=True)
    variables = dict(os.environ, PYTHONPATH=os.pathsep.join([str(PROJECT), str(FOLDER), str(PROJECT / "Testing")]))
    failed = 0
    for path in sorted(FOLDER.glob("bench_*.py")):
        for name in benchmarks_of(path):
            if not wanted or any(word in f"{path.stem}.{name}" for word in wanted):
                command = [sys.executable, str(FOLDER / "run.py"), "--one", str(path), name]
                failed += subprocess.run(command, env=variables, check=False).returncode != 0
    return failed


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wanted", nargs="*", help="run only benchmarks whose name holds one of these words")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(Path(options.wanted[0]), options.wanted[1])
        return
    sys.path[:0] = [str(PROJECT), str(FOLDER), str(PROJECT / "Testing")]
    sys.exit(min(run_all(options.wanted), 1))


if __name__ == "__main__":
    main()
