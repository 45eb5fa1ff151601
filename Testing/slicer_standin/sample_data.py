"""Stand-in for Slicer's ``SampleData`` module: keeps what is registered, downloads nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import slicer


@dataclass
class SampleDataSource:
    """One entry of the Sample Data module; its lists must be of one length, as in Slicer."""

    sampleName: str
    uris: Sequence[str] | str | None = None
    fileNames: Sequence[str] | str | None = None
    nodeNames: Sequence[str] | str | None = None
    customDownloader: Callable[[SampleDataSource], Any] | None = None
    thumbnailFileName: str | None = None
    loadFileTypes: Sequence[str] | str | None = None
    loadFiles: Sequence[bool] | bool | None = None
    loadFileProperties: dict[str, Any] | None = None
    checksums: Sequence[str] | str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.uris, str):
            return
        count = len(self.uris or ())
        for name in ("fileNames", "nodeNames", "loadFiles", "checksums"):
            values = getattr(self, name)
            if values is not None and len(values) != count:
                raise ValueError(f"Sample {self.sampleName!r}: {len(values)} {name} for {count} uris; give one a file.")


class SampleDataLogic:
    """``SampleData.SampleDataLogic``."""

    @staticmethod
    def registerCustomSampleDataSource(category: str = "Custom", **description: Any) -> None:
        """Add an entry; one of the same name in the category is kept once."""
        source = SampleDataSource(**description)
        sources = SampleDataLogic.sampleDataSourcesByCategory().setdefault(category, [])
        if source.sampleName not in [known.sampleName for known in sources]:
            sources.append(source)

    @staticmethod
    def sampleDataSourcesByCategory(category: str | None = None) -> Any:
        """The entries of a category, or of all by category."""
        if not hasattr(slicer.modules, "sampleDataSources"):
            slicer.modules.sampleDataSources = {}
        everything = slicer.modules.sampleDataSources
        return everything if category is None else everything.get(category, [])
