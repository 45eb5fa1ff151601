"""Site profiles of balloon plans: tables that a clinic can read and change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import PlanError
from brachyresponse.planning.balloon.rules import BALLOON_UNITS, BalloonCheck, BalloonRule
from brachyresponse.planning.profile_rows import refuse_other_unit, refuse_repeated_ids, row_fields
from brachyresponse.planning.record import Record, parse_record, read_record

SCHEMA = 1
SUFFIX = ".json"
DEFAULT_PROFILE = "gliasite"
PROFILE_KEYS = ("schema", "id", "label", "citation", "rules")
RULE_KEYS = ("id", "label", "check", "severity", "least", "most", "unit", "source", "strict")
_PROFILES = files("brachyresponse.planning.balloon") / "data/profiles"


@dataclass(frozen=True)
class BalloonProfile:
    """The rules for balloon plans: ``id`` and ``label``, where they come from, and the rows in the order shown."""

    id: str
    label: str
    citation: str
    rules: tuple[BalloonRule, ...]


@cache
def available_balloon_profiles() -> tuple[str, ...]:
    """Return the names of the balloon profiles that come with the library, sorted."""
    names = (entry.name for entry in _PROFILES.iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def load_balloon_profile(name_or_path: str | Path = DEFAULT_PROFILE) -> BalloonProfile:
    """Return a balloon profile: one of :func:`available_balloon_profiles`, or of a JSON file of the same form.

    Raises
    ------
    PlanError
        The name is unknown.
    InputFileError
        The file cannot be read, or a field is missing, misspelt or wrong.
    """
    if isinstance(name_or_path, Path) or name_or_path.lower().endswith(SUFFIX):
        return _profile(read_record(Path(name_or_path), SCHEMA))
    if name_or_path not in available_balloon_profiles():
        raise PlanError(
            f"There is no balloon profile {name_or_path!r}: choose one of {', '.join(available_balloon_profiles())}, "
            "or give the path of a JSON file."
        )
    text = (_PROFILES / f"{name_or_path}{SUFFIX}").read_text(encoding="utf-8")
    return _profile(parse_record(text, f"{name_or_path}{SUFFIX}", SCHEMA))


def _profile(record: Record) -> BalloonProfile:
    record.refuse_misspelt(PROFILE_KEYS)
    rules = tuple(_rule(item) for item in record.records("rules"))
    refuse_repeated_ids(record, [rule.id for rule in rules])
    return BalloonProfile(record.text("id"), record.text("label"), record.text("citation"), rules)


def _rule(record: Record) -> BalloonRule:
    record.refuse_misspelt(RULE_KEYS)
    check = record.choice("check", BalloonCheck)
    refuse_other_unit(record, BALLOON_UNITS[check], f"a {check} rule is")
    with record.locating_errors():
        return BalloonRule(check=check, **row_fields(record))
