"""Finding a lesion again in a study that may call it otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from brachyresponse.errors import ResponseError


def lesion_in(names: Sequence[str], lesion: str, study: str) -> str:
    """Return the name that a lesion has in a study: its own, else that of the study's only lesion.

    Parameters
    ----------
    names
        Of the lesions in the study.
    study
        How errors call it.

    Raises
    ------
    ResponseError
        The study has several lesions, or none, and none of this name.
    """
    if lesion in names:
        return lesion
    if len(names) == 1:
        return names[0]
    known = ", ".join(map(repr, names)) or "none"
    raise ResponseError(f"The {study} has no lesion {lesion!r}, but {known}: correct the name.")


def check_measured_as(lesion: str, measured_as: Iterable[str], others: Iterable[str], where: str) -> None:
    """Refuse a study of another lesion that would be taken for this one because it is the study's only one.

    Parameters
    ----------
    measured_as
        Names that this lesion has in studies, where they are others.
    others
        Names of the patient's other lesions.
    where
        How errors call the lesion's evidence.

    Raises
    ------
    ResponseError
        A study's only lesion has the name of another one.
    """
    known = set(others) - {lesion}
    for name in measured_as:
        if name in known:
            raise ResponseError(
                f"{where}: a study has the lesion {name!r} only, which is another lesion of the patient: give a study "
                f"of {lesion!r}, or correct the names."
            )
