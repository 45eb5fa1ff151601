"""What is shown beside the markers and has no weight: anatomy, volumes over time, radiomics, dose, distances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.gathering.data_files import gathering_data, limit
from brachyresponse.response.evidence.gathering.vocabulary import T1Enhancement, T2FlairChange
from brachyresponse.response.evidence.markers import anatomical_rows, context_finding

WORDS = "context.json"
RIM, DOSE = "rim_without_t2_growth", "dose_without_ratio"
AFTER_BALLOON = ("t2_in_all", "high_choline_in_necrosis")
"""Published observations, by their names in the table of context."""


@dataclass(frozen=True)
class VolumeOfDay:
    """A volume on the scan of a day."""

    day: date
    volume_ml: float

    def __post_init__(self) -> None:
        _check_at_least_zero(f"The volume of {self.day}", self.volume_ml, "mL")


@dataclass(frozen=True)
class DoseContext:
    """Dose of the implant at the lesion.

    Parameters
    ----------
    d50_gy
        Median dose of the lesion.
    share_above_prescription_percent
        Share of the lesion's volume at or above the prescription.
    prescription_gy
        None where it is not known.
    warnings
        What has to be known of it, sentences.
    """

    d50_gy: float
    share_above_prescription_percent: float
    prescription_gy: float | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_at_least_zero("The D50 of the lesion", self.d50_gy, "Gy")
        _check_at_least_zero("The share above the prescription", self.share_above_prescription_percent, "%")
        if self.share_above_prescription_percent > 100:
            raise ResponseError(
                f"The share of the lesion above the prescription is {self.share_above_prescription_percent:g} %, "
                "expected 0 to 100 %: correct it."
            )
        if self.prescription_gy is not None and not 0 < self.prescription_gy < float("inf"):
            raise ResponseError(f"The prescription is {self.prescription_gy:g} Gy, expected above 0: correct it.")


@dataclass(frozen=True)
class EvidenceContext:
    """What is shown without weight; what is not known is None or empty.

    Parameters
    ----------
    t1_enhancement, t2_flair
        The anatomical rows of the table on imaging after liquid I-125 brachytherapy.
    t2_flair_volumes_ml, rim_volumes_ml
        Volumes of the T2/FLAIR hyperintensity and of the enhancing rim over time.
    radiomics_score, radiomics_model
        Of a model that the clinic uses.
    dose
        Of the implant at the lesion.
    distance_to_seeds_mm, distance_to_balloon_mm
        From the lesion's edge to the nearest seed, and to the balloon; 0 where they touch.
    is_after_balloon
        Whether a balloon was implanted, here or before.
    central_restriction
        What diffusion shows in the centre of the lesion, in words.
    moves_prior
        What is known of the patient and moves the prior, sentences; the prior itself is a person's to set.

    Raises
    ------
    ResponseError
        A volume, a distance or a score makes no sense, or two volumes are of one day.

    References
    ----------
    The tables of context name the source of each sentence.
    """

    t1_enhancement: T1Enhancement | None = None
    t2_flair: T2FlairChange | None = None
    t2_flair_volumes_ml: tuple[VolumeOfDay, ...] = ()
    rim_volumes_ml: tuple[VolumeOfDay, ...] = ()
    radiomics_score: float | None = None
    radiomics_model: str = ""
    dose: DoseContext | None = None
    distance_to_seeds_mm: float | None = None
    distance_to_balloon_mm: float | None = None
    is_after_balloon: bool = False
    central_restriction: str = ""
    moves_prior: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("distance_to_seeds_mm", "distance_to_balloon_mm"):
            value = getattr(self, name)
            if value is not None:
                _check_at_least_zero(f"{name!r}", value, "mm")
        if self.radiomics_score is not None and not isfinite(self.radiomics_score):
            raise ResponseError(
                f"The radiomics score is {self.radiomics_score:g}, expected a finite number: correct it."
            )
        for name in ("t2_flair_volumes_ml", "rim_volumes_ml"):
            object.__setattr__(self, name, _in_order(name, getattr(self, name)))

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it for people."""
        moves = (_said("moves_prior", known=known) for known in self.moves_prior)
        return (*self._anatomy(), *self._volumes(), *self._numbers(), *moves)

    def _anatomy(self) -> Iterator[str]:
        found = {"t1_enhancement": self.t1_enhancement, "t2_flair": self.t2_flair}
        for row in anatomical_rows():
            seen = found.get(row.id)
            if seen is not None:
                yield _said("row", **asdict(row), found=gathering_data(WORDS)["found"][seen])
        if self.central_restriction:
            yield _said("central_restriction", described=self.central_restriction)

    def _volumes(self) -> Iterator[str]:
        for what, volumes in {"T2/FLAIR": self.t2_flair_volumes_ml, "Enhancing": self.rim_volumes_ml}.items():
            if volumes:
                course = ", ".join(f"{each.day} {each.volume_ml:.1f} mL" for each in volumes)
                change = f" ({_change_words(volumes)})" if len(volumes) > 1 else ""
                yield _said("volumes", what=what, course=course, change=change)
        if self.is_after_balloon or self.distance_to_balloon_mm is not None:
            yield from self._after_balloon()

    def _after_balloon(self) -> Iterator[str]:
        rim, t2 = _percent(self.rim_volumes_ml), _percent(self.t2_flair_volumes_ml)
        observation, growth = _observation(RIM), limit("growth_percent")
        if rim is None or t2 is None or rim < growth:
            yield observation
        else:
            rule = "rim_without_t2" if t2 < growth else "rim_with_t2"
            changes = {"rim": _change_words(self.rim_volumes_ml), "t2": _change_words(self.t2_flair_volumes_ml)}
            yield _said(rule, **changes, observation=observation)
        yield from (_observation(name) for name in AFTER_BALLOON)

    def _numbers(self) -> Iterator[str]:
        if self.radiomics_score is not None:
            model = f" ({self.radiomics_model})" if self.radiomics_model else ""
            yield _said("radiomics", score=self.radiomics_score, model=model)
        if self.dose is not None:
            yield _dose_words(self.dose)
        if self.distance_to_seeds_mm is not None:
            yield _said("seeds", distance=self.distance_to_seeds_mm)
        if self.distance_to_balloon_mm is not None:
            yield _said("balloon_distance", distance=self.distance_to_balloon_mm)


