"""What the size of a lesion, and its distance from seeds or a balloon, tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from brachyresponse.lesions import proposed_margin_mm
from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers.exclusions import left_out_words

LENGTHS_MM = {"lesion_at_least_1_cm": 10.0, "lesion_at_least_1_6_cm": 16.0}
SEQUENCES = ("dsc", "adc")
"""Those that metal spoils; DCE with a short echo time keeps its values nearer to it."""
VOLUMES_ML = {"lesion_at_least_1_cc": 1.0, "lesion_at_least_1_5_cc": 1.5}


def answers_of_size(
    *, longest_mm: float | None = None, volume_ml: float | None = None, source: str = ""
) -> tuple[ConditionAnswer, ...]:
    """Return which limits of size a lesion reaches; nothing of what is not known.

    Parameters
    ----------
    source
        Where the size comes from, for the sentence.
    """
    return tuple(_answers(longest_mm, volume_ml, f" ({source})" if source else ""))


def _answers(longest_mm: float | None, volume_ml: float | None, where: str) -> Iterator[ConditionAnswer]:
    if longest_mm is not None:
        for condition, least_mm in LENGTHS_MM.items():
            yield answered(condition, longest_mm >= least_mm, f"The lesion is {longest_mm:.1f} mm long{where}.")
    if volume_ml is not None:
        for condition, least_ml in VOLUMES_ML.items():
            yield answered(condition, volume_ml >= least_ml, f"The lesion has {volume_ml:.2f} mL{where}.")


def answers_of_distances(
    seeds_mm: float | None, balloon_mm: float | None, told: Iterable[ConditionAnswer] = ()
) -> tuple[ConditionAnswer, ...]:
    """Return whether metal lies within the margin proposed for each sequence; nothing where no distance is known.

    Metal beyond the margin proves nothing of blood or calcification: then the condition stays unknown. So it does where
    a study left the margin out of what it measured: the study itself tells what is left, and whether it is enough.

    Parameters
    ----------
    seeds_mm, balloon_mm
        From the lesion's edge to the nearest seed and to the balloon.
    told
        What the studies of the lesion told.
    """
    distances = {"seed": seeds_mm, "balloon": balloon_mm}
    known = {what: distance for what, distance in distances.items() if distance is not None}
    return tuple(_susceptibility(known, tuple(told))) if known else ()


def _susceptibility(known: Mapping[str, float], told: Sequence[ConditionAnswer]) -> Iterator[ConditionAnswer]:
    nearest = min(known, key=lambda name: known[name])
    for sequence in SEQUENCES:
        margin_mm, words = proposed_margin_mm(sequence)
        left_out = left_out_words(told, sequence)
        inside = {what: distance for what, distance in known.items() if distance < margin_mm and what not in left_out}
        what = min(inside, key=lambda name: inside[name]) if inside else nearest
        said = f"{_lies(what, known)}; margin {words}"
        if not inside:
            said += f" {left_out}" if known[nearest] < margin_mm else " Blood and calcification are not told by it."
        yield answered(f"susceptibility_in_{sequence}", True if inside else None, said)
    if known[nearest] == 0:
        yield answered("susceptibility_in_lesion", True, f"{_lies(nearest, known)}.")


def _lies(what: str, known: Mapping[str, float]) -> str:
    return f"The nearest {what} lies {known[what]:.1f} mm from the lesion"
