"""HTML and SVG as text that is escaped by construction: only ``Markup`` is trusted, everything else is text."""

from __future__ import annotations

import base64
from html import escape

VOID_TAGS = frozenset({"br", "col", "hr", "img", "meta"})


class Markup(str):
    """Text that is HTML or SVG already, made by this module or from a file of the package."""

    __slots__ = ()


NOTHING = Markup()
"""An empty document: what is left out."""


def as_markup(content: object) -> Markup:
    """Return content as it stands in a document: Markup unchanged, anything else escaped as text."""
    return content if isinstance(content, Markup) else Markup(escape(str(content), quote=False))


def joined(*contents: object, separator: str = "") -> Markup:
    """Return contents one after the other."""
    return Markup(separator.join(as_markup(content) for content in contents))


def element(tag: str, *contents: object, **attributes: object) -> Markup:
    """Return one element.

    An attribute's underscores become hyphens and a trailing one is dropped (``class_``, ``stroke_width``);
    attributes that are None are left out.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID_TAGS:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{joined(*contents)}</{tag}>")


def data_uri(content: bytes, media_type: str = "image/png") -> str:
    """Return bytes as an address that holds them, so that a document needs no other file."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
