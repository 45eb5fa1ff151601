from __future__ import annotations

import base64
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.report.markup import Markup, as_markup, data_uri, element, joined


@given(st.text())
def test_text_is_escaped_wherever_it_stands(text: str) -> None:
    written = element("p", text, title=text)
    attribute, inner = written.removeprefix('<p title="').removesuffix("</p>").split('">', 1)
    assert not set(attribute) & set("<>\"'")
    assert "<" not in inner
    assert unescape(attribute) == unescape(inner) == text


def test_markup_is_not_escaped_again() -> None:
    assert element("p", element("b", "a & b"), " < c") == "<p><b>a &amp; b</b> &lt; c</p>"
    assert as_markup(Markup("<br>")) == "<br>"
    assert joined("<", Markup("<br>")) == "&lt;<br>"


def test_attributes_take_hyphens_and_leave_out_what_is_none() -> None:
    assert element("line", class_="axis", stroke_width=2, stroke=None) == '<line class="axis" stroke-width="2"></line>'


def test_void_elements_have_no_end_tag() -> None:
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_bytes_come_back_from_their_address() -> None:
    address = data_uri(b"\x00\xffpng")
    assert address.startswith("data:image/png;base64,")
    assert base64.b64decode(address.split(",")[1]) == b"\x00\xffpng"
