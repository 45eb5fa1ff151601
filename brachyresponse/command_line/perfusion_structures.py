"""Structures of a perfusion study: names in one file, or files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.command_line.inputs import Labels, read_labels
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure

SUFFIXES = (".seg.nrrd", ".nii.gz", ".nrrd", ".nii")


@dataclass(frozen=True, eq=False)
class NamedStructures:
    """The structures of ``--structures``, and a way to those in files of their own."""

    labels: Labels
    notes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path | None, names: Mapping[int, str]) -> NamedStructures:
        """Return the structures of a file; none without a file."""
        labels = Labels({}, ()) if path is None else read_labels(path, names)
        return cls(labels, labels.notes)

    def optional(self, name: str | None) -> Structure | None:
        """Return a structure; None without a name."""
        return None if name is None else self.one(name)

    def one(self, name: str) -> Structure:
        """Return the structure of a name, or the only one of a file.

        Raises
        ------
        StructureError
            It is empty.
        InputFileError
            There is none of this name and no such file, or the file holds several.
        """
        self.labels.refuse_empty([name])
        if name in self.labels.structures:
            return self.labels.structures[name]
        path = Path(name)
        if not path.is_file():
            listed = ", ".join(self.labels.structures) or "none: give --structures"
            raise InputFileError(f"There is no structure and no file {name!r}; structures: {listed}.")
        found = read_labels(path, {})
        found.refuse_empty(found.empty)
        if len(found.structures) != 1:
            raise InputFileError(
                f"{path.name!r} holds {len(found.structures)} structures, expected 1: give the file with --structures "
                "and the structure by its name."
            )
        (structure,) = found.structures.values()
        return replace(structure, name=_stem(path)) if structure.name.startswith("label ") else structure


def _stem(path: Path) -> str:
    suffix = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), path.suffix)
    return path.name[: len(path.name) - len(suffix)]
