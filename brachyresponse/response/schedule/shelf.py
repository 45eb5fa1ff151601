"""JSON files of one kind that come with the library, and the user's own beside them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from brachyresponse.errors import ResponseError
from brachyresponse.planning.record import Record, parse_record, read_record

SCHEMA = 1
SUFFIX = ".json"


@dataclass(frozen=True)
class Shelf:
    """The files of one folder of ``data``; ``noun`` is what one of them is called."""

    folder: str
    noun: str

    def names(self) -> tuple[str, ...]:
        """Return the ids of what comes with the library, sorted."""
        entries = (entry.name for entry in self._path.iterdir())
        return tuple(sorted(name.removesuffix(SUFFIX) for name in entries if name.endswith(SUFFIX)))

    def record(self, id_or_path: str | Path) -> Record:
        """Return one by its id, or read the file of a path; what ends in ``.json`` is a path.

        Raises
        ------
        ResponseError
            The id is unknown.
        InputFileError
            The file cannot be read, or is no JSON of this schema.
        """
        if isinstance(id_or_path, Path) or id_or_path.lower().endswith(SUFFIX):
            return read_record(Path(id_or_path), SCHEMA)
        known = self.names()
        if id_or_path not in known:
            near = get_close_matches(id_or_path, known, n=1)
            hint = f"did you mean {near[0]!r}? Or give" if near else f"choose one of {', '.join(known)}, or give"
            raise ResponseError(f"There is no {self.noun} {id_or_path!r}; {hint} the path of a JSON file.")
        text = self._path.joinpath(f"{id_or_path}{SUFFIX}").read_text(encoding="utf-8")
        return parse_record(text, f"{id_or_path}{SUFFIX}", SCHEMA)

    @property
    def _path(self) -> Traversable:
        return files("brachyresponse.response.schedule").joinpath("data", self.folder)
