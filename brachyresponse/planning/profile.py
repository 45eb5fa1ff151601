"""Site profiles: which rules a plan is held to, as tables that a clinic can read and change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning.anatomy import TargetRole
from brachyresponse.planning.record import Record, parse_record, read_record
from brachyresponse.planning.rule_limits import Limits, limited
from brachyresponse.planning.rules import UNITS, Check, PeripheralDose, Rule, Severity

SCHEMA = 1
SUFFIX = ".json"
PROFILE_KEYS = ("schema", "id", "label", "target", "citation", "rules")
RULE_KEYS = (
    "id", "label", "check", "severity", "least", "most", "unit", "source", "verified", "on", "metric",
    "reading", "strict",
)  # fmt: skip
_PROFILES = files("brachyresponse.planning") / "data" / "profiles"


@dataclass(frozen=True)
class SiteProfile:
    """The rules for one site.

    Parameters
    ----------
    id, label
        For programs and for people.
    target
        The target on which the prescription is judged, where a rule does not say otherwise.
    citation
        Where the rules come from.
    rules
        In the order they are shown.
    """

    id: str
    label: str
    target: TargetRole
    citation: str
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id.

        Raises
        ------
        PlanError
            The profile has no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        near = get_close_matches(rule_id, [rule.id for rule in self.rules], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"rules: {', '.join(rule.id for rule in self.rules)}."
        raise PlanError(f"Profile {self.id!r} has no rule {rule_id!r}; {hint}")

    def with_limits(self, limits: Mapping[str, Limits]) -> SiteProfile:
        """Return the profile with other limits for some rules: rule id to (least, most), None for no limit.

        The source of a rule whose limits become others says that they are the clinic's own.

        Raises
        ------
        PlanError
            The profile has no such rule, a limit is not a finite number, or the limits contradict each other.
        """
        changed = {rule_id: limited(self.rule(rule_id), its_limits) for rule_id, its_limits in limits.items()}
        return replace(self, rules=tuple(changed.get(rule.id, rule) for rule in self.rules))


@cache
def available_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that come with the library, sorted."""
    names = (entry.name for entry in _PROFILES.iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def load_profile(name_or_path: str | Path) -> SiteProfile:
    """Return a site profile.

    Parameters
    ----------
    name_or_path
        A name of :func:`available_profiles`, or the path of a JSON file of the same form
        (``brachyresponse/planning/data/README.md`` describes it); what ends in ``.json`` is a path.

    Raises
    ------
    PlanError
        The name is unknown.
    InputFileError
        The file cannot be read, or a field is missing, misspelt or wrong.
    """
    if isinstance(name_or_path, Path) or name_or_path.lower().endswith(SUFFIX):
        return _profile(read_record(Path(name_or_path), SCHEMA))
    if name_or_path not in available_profiles():
        raise PlanError(
            f"There is no site profile {name_or_path!r}: choose one of {', '.join(available_profiles())}, "
            "or give the path of a JSON file."
        )
    text = (_PROFILES / f"{name_or_path}{SUFFIX}").read_text(encoding="utf-8")
    return _profile(parse_record(text, f"{name_or_path}{SUFFIX}", SCHEMA))


def _profile(record: Record) -> SiteProfile:
    record.refuse_misspelt(PROFILE_KEYS)
    rules = tuple(_rule(item) for item in record.records("rules"))
    _check_ids(record, [rule.id for rule in rules])
    return SiteProfile(
        id=record.text("id"),
        label=record.text("label"),
        target=record.choice("target", TargetRole),
        citation=record.text("citation"),
        rules=rules,
    )


def _rule(record: Record) -> Rule:
    record.refuse_misspelt(RULE_KEYS)
    check = record.choice("check", Check)
    unit = record.text("unit", UNITS[check])
    if unit != UNITS[check]:
        raise InputFileError(f"{record.where}: 'unit' is {unit!r}, a {check} rule has its limits in {UNITS[check]!r}.")
    try:
        return Rule(
            id=record.text("id"),
            label=record.text("label"),
            check=check,
            severity=record.choice("severity", Severity),
            least=record.optional_number("least"),
            most=record.optional_number("most"),
            source=record.text("source"),
            verified=record.flag("verified", True),
            on=record.choice("on", TargetRole) if record.has("on") else None,
            metric=record.text("metric", ""),
            reading=record.choice("reading", PeripheralDose, PeripheralDose.PRESCRIPTION),
            strict=record.flag("strict", False),
        )
    except PlanError as error:
        raise InputFileError(f"{record.where}: {error}") from error


def _check_ids(record: Record, ids: list[str]) -> None:
    repeated = {rule_id for rule_id in ids if ids.count(rule_id) > 1}
    if repeated:
        raise InputFileError(f"{record.where}: the rule id {min(repeated)!r} occurs twice; give each rule its own.")
