"""A whole HTML document, and the parts that every report is made of: sections, tables, lists of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files

from brachyresponse import __version__
from brachyresponse.report.markup import Markup, as_markup, element, joined

RESEARCH_USE = "Research use only. Not a medical device; not to be used for treating patients."
NOT_KNOWN = "not known"


def document(title: str, *contents: object) -> str:
    """Return a self-contained HTML page: nothing is loaded from elsewhere."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"BrachyResponse {__version__}"),
        element("title", title),
        element("style", _style()),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', *contents), lang='en')}\n"


def section(title: str, *contents: object, class_: str | None = None) -> Markup:
    """Return a titled section; one without contents is left out."""
    if not any(contents):
        return Markup()
    return element("section", element("h2", title), *contents, class_=class_)


def table(headings: Sequence[object], rows: Iterable[Sequence[object]], *, numbers: Iterable[int] = ()) -> Markup:
    """Return a table whose heading is repeated on each page; ``numbers`` are the columns set flush right.

    None is written as "not known".
    """
    right = set(numbers)
    body = (_row("td", row, right) for row in rows)
    return element("table", element("thead", _row("th", headings, right)), element("tbody", *body))


def facts(pairs: Iterable[tuple[str, object]], *, columns: int = 2) -> Markup:
    """Return names and values as a list in one or two columns; what is empty or None is written as "not known"."""
    rows = (joined(element("dt", name), element("dd", said(value))) for name, value in pairs)
    return element("dl", *rows, class_="facts" if columns == 2 else "facts single")


def bullets(sentences: Iterable[object]) -> Markup:
    """Return sentences as a list; none as nothing."""
    items = [element("li", sentence) for sentence in sentences]
    return element("ul", *items) if items else Markup()


def said(value: object) -> Markup:
    """Return a value as markup; None and empty text as "not known", empty markup as nothing."""
    unknown = value is None or (value == "" and not isinstance(value, Markup))
    return element("span", NOT_KNOWN, class_="unknown") if unknown else as_markup(value)


def _row(tag: str, cells: Sequence[object], right: set[int]) -> Markup:
    written = (
        element(tag, said(cell) if tag == "td" else cell, class_="number" if column in right else None)
        for column, cell in enumerate(cells)
    )
    return element("tr", *written)


def _style() -> Markup:
    return Markup(files("brachyresponse.report").joinpath("data", "report.css").read_text(encoding="utf-8"))
