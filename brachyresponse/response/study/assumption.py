"""What a result rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """Something that the result rests on and that a reader may want otherwise.

    Parameters
    ----------
    about
        What it is about, in a word or two.
    sentence
        What was assumed.
    is_verified
        Whether what it rests on was checked against its source.
    """

    about: str
    sentence: str
    is_verified: bool = True
