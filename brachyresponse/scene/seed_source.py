"""Which seed model the seeds of a node are, and when their strengths hold: attributes of the node."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.errors import SourceError
from brachyresponse.scene.nodes import get_attribute, require_node, set_attribute
from brachyresponse.sources import Source, load_source

SOURCE, SURROGATE_FOR, REFERENCE_TIME = "Source", "SurrogateFor", "ReferenceTime"


def write_source(
    seeds_node: slicer.vtkMRMLMarkupsFiducialNode,
    source: str,
    *,
    surrogate_for: str = "",
    reference_time: date | None = None,
) -> None:
    """Say which seed model the seeds of a node are.

    Parameters
    ----------
    source
        Name or path, as :func:`brachyresponse.sources.load_source` takes it.
    surrogate_for
        The seed that is really meant when ``source`` only stands in for it.
    reference_time
        Day, or day and time, for which the strengths hold; a plan's are those at implantation.

    Raises
    ------
    SceneError
        There is no such node.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    set_attribute(seeds_node, SOURCE, source)
    set_attribute(seeds_node, SURROGATE_FOR, surrogate_for or None)
    set_attribute(seeds_node, REFERENCE_TIME, reference_time.isoformat() if reference_time else None)


def read_source(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> Source:
    """Return the seed model of the seeds of a node; a surrogate says so.

    Raises
    ------
    SceneError
        There is no such node.
    SourceError
        The node does not name a model, or the model is unknown.
    """
    require_node(seeds_node, "vtkMRMLMarkupsFiducialNode", "list of seeds")
    name = get_attribute(seeds_node, SOURCE)
    if not name:
        raise SourceError(f"The seeds of {seeds_node.GetName()!r} have no source model: choose one.")
    try:
        source = load_source(name)
    except SourceError as error:
        raise SourceError(f"The seeds of {seeds_node.GetName()!r}: {error}") from error
    surrogate_for = get_attribute(seeds_node, SURROGATE_FOR)
    return source.as_surrogate_for(surrogate_for) if surrogate_for else source
