"""Dependencies point down only: module files, panel, scene, pictures, core; and an import costs little."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from import_graph import Import, find_cycle, import_graph, imports_of, module_name
from packages import module_names
from reference import PROJECT

LIBRARY = PROJECT / "brachyresponse"
SLICER = {"slicer", "vtkAddon"}
VTK = {"vtk", "vtkmodules"}
QT = {"qt", "ctk", "PySide6", "PyQt5", "PyQt6", "PySide2"}
HEAVY = {"scipy", "SimpleITK", "pydicom"}
NEVER = {"matplotlib", "pandas", "numba", "PIL", "sklearn", "torch", "skimage"}

LIBRARY_FILES = sorted(LIBRARY.rglob("*.py"))
MODULE_FILES = [PROJECT / name / f"{name}.py" for name in module_names()]
ALL_FILES = [
    path
    for folder in ["brachyresponse", "Testing", "Benchmarks", *module_names()]
    for path in sorted((PROJECT / folder).rglob("*.py"))
]


def layer_of(path: Path) -> str:
    """``slicer_panel``, ``scene``, ``pictures`` or ``core``."""
    subject = path.relative_to(LIBRARY).parts[0]
    return subject if subject in {"slicer_panel", "scene", "pictures"} else "core"


def files_of(layer: str) -> list[Path]:
    return [path for path in LIBRARY_FILES if layer_of(path) == layer]


def breaches(paths: list[Path], forbidden: set[str]) -> list[str]:
    """Where files import what they must not, as file:line and what."""
    return [
        f"{path.relative_to(PROJECT)}:{item.line} imports {item.root}"
        for path in paths
        for item in imports_of(path)
        if item.root in forbidden
    ]


def test_the_core_imports_neither_slicer_nor_vtk_nor_qt() -> None:
    assert breaches(files_of("core"), SLICER | VTK | QT) == []


def test_pictures_import_neither_slicer_nor_qt() -> None:
    assert breaches(files_of("pictures"), SLICER | QT) == []


def test_the_scene_imports_no_qt() -> None:
    assert breaches(files_of("scene"), QT) == []


@pytest.mark.parametrize(
    ("upper", "users"),
    [("brachyresponse.scene", {"scene", "slicer_panel"}), ("brachyresponse.slicer_panel", {"slicer_panel"})],
)
def test_nothing_below_imports_what_is_for_slicer_only(upper: str, users: set[str]) -> None:
    below = [path for path in LIBRARY_FILES if layer_of(path) not in users]
    assert [path for path in below for item in imports_of(path) if item.module.startswith(upper)] == []


def test_nothing_imports_the_command_line_but_itself() -> None:
    others = [
        path for path in LIBRARY_FILES if path.relative_to(LIBRARY).parts[0] not in {"command_line", "__main__.py"}
    ]
    assert [path for path in others for item in imports_of(path) if "command_line" in item.module] == []


def test_the_shared_panel_computes_nothing() -> None:
    assert breaches(files_of("slicer_panel"), HEAVY) == []


def test_the_library_imports_no_module_of_the_extension() -> None:
    assert breaches(LIBRARY_FILES, set(module_names())) == []


def test_no_file_imports_what_slicer_does_not_bundle() -> None:
    assert breaches(ALL_FILES, NEVER) == []


def test_the_library_has_no_circle_of_imports() -> None:
    assert find_cycle(import_graph(LIBRARY_FILES, PROJECT)) == []


def test_imports_are_written_in_full() -> None:
    relative = [path for path in LIBRARY_FILES for item in imports_of(path) if item.module.startswith(".")]
    assert relative == []


@pytest.mark.parametrize("path", MODULE_FILES, ids=lambda path: path.stem)
def test_a_module_file_imports_nothing_heavy_at_file_scope(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | SLICER | VTK | {"numpy", "brachyresponse"}
    strange = [item for item in imports_of(path) if item.at_file_scope and item.root not in allowed]
    assert strange == []


def subpackages() -> Iterator[str]:
    """The library and each subject of its core, by dotted name."""
    yield "brachyresponse"
    for path in files_of("core"):
        name = module_name(path, PROJECT)
        if name.count(".") == 1 and not name.endswith("__main__"):
            yield name


def loaded_by(*names: str) -> dict[str, set[str]]:
    """First names of all that a new Python has loaded after each import, nothing of the library left of those before.

    What one of them loads beside the library stays loaded for the next.
    """
    code = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    print(name, *sorted({module.split(".")[0] for module in sys.modules}))
    for module in [module for module in sys.modules if module.split(".")[0] == "brachyresponse"]:
        del sys.modules[module]
"""
    command = [sys.executable, "-c", code, *names]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: set(loaded) for name, *loaded in rows}


def test_importing_a_subject_of_the_core_loads_numpy_at_most() -> None:
    names = sorted(set(subpackages()))
    loaded = loaded_by(*names)
    assert {name: loaded[name] & (HEAVY | SLICER | VTK | QT) for name in names} == {name: set() for name in names}


def test_importing_the_library_loads_not_even_numpy_and_takes_under_50_ms() -> None:
    assert "numpy" not in loaded_by("brachyresponse")["brachyresponse"]
    assert min(import_milliseconds("brachyresponse") for _ in range(5)) < 50  # the best: others share the machine


def import_milliseconds(name: str) -> float:
    """Time of one import in a new Python, from the interpreter's own account."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {name}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    line = re.search(rf"\|\s*(\d+)\s*\|\s*{re.escape(name)}$", done.stderr, flags=re.MULTILINE)
    assert line is not None, done.stderr
    return int(line[1]) / 1000


class TestTheChecksThemselves:
    """Each check fails on a file that breaks its rule."""

    @staticmethod
    def imports(source: str, folder: Path) -> list[Import]:
        path = folder / "example.py"
        path.write_text(source, encoding="utf-8")
        return imports_of(path)

    def test_an_import_inside_a_function_is_seen_and_is_not_at_file_scope(self, tmp_path: Path) -> None:
        found = self.imports("def f():\n    import vtk.util\n", tmp_path)
        assert [(item.root, item.at_file_scope) for item in found] == [("vtk", False)]

    def test_an_import_in_a_class_or_a_try_is_at_file_scope(self, tmp_path: Path) -> None:
        found = self.imports(
            "try:\n    import scipy\nexcept ImportError:\n    pass\nclass A:\n    import qt\n", tmp_path
        )
        assert [(item.root, item.at_file_scope) for item in found] == [("scipy", True), ("qt", True)]

    def test_an_import_for_type_checking_only_is_not_seen(self, tmp_path: Path) -> None:
        assert self.imports("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import vtk\n", tmp_path)[1:] == []

    def test_a_circle_through_a_package_is_found(self, tmp_path: Path) -> None:
        package = tmp_path / "library"
        package.mkdir()
        (package / "__init__.py").write_text("from library.a import x\n", encoding="utf-8")
        (package / "a.py").write_text("from library import b\n", encoding="utf-8")
        (package / "b.py").write_text("import library.a\n", encoding="utf-8")
        graph = import_graph(package.glob("*.py"), tmp_path)
        assert set(find_cycle(graph)) == {"library.a", "library.b"}

    def test_every_file_of_the_project_can_be_read(self) -> None:
        assert all(ast.parse(path.read_text(encoding="utf-8")) for path in ALL_FILES)
