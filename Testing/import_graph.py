"""Who imports whom, read from the source without importing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One imported name: ``module`` as it is written after ``import`` or ``from``, ``name`` after the latter."""

    module: str
    name: str
    line: int
    at_file_scope: bool

    @property
    def root(self) -> str:
        """The first part of the module's name: ``scipy`` of ``scipy.ndimage``."""
        return self.module.split(".")[0]


def is_type_checking(node: ast.AST) -> bool:
    """Whether a node is ``if TYPE_CHECKING:``, which never runs."""
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imports_of(path: Path) -> list[Import]:
    """Every import of a file that can run, those inside functions too."""
    return list(_imports_in(path.read_text(encoding="utf-8")))


@cache
def _imports_in(text: str) -> tuple[Import, ...]:
    return tuple(walk(ast.parse(text), at_file_scope=True))


def walk(node: ast.AST, *, at_file_scope: bool) -> Iterator[Import]:
    """Yield the imports under a node."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            continue
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, "", child.lineno, at_file_scope) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            module = "." * child.level + (child.module or "")
            yield from (Import(module, alias.name, child.lineno, at_file_scope) for alias in child.names)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, at_file_scope=at_file_scope and not inside)


def module_name(path: Path, root: Path) -> str:
    """Dotted name of a file below the folder that is on the path."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(paths: Iterable[Path], root: Path) -> dict[str, set[str]]:
    """Files of one package and those of its files that each imports when it is itself imported."""
    files = {module_name(path, root): path for path in paths}
    graph: dict[str, set[str]] = {}
    for name, path in files.items():
        wanted = (item for item in imports_of(path) if item.at_file_scope)
        # `from package import x`: x may be a file of its own.
        found = (
            f"{item.module}.{item.name}" if f"{item.module}.{item.name}" in files else item.module for item in wanted
        )
        graph[name] = {other for other in found if other in files and other != name}
    return graph


def find_cycle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of imports, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
