"""The figures of the digital patient's perfusion: tissues, bolus, protocols and variants, read once from JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from brachyresponse.perfusion.vocabulary import Vocabulary


class PatientVariant(Vocabulary):
    """What became of the tumour."""

    RECURRENCE_AT_MARGIN = "recurrence_at_margin"
    """A hyperperfused recurrence beside the implant: evaluable."""
    LESION_IN_IMPLANT = "lesion_in_implant"
    """A hyperperfused recurrence among the seeds: DSC is not evaluable."""
    NECROSIS = "necrosis"
    """A leaking, poorly perfused lesion beside the implant."""
    NEVER_HYPERPERFUSED = "never_hyperperfused"
    """A recurrence with as little blood as the tumour had before the treatment."""


class Visit(Vocabulary):
    """When the patient is scanned."""

    BEFORE = "before"
    FOLLOW_UP = "follow_up"


class Diagnosis(StrEnum):
    """What the lesion at the follow-up truly is."""

    RECURRENCE = "recurrence"
    NECROSIS = "necrosis"


@dataclass(frozen=True)
class Tissue:
    """MRI and perfusion of one tissue at 3 T.

    ``mtt_s`` is None in the artery, whose blood is not delayed by capillaries; ``delay_s`` is the time from the artery.
    ``t1_gd`` and ``flair`` are signals of the anatomical images in arbitrary units.
    """

    t1_s: float
    t2star_s: float
    proton_density: float
    ktrans_per_min: float
    ve: float
    cbv_ml_per_100ml: float
    mtt_s: float | None
    delay_s: float
    t1_gd: float
    flair: float

    @property
    def kep_per_min(self) -> float:
        """Rate back to the plasma, Ktrans / ve."""
        return self.ktrans_per_min / self.ve

    @property
    def vp(self) -> float:
        """Share of plasma: the blood volume without its cells."""
        return self.cbv_ml_per_100ml / 100 * (1 - hematocrit())

    @property
    def cbf_ml_per_100ml_per_min(self) -> float:
        """Blood flow, CBV / MTT; 0 in the artery, where it has no meaning."""
        return 0.0 if self.mtt_s is None else 60 * self.cbv_ml_per_100ml / self.mtt_s


def tissues_at(variant: PatientVariant, visit: Visit) -> dict[str, Tissue]:
    """Return the tissues by name; the lesion as it is in this variant at this visit."""
    tissues = {name: Tissue(**figures) for name, figures in table("tissues")["tissues"].items()}
    tissues["lesion"] = replace(tissues["lesion"], **table("variants")["variants"][variant][visit])
    return tissues


def hematocrit() -> float:
    """Return the share of cells in the blood, the same in all vessels."""
    return float(table("tissues")["hematocrit"])


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the data files: ``tissues``, ``bolus``, ``protocols`` or ``variants``."""
    text = resources.files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
