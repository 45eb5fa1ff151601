"""Letters and keys that the data files name their sources by, put in words."""

from __future__ import annotations

import re

from brachyresponse.response.criteria.tables import facts_of

MEMORY = "MEM"
VERIFIED_IN = "verified in: "
LETTER = re.compile(r"(?<![\w/])([A-M]|S000)(?![\w/])")
PUBLICATION = re.compile(r"\b(WEN|LIN|EIS)(\d{4})\b")
ONLY_LETTERS = re.compile(r" \((?:[A-M], )*(?:[A-M]|MEM)\)")
PARTLY = re.compile(r": MEM\b")


def checked_in_words(checked: str) -> str:
    """Return where a fact was checked, with the reprints and tables that its letters stand for."""
    reprints = facts_of("sources.json")
    words = LETTER.sub(lambda found: str(reprints[found[1]]), checked.removeprefix(VERIFIED_IN))
    words = PUBLICATION.sub(lambda found: f"{found[1].capitalize()} {found[2]}", words)
    return words.replace(MEMORY, "from memory")


def without_letters(text: str, *, is_verified: bool) -> str:
    """Return a rule in words without letters of sources; what of a verified one is from memory is marked."""

    def plain(letters: re.Match[str]) -> str:
        return " (unverified)" if is_verified and MEMORY in letters[0] else ""

    return PARTLY.sub(": unverified", ONLY_LETTERS.sub(plain, text)).replace("early_window", "early window")