def _said(name: str, **values: object) -> str:
    """Return a sentence of the table of words."""
    return str(gathering_data(WORDS)[name].format(**values))


def _observation(name: str) -> str:
    """Return a published observation with its source."""
    found = context_finding(name)
    return _said("observation", text=found.text, source=found.source)


def _dose_words(dose: DoseContext) -> str:
    prescription = "" if dose.prescription_gy is None else f" of {dose.prescription_gy:g} Gy"
    share, observation = dose.share_above_prescription_percent, context_finding(DOSE).text
    said = _said("dose", d50_gy=dose.d50_gy, share=share, prescription=prescription, observation=observation)
    return " ".join((said, *dose.warnings))


def _in_order(name: str, volumes: tuple[VolumeOfDay, ...]) -> tuple[VolumeOfDay, ...]:
    days = [each.day for each in volumes]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        raise ResponseError(f"{name!r} has two volumes of {twice}: keep one of them.")
    return tuple(sorted(volumes, key=lambda each: each.day))


def _percent(volumes: tuple[VolumeOfDay, ...]) -> float | None:
    """Change of the last volume from the smallest before it; None where there are not two, or that is 0."""
    if len(volumes) < 2:
        return None
    smallest = _smallest_before(volumes).volume_ml
    return None if smallest == 0 else 100 * (volumes[-1].volume_ml / smallest - 1)


def _smallest_before(volumes: tuple[VolumeOfDay, ...]) -> VolumeOfDay:
    """Return the smallest volume before the last, the first of several: what has grown again has grown since then."""
    return min(volumes[:-1], key=lambda each: each.volume_ml)


def _change_words(volumes: tuple[VolumeOfDay, ...]) -> str:
    if len(volumes) < 2:
        return "no change known"
    told = [_since(volumes[0], volumes[-1])]
    smallest = _smallest_before(volumes)
    if smallest is not volumes[0]:
        told.append(f"{_since(smallest, volumes[-1])}, its smallest")
    return ", ".join(told)


def _since(first: VolumeOfDay, last: VolumeOfDay) -> str:
    if first.volume_ml == 0:
        return f"from 0 mL on {first.day}"
    return f"{100 * (last.volume_ml / first.volume_ml - 1):+.0f} % since {first.day}"


def _check_at_least_zero(what: str, value: float, unit: str) -> None:
    if not (isfinite(value) and value >= 0):
        raise ResponseError(f"{what} is {value:g} {unit}, expected 0 or more: correct it, or leave it out.")
