"""The pages: their links lead somewhere, their Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reference import PROJECT

PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("Docs/**/*.md"), *PROJECT.glob("Benchmarks/*.md")])
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
PYTHON = re.compile(r"^```python\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)

# A session in Slicer's console is tested with the module; here what runs without Slicer.
SNIPPETS = [
    pytest.param(code, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, code in enumerate(PYTHON.findall(page.read_text(encoding="utf-8")))
    if "Logic" not in code and "slicer" not in code
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("code", SNIPPETS)
def test_the_python_of_a_page_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "page", "exec"), {})


def test_the_readme_starts_with_a_picture_and_says_what_it_is_not_for() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert text.split("\n\n")[1].startswith("![")
    assert "must not be used to treat patients" in text
    assert "make demo" in text
    assert "make test" in text
