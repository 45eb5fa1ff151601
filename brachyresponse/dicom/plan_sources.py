"""The sources of an RT Plan: their strength and half-life, and which of our seed models they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.sources import Source, available_sources, decayed_strength_u, load_source

AIR_KERMA_RATE = "AIR_KERMA_RATE"
NUCLIDES = re.compile(r"(?P<name>[A-Za-z]+)[\s^-]*(?P<mass>\d+)|\^?(?P<mass_first>\d+)[\s^-]*(?P<name_last>[A-Za-z]+)")
ELEMENTS = {"i": "I", "iodine": "I", "pd": "Pd", "palladium": "Pd", "cs": "Cs", "cesium": "Cs", "caesium": "Cs"}
HALF_LIFE_NOTICE = 0.001
HALF_LIFE_LIMIT = 0.02
"""59.4 and 59.6 days are both in use for I-125; more than 2 % apart is another nuclide or another unit."""


@dataclass(frozen=True)
class DicomSource:
    """One item of the Source Sequence.

    Parameters
    ----------
    isotope
        As we write it, ``I-125``; as the file does where it is none that we know.
    air_kerma_strength_u
        U, at ``reference``: the Reference Air Kerma Rate in uGy/h at 1 m is the same number.
    reference
        Day and time for which the strength was certified.
    """

    number: int
    isotope: str
    half_life_days: float
    manufacturer: str
    model_id: str
    air_kerma_strength_u: float
    reference: datetime

    @property
    def label(self) -> str:
        """Manufacturer and model as the file names them; empty where it names neither."""
        return " ".join(text for text in (self.manufacturer, self.model_id) if text)

    def strength_at(self, implant: date, half_life_days: float) -> float:
        """Return the air-kerma strength at implantation, U."""
        return decayed_strength_u(self.air_kerma_strength_u, half_life_days, self.reference, implant)


def read_sources(plan: Attributes) -> tuple[DicomSource, ...]:
    """Return the sources of a plan's dataset.

    Raises
    ------
    InputFileError
        There is none, two have one number, or the strength, its unit or its date is missing or not usable.
    """
    sources = tuple(_source(item) for item in plan.items("SourceSequence"))
    if not sources:
        raise InputFileError(f"{plan.where}: the plan has no Source Sequence; export it with its sources.")
    numbers = [source.number for source in sources]
    if len(set(numbers)) < len(numbers):
        raise InputFileError(f"{plan.where}: two sources have the same number ({numbers}): export the plan again.")
    return sources


def recognised_model(sources: tuple[DicomSource, ...]) -> str:
    """Return the name of the seed model of ours that all sources are; empty where that cannot be told for certain.

    A model is recognised by the nuclide and by its number in the Source Model ID ("6711", "STM1251").
    """
    found = {name for source in sources for name in _models_of(source) or [""]}
    return found.pop() if len(found) == 1 else ""


def check_source(sources: tuple[DicomSource, ...], model: Source) -> tuple[str, ...]:
    """Check that a seed model can be that of a plan, and return what a person should know of it.

    Raises
    ------
    PlanError
        The nuclide or the half-life is another one.
    """
    notes = []
    for source in sources:
        if source.isotope != model.radionuclide:
            raise PlanError(
                f"Source {source.number} of the plan is {source.isotope or 'of no named isotope'}, the seed model "
                f"{model.name!r} is {model.radionuclide}: choose a model of that nuclide."
            )
        apart = abs(source.half_life_days / model.half_life_days - 1)
        if apart > HALF_LIFE_LIMIT:
            raise PlanError(
                f"Source {source.number} of the plan has a half-life of {source.half_life_days:g} days, the seed model "
                f"{model.name!r} one of {model.half_life_days:g}: check isotope and unit (days) of the plan."
            )
        if apart > HALF_LIFE_NOTICE:
            notes.append(
                f"The plan gives source {source.number} a half-life of {source.half_life_days:g} days; computed with "
                f"{model.half_life_days:g} days of {model.name}."
            )
    return tuple(notes)


def _source(item: Attributes) -> DicomSource:
    unit = item.text("SourceStrengthUnits", AIR_KERMA_RATE)
    if unit != AIR_KERMA_RATE:
        raise InputFileError(f"{item.where}: Source Strength Units is {unit!r}, expected {AIR_KERMA_RATE}.")
    reference = item.moment("SourceStrengthReferenceDate", "SourceStrengthReferenceTime")
    if reference is None:
        raise InputFileError(
            f"{item.where}: the Source Strength Reference Date is missing, so that the strength cannot be decayed to "
            "the implant; export the plan with it."
        )
    strength = item.number("ReferenceAirKermaRate")
    if strength <= 0:
        raise InputFileError(f"{item.where}: the Reference Air Kerma Rate is {strength:g} uGy/h, expected above 0.")
    half_life = item.number("SourceIsotopeHalfLife")
    if half_life <= 0:
        raise InputFileError(f"{item.where}: the half-life is {half_life:g} days, expected above 0.")
    return DicomSource(
        number=item.whole("SourceNumber"),
        isotope=nuclide(item.text("SourceIsotopeName", "")),
        half_life_days=half_life,
        manufacturer=item.text("SourceManufacturer", ""),
        model_id=item.text("SourceModelID", "") or item.text("SourceDescription", ""),
        air_kerma_strength_u=strength,
        reference=reference,
    )


def nuclide(text: str) -> str:
    """Return an isotope's name as ``I-125`` from ``I125``, ``125I``, ``Iodine-125`` ...; as it stands otherwise."""
    match = NUCLIDES.search(text)
    if match is None:
        return text
    name, mass = match["name"] or match["name_last"], match["mass"] or match["mass_first"]
    return f"{ELEMENTS.get(name.lower(), name.capitalize())}-{mass}"


def _models_of(source: DicomSource) -> list[str]:
    words = _model_words(source.model_id)
    models = [load_source(name) for name in available_sources()]
    same_nuclide = [model for model in models if model.radionuclide == source.isotope]
    return [model.name for model in same_nuclide if _model_words(model.model) & words]


def _model_words(text: str) -> set[str]:
    """The words of a model's name that hold a number, without hyphens and points: ``IAI-125A`` is ``iai125a``."""
    words = (re.sub(r"[^a-z0-9]", "", word) for word in re.split(r"[\s,;/()_]+", text.lower()))
    return {word for word in words if any(sign.isdigit() for sign in word) and word not in ("i125", "pd103", "125")}
