"""A combo box of words, each with the value that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

import qt

from brachyresponse.slicer_panel.selectors import quiet

UNKNOWN = ""
"""The value of a word that says that nothing is known."""


class Choice:
    """Shows a value by its word; what the panel itself shows tells nobody.

    Parameters
    ----------
    selector
        The combo box.
    words
        What is shown for each value, in the order of the list.
    """

    def __init__(self, selector: qt.QComboBox, words: Mapping[str, str]) -> None:
        self.selector = selector
        self._words: dict[str, str] = {}
        self.fill(words)

    @property
    def value(self) -> str:
        """What is chosen; empty where nothing is, or the word for unknown."""
        return str(self.selector.itemData(self.selector.currentIndex) or UNKNOWN)

    @property
    def first(self) -> str:
        """The value of the first word: by custom what holds where nothing is known."""
        return next(iter(self._words), UNKNOWN)

    def fill(self, words: Mapping[str, str]) -> None:
        """Show other words; the value stays chosen where it still has one."""
        if words == self._words:
            return
        chosen, self._words = self.value, dict(words)
        with quiet(self.selector):
            self.selector.clear()
            for value, word in words.items():
                self.selector.addItem(word, str(value))
        self.show(chosen if chosen in self._words else self.first)

    def show(self, value: str | None) -> None:
        """Show a value; None is unknown, and one without a word shows nothing."""
        with quiet(self.selector):
            self.selector.setCurrentIndex(self.selector.findData(str(value if value is not None else UNKNOWN)))
