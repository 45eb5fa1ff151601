from __future__ import annotations

import re

from brachyresponse.report.document import bullets, document, facts, section, table
from brachyresponse.report.markup import element


def test_a_document_loads_nothing_from_elsewhere() -> None:
    page = document("Plan <1>", element("p", "text"))
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Plan &lt;1&gt;</title>" in page
    assert not re.search(r'(href|src)="(?!data:)', page)
    assert "url(" not in page
    assert "@page" in page


def test_a_table_repeats_its_heading_and_sets_numbers_flush_right() -> None:
    written = table(["Name", "Value"], [["<D90>", 151.2], ["V100", None]], numbers=[1])
    assert "<thead><tr><th>Name</th>" in written
    assert '<td>&lt;D90&gt;</td><td class="number">151.2</td>' in written
    assert '<span class="unknown">not known</span>' in written


def test_facts_say_what_is_not_known() -> None:
    assert facts([("Patient ID", ""), ("Seeds", 0)]).count("not known") == 1


def test_sections_and_lists_without_contents_are_left_out() -> None:
    assert bullets([]) == ""
    assert section("Warnings", bullets([])) == ""
    assert "<li>one</li>" in section("Warnings", bullets(["one"]))
