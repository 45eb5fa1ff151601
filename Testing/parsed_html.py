"""HTML of reports, checked for tags that do not close, and its text."""

from __future__ import annotations

from html.parser import HTMLParser


class OpenTags(HTMLParser):
    """Keeps the tags that are open, and complains of one that closes another."""

    VOID = frozenset({"meta", "br", "img", "hr", "col"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def text_of(page: str) -> str:
    """The page's text, every run of white space one space."""
    parsed = OpenTags(page)
    assert parsed.open == []
    return " ".join(" ".join(parsed.text).split())
