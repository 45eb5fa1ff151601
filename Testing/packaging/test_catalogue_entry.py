"""What the Extensions Index checks before it takes an extension in: the entry, the metadata and the licence."""

from __future__ import annotations

import json
import re

import pytest

from packages import PROJECT

ENTRY = PROJECT / "Resources" / "BrachyResponse.json"
# slicer-extension-catalog-entry-schema-v1.0.2: no other keys; and the index's accepted categories that fit us.
KEYS = {
    "$schema",
    "build_dependencies",
    "build_subdirectory",
    "category",
    "dicom_support_rule",
    "enabled",
    "scm_revision",
    "scm_type",
    "scm_url",
    "tier",
}
REQUIRED = {"$schema", "category", "scm_url"}
CATEGORIES = {"Radiotherapy", "Quantification", "Neuroimaging", "Nuclear Medicine", "Planning", "Informatics"}


@pytest.fixture(scope="module")
def entry() -> dict[str, object]:
    return json.loads(ENTRY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def metadata() -> dict[str, str]:
    """Literal values of the top CMakeLists, found as the index finds them: a name and one quoted string on a line."""
    text = (PROJECT / "CMakeLists.txt").read_text(encoding="utf-8")
    return dict(re.findall(r'^set\(EXTENSION_(\w+) "([^"$\n]+)"\)$', text, flags=re.MULTILINE))


def test_the_entry_has_the_schema_s_keys_and_no_other(entry: dict[str, object]) -> None:
    assert REQUIRED <= set(entry) <= KEYS
    assert str(entry["$schema"]).endswith("slicer-extension-catalog-entry-schema-v1.0.2.json#")
    assert entry["category"] in CATEGORIES
    assert entry["tier"] in {1, 3, 5}


def test_the_entry_is_laid_out_as_the_index_formats_it(entry: dict[str, object]) -> None:
    assert ENTRY.read_bytes() == (json.dumps(entry, indent=2, sort_keys=True) + "\n").encode()


def test_the_project_bears_the_entry_s_name_and_the_repository_slicer_s_prefix(entry: dict[str, object]) -> None:
    text = (PROJECT / "CMakeLists.txt").read_text(encoding="utf-8")
    assert re.findall(r"^project\((\w+)", text, flags=re.MULTILINE) == [ENTRY.stem]
    assert re.fullmatch(r"https://\S+/Slicer\w+\.git", str(entry["scm_url"]))
    assert not ENTRY.stem.startswith("Slicer")


def test_the_metadata_agree_with_the_entry(entry: dict[str, object], metadata: dict[str, str]) -> None:
    assert metadata["HOMEPAGE"] + ".git" == entry["scm_url"]
    assert (metadata["DEPENDS"] == "NA") == (entry["build_dependencies"] == [])
    assert metadata["RECOMMENDS"] == "SlicerRT"


@pytest.mark.parametrize("name", ["ICONURL", "SCREENSHOTURLS"])
def test_each_picture_of_the_catalogue_is_in_the_repository(metadata: dict[str, str], name: str) -> None:
    for url in metadata[name].split():
        home, path = url.split("/main/")
        assert home == metadata["HOMEPAGE"].replace("github.com", "raw.githubusercontent.com")
        assert (PROJECT / path).read_bytes().startswith(b"\x89PNG"), f"{path} is no PNG"


def test_the_description_says_that_it_is_for_research(metadata: dict[str, str]) -> None:
    assert "research" in metadata["DESCRIPTION"].lower()


def test_the_licence_lies_where_the_index_looks() -> None:
    assert (PROJECT / "LICENSE.txt").read_text(encoding="utf-8").startswith("MIT License")
