"""Whether the series of a visit are those that an imaging protocol asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.response.schedule.series import SeriesFacts
from brachyresponse.response.schedule.shelf import Shelf
from brachyresponse.response.schedule.vocabulary import ProtocolVerdict, SeriesKind, SlicePlane

Word = TypeVar("Word", bound=StrEnum)

B_TOLERANCE = 0.05
"""Share by which a b-value may differ from the one asked for; convention of this software."""
PROTOCOL_KEYS = (
    "schema", "id", "title", "source", "max_slice_thickness_mm", "isotropic_ratio", "isotropic_source", "sequences",
    "advanced",
)  # fmt: skip
_PROTOCOLS = Shelf("protocols", noun="imaging protocol")
_BEST_FIRST = (ProtocolVerdict.PRESENT, ProtocolVerdict.DEVIATES, ProtocolVerdict.NOT_KNOWN)


@dataclass(frozen=True)
class SequenceRule:
    """A sequence that a protocol asks for, with its planes and b-values."""

    kind: SeriesKind
    planes: tuple[SlicePlane, ...]
    b_values: tuple[float, ...] = ()

    def describe(self) -> str:
        """Return it in words, as ``DWI axial, b 0 and 1000 s/mm²``."""
        b_values = f", b {' and '.join(f'{b:g}' for b in self.b_values)} s/mm²" if self.b_values else ""
        return f"{self.kind} {' and '.join(self.planes)}{b_values}"


@dataclass(frozen=True)
class ImagingProtocol:
    """The sequences of a visit."""

    id: str
    title: str
    source: str
    max_slice_thickness_mm: float
    isotropic_ratio: float
    sequences: tuple[SequenceRule, ...]
    advanced: tuple[SeriesKind, ...] = ()


@dataclass(frozen=True)
class ProtocolRow:
    """One sequence in one plane; ``plane`` is None for what has none, ``found`` the series that was taken for it."""

    kind: SeriesKind
    plane: SlicePlane | None
    found: str
    verdict: ProtocolVerdict
    sentence: str


@dataclass(frozen=True)
class ProtocolCheck:
    """All rows, and in a sentence what is missing or deviates."""

    protocol: ImagingProtocol
    rows: tuple[ProtocolRow, ...]
    sentence: str

    @property
    def is_complete(self) -> bool:
        """Whether all that is asked for is there as it is asked for."""
        return all(row.verdict in (ProtocolVerdict.PRESENT, ProtocolVerdict.NOT_ASKED) for row in self.rows)


def load_protocol(id_or_path: str | Path) -> ImagingProtocol:
    """Return an imaging protocol of the library by its id, or that of a JSON file (what ends in ``.json``).

    Raises
    ------
    ResponseError
        The id is unknown.
    InputFileError
        The file cannot be read, or a field is missing, unknown or wrong.
    """
    return _protocol(_PROTOCOLS.record(id_or_path))


def check_protocol(
    series: Sequence[SeriesFacts],
    protocol: ImagingProtocol | str = "gliasite_mri",
    *,
    is_advanced_called_for: bool = False,
) -> ProtocolCheck:
    """Hold the series of a visit against an imaging protocol.

    A sequence counts in a plane when its slices lie in it, or when it is a 3D isotropic series, from which every plane
    can be cut. Of several series the best one is taken.

    Parameters
    ----------
    is_advanced_called_for
        Whether the picture is ambiguous, so that perfusion and spectroscopy are asked for.

    Raises
    ------
    ResponseError
        There is no such protocol.
    """
    protocol = load_protocol(protocol) if isinstance(protocol, str) else protocol
    rows = [_row(series, rule, plane, protocol) for rule in protocol.sequences for plane in rule.planes]
    rows += [_advanced_row(series, kind, is_advanced_called_for) for kind in protocol.advanced]
    lacking = [row.sentence for row in rows if row.verdict not in (ProtocolVerdict.PRESENT, ProtocolVerdict.NOT_ASKED)]
    sentence = " ".join(lacking) or f"The visit has all that {protocol.title!r} asks for."
    return ProtocolCheck(protocol, tuple(rows), sentence)


def _row(
    series: Sequence[SeriesFacts], rule: SequenceRule, plane: SlicePlane, protocol: ImagingProtocol
) -> ProtocolRow:
    of_kind = [each for each in series if each.kind is rule.kind]
    if not of_kind:
        is_computable = rule.kind is SeriesKind.ADC and any(each.kind is SeriesKind.DWI for each in series)
        more = "; it can be computed from the DWI" if is_computable else ""
        return ProtocolRow(rule.kind, plane, "", ProtocolVerdict.MISSING, f"{rule.kind} {plane} is missing{more}.")
    rows = [_judged(each, rule, plane, protocol) for each in of_kind]
    best = min(rows, key=lambda row: _BEST_FIRST.index(row.verdict))
    return _with_b_values(best, of_kind, rule) if best.verdict is ProtocolVerdict.PRESENT else best


def _judged(each: SeriesFacts, rule: SequenceRule, plane: SlicePlane, protocol: ImagingProtocol) -> ProtocolRow:
    """How one series of the kind serves for one plane."""
    verdict, why = _plane_verdict(each, plane, protocol)
    thickness_mm = each.thickness_mm
    if verdict is ProtocolVerdict.PRESENT and thickness_mm is None:
        verdict, why = ProtocolVerdict.NOT_KNOWN, "its slice thickness is not known"
    elif verdict is ProtocolVerdict.PRESENT and (thickness_mm or 0) > protocol.max_slice_thickness_mm:
        verdict = ProtocolVerdict.DEVIATES
        why = f"its slices are {thickness_mm:g} mm, at most {protocol.max_slice_thickness_mm:g} mm are asked for"
    return ProtocolRow(rule.kind, plane, each.name, verdict, f"{rule.kind} {plane}: {each.name!r}, {why}.")


def _plane_verdict(each: SeriesFacts, plane: SlicePlane, protocol: ImagingProtocol) -> tuple[ProtocolVerdict, str]:
    if each.plane is plane:
        return ProtocolVerdict.PRESENT, f"{plane} slices"
    if each.is_isotropic(protocol.isotropic_ratio):
        return ProtocolVerdict.PRESENT, "a 3D isotropic series, from which the plane can be cut"
    if each.plane is None:
        return ProtocolVerdict.NOT_KNOWN, "its plane is not known"
    return ProtocolVerdict.DEVIATES, f"its slices are {each.plane}, and it is not a 3D isotropic series"


def _with_b_values(row: ProtocolRow, of_kind: Sequence[SeriesFacts], rule: SequenceRule) -> ProtocolRow:
    """The row, held against the b-values of all series of the kind together: each may have one of them."""
    found = sorted({b for each in of_kind for b in each.b_values})
    if all(any(abs(b - value) <= B_TOLERANCE * b for value in found) for b in rule.b_values):
        return row
    asked = " and ".join(f"{b:g}" for b in rule.b_values)
    if not found:
        sentence = f"{rule.kind}: its b-values are not known, {asked} s/mm² are asked for."
        return replace(row, verdict=ProtocolVerdict.NOT_KNOWN, sentence=sentence)
    sentence = f"{rule.kind}: its b-values are {', '.join(f'{b:g}' for b in found)} s/mm², {asked} are asked for."
    return replace(row, verdict=ProtocolVerdict.DEVIATES, sentence=sentence)


def _advanced_row(series: Sequence[SeriesFacts], kind: SeriesKind, is_called_for: bool) -> ProtocolRow:
    found = next((each.name for each in series if each.kind is kind), "")
    if found:
        return ProtocolRow(kind, None, found, ProtocolVerdict.PRESENT, f"{str(kind).capitalize()}: {found!r}.")
    if is_called_for:
        sentence = f"{str(kind).capitalize()} is missing, which the ambiguous picture calls for."
        return ProtocolRow(kind, None, "", ProtocolVerdict.MISSING, sentence)
    sentence = f"{str(kind).capitalize()} is asked for when the picture is ambiguous."
    return ProtocolRow(kind, None, "", ProtocolVerdict.NOT_ASKED, sentence)


def _protocol(record: Record) -> ImagingProtocol:
    record.refuse_unknown(PROTOCOL_KEYS)
    return ImagingProtocol(
        id=record.text("id"),
        title=record.text("title"),
        source=record.text("source"),
        max_slice_thickness_mm=record.number("max_slice_thickness_mm"),
        isotropic_ratio=record.number("isotropic_ratio"),
        sequences=tuple(_rule(item) for item in record.records("sequences")),
        advanced=_words(record, "advanced", SeriesKind) if record.has("advanced") else (),
    )


def _rule(record: Record) -> SequenceRule:
    record.refuse_unknown(("kind", "planes", "b_s_mm2"))
    return SequenceRule(
        kind=record.choice("kind", SeriesKind),
        planes=_words(record, "planes", SlicePlane),
        b_values=record.numbers("b_s_mm2") if record.has("b_s_mm2") else (),
    )


def _words(record: Record, key: str, kind: type[Word]) -> tuple[Word, ...]:
    """A list of words of a closed vocabulary."""
    words = record.texts(key)
    for word in words:
        if word not in tuple(kind):
            raise InputFileError(f"{record.where}: {key!r} holds {word!r}, expected {', '.join(kind)}.")
    return tuple(kind(word) for word in words)
