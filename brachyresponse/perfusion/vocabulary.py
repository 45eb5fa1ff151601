"""Closed vocabularies whose unknown words are refused in a sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import Never

from brachyresponse.errors import PerfusionError


class Vocabulary(StrEnum):
    """Words to choose from; ``Vocabulary("word")`` raises a PerfusionError that lists them where it is none of them."""

    @classmethod
    def _missing_(cls, value: object) -> Never:
        words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in cls.__name__).strip()
        raise PerfusionError(f"There is no {words} {value!r}: choose one of {', '.join(cls)}.")
