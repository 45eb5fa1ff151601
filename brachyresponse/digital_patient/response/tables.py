"""The figures of the digital patient's response, read once from JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Never

from brachyresponse.digital_patient.response.laws import Swelling, VolumeLaw
from brachyresponse.digital_patient.response.lesion import CourseLesion
from brachyresponse.digital_patient.shapes import Point
from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import LesionKind


class ResponseVariant(StrEnum):
    """What becomes of the implanted lesion."""

    PROGRESSION_AT_MARGIN = "progression_at_margin"
    """The tumour shrinks, and a new lesion comes at the implant's margin."""
    PSEUDOPROGRESSION = "pseudoprogression"
    """The tumour swells in week 8 and comes back."""
    NECROSIS = "necrosis"
    """A metastasis shrinks; at month 8 it grows by necrosis."""
    NEVER_HYPERPERFUSED = "never_hyperperfused"
    """A satellite regrows that has as little blood as the tumour had before the treatment."""
    NECK_NODE = "neck_node"
    """A lymph node of the neck becomes normal, with its seeds in it."""

    @classmethod
    def _missing_(cls, value: object) -> Never:
        raise ResponseError(f"There is no course {value!r} of the digital patient: choose one of {', '.join(cls)}.")


def course_facts(variant: ResponseVariant) -> dict[str, Any]:
    """Return a variant's record of ``course.json``."""
    facts: dict[str, Any] = table("course")["variants"][variant]
    return facts


def lesions_of(variant: ResponseVariant, implant_centre_mm: Point) -> tuple[CourseLesion, ...]:
    """Return a variant's lesions in the plan's frame."""
    return tuple(
        _lesion(name, dict(record), implant_centre_mm) for name, record in course_facts(variant)["lesions"].items()
    )


def schedule_of(variant: ResponseVariant) -> str:
    """Return the id of the schedule of a variant's visits."""
    return str(course_facts(variant)["schedule"])


def visible_from_mm() -> float:
    """Return the longest axis below which a lesion is not seen on any image."""
    return float(table("course")["visible_from_mm"])


def _lesion(name: str, record: dict[str, Any], implant_centre_mm: Point) -> CourseLesion:
    x, y, z = (c + s for c, s in zip(implant_centre_mm, record.pop("place_mm"), strict=True))
    axes_mm, law = tuple(record.pop("axes_mm")), dict(record.pop("law"))
    swelling = law.pop("swelling", None)
    volume_law = VolumeLaw(**law, swelling=Swelling(**swelling) if swelling else None)
    kind = LesionKind(record.pop("kind", LesionKind.ENHANCING))
    return CourseLesion(name, (x, y, z), axes_mm, volume_law, kind=kind, **record)


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the data files: ``course`` or ``sites``."""
    text = resources.files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
