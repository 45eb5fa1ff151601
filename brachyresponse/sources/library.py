"""The seed models that come with the library, and models of the user's own."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import SourceError, reason_of
from brachyresponse.sources.reading import parse_source
from brachyresponse.sources.source import Source

SUFFIX = ".json"
_DATA = files("brachyresponse.sources") / "data"


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(entry.name.removesuffix(SUFFIX) for entry in _DATA.iterdir() if entry.name.endswith(SUFFIX)))


def available_sources() -> list[str]:
    """Return the names of the seed models that come with the library, sorted."""
    return list(_names())


def load_source(name_or_json_path: str | Path) -> Source:
    """Return the TG-43 data of a seed model.

    Parameters
    ----------
    name_or_json_path
        A name of :func:`available_sources`, or the path of a JSON file of the same form as the library's own
        (``brachyresponse/sources/data/README.md`` describes it); what ends in ``.json`` or names a folder is a path.

    Raises
    ------
    SourceError
        The name is unknown (the nearest ones are suggested), the file cannot be read, or a field is not valid.
    """
    path = Path(name_or_json_path)
    if isinstance(name_or_json_path, Path) or path.suffix.lower() == SUFFIX or path.name != name_or_json_path:
        return _load_file(path)
    return _load_shipped(name_or_json_path)


@cache
def _load_shipped(name: str) -> Source:
    if name not in _names():
        raise SourceError(f"There is no source {name!r}{_suggestion(name)}; models: {', '.join(_names())}.")
    return parse_source((_DATA / f"{name}{SUFFIX}").read_text(encoding="utf-8"), name=name, where=name)


def _suggestion(name: str) -> str:
    lowered = name.lower()
    near = [known for known in _names() if lowered and lowered in known]
    near += [known for known in get_close_matches(lowered, _names(), n=3, cutoff=0.4) if known not in near]
    return f", did you mean {' or '.join(map(repr, near[:3]))}?" if near else ""


def _load_file(path: Path) -> Source:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"The source file {str(path)!r} cannot be read: {reason_of(error)}.") from error
    return parse_source(text, name=path.stem, where=str(path))
