"""Site profiles: which rules a plan is held to, as tables that a clinic can read and change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import PlanError
from brachyresponse.planning.anatomy import TargetRole
from brachyresponse.planning.profile_rows import refuse_other_unit, refuse_repeated_ids, row_fields
from brachyresponse.planning.record import Record, parse_record, read_record
from brachyresponse.planning.rule_limits import Limits, Row, limited
from brachyresponse.planning.rules import UNITS, Check, PeripheralDose, Rule
from brachyresponse.planning.verification_limits import VERIFICATION_UNITS, VerificationCheck, VerificationLimit

SCHEMA = 1
SUFFIX = ".json"
PROFILE_KEYS = ("schema", "id", "label", "target", "citation", "rules", "verification")
RULE_KEYS = (
    "id", "label", "check", "severity", "least", "most", "unit", "source", "verified", "on", "metric",
    "reading", "strict",
)  # fmt: skip
LIMIT_KEYS = ("id", "label", "check", "severity", "least", "most", "unit", "source", "on", "metric", "strict")
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
        Of a plan, in the order they are shown.
    verification
        Limits of the implant that was made, in the order they are shown; none in a profile that has no such list.
    """

    id: str
    label: str
    target: TargetRole
    citation: str
    rules: tuple[Rule, ...]
    verification: tuple[VerificationLimit, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id.

        Raises
        ------
        PlanError
            The profile has no such rule.
        """
        return _row(self, self.rules, rule_id, "rule")

    def verification_limit(self, limit_id: str) -> VerificationLimit:
        """Return a limit of verification by its id.

        Raises
        ------
        PlanError
            The profile has no such limit.
        """
        return _row(self, self.verification, limit_id, "verification limit")

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

    def with_verification_limits(self, limits: Mapping[str, Limits]) -> SiteProfile:
        """Return the profile with others for some limits of verification; see :meth:`with_limits`."""
        changed = {row: limited(self.verification_limit(row), its_limits) for row, its_limits in limits.items()}
        return replace(self, verification=tuple(changed.get(row.id, row) for row in self.verification))


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
    return _own_profile(name_or_path)


@cache
def _own_profile(name: str) -> SiteProfile:
    text = (_PROFILES / f"{name}{SUFFIX}").read_text(encoding="utf-8")
    return _profile(parse_record(text, f"{name}{SUFFIX}", SCHEMA))


def _profile(record: Record) -> SiteProfile:
    record.refuse_misspelt(PROFILE_KEYS)
    rules = tuple(_rule(item) for item in record.records("rules"))
    limits = tuple(_limit(item) for item in record.records("verification")) if record.has("verification") else ()
    refuse_repeated_ids(record, [rule.id for rule in rules])
    refuse_repeated_ids(record, [limit.id for limit in limits])
    return SiteProfile(
        id=record.text("id"),
        label=record.text("label"),
        target=record.choice("target", TargetRole),
        citation=record.text("citation"),
        rules=rules,
        verification=limits,
    )


def _rule(record: Record) -> Rule:
    record.refuse_misspelt(RULE_KEYS)
    check = record.choice("check", Check)
    refuse_other_unit(record, UNITS[check], f"a {check} rule has its limits")
    with record.locating_errors():
        return Rule(
            **row_fields(record),
            check=check,
            verified=record.flag("verified", True),
            on=record.choice("on", TargetRole) if record.has("on") else None,
            metric=record.text("metric", ""),
            reading=record.choice("reading", PeripheralDose, PeripheralDose.PRESCRIPTION),
        )


def _limit(record: Record) -> VerificationLimit:
    record.refuse_misspelt(LIMIT_KEYS)
    check = record.choice("check", VerificationCheck)
    refuse_other_unit(record, VERIFICATION_UNITS[check], f"a {check} limit is given")
    with record.locating_errors():
        return VerificationLimit(
            **row_fields(record),
            check=check,
            on=record.choice("on", TargetRole) if record.has("on") else None,
            metric=record.text("metric", ""),
        )


def _row(profile: SiteProfile, rows: Sequence[Row], row_id: str, what: str) -> Row:
    for row in rows:
        if row.id == row_id:
            return row
    near = get_close_matches(row_id, [row.id for row in rows], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"{what}s: {', '.join(row.id for row in rows) or 'none'}."
    raise PlanError(f"Profile {profile.id!r} has no {what} {row_id!r}; {hint}")
