"""The biological dose of a whole plan, of seeds or of a balloon: every structure whose tissue is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from brachyresponse.dose.biology.earlier_beam import CombinedDose, EarlierBeam, combined_dose
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.structure import BiologicalDose
from brachyresponse.dose.biology.tissue import ParameterStatus, TissueBiology
from brachyresponse.dose.dvh import Dvh
from brachyresponse.errors import DoseError
from brachyresponse.geometry import Structure, Volume

RANGE_NOT_VERDICT = (
    "Each figure is a range over the ranges of the tissue's parameters, with the likely value between its ends: it "
    "shows how far the biology is known, and is not a verdict on the plan."
)
ASSUMPTIONS = (
    RANGE_NOT_VERDICT,
    "Linear-quadratic model with exponential repair of one half-time (Dale 1985, 1989; AAPM TG-137). It does not hold "
    "where the dose ablates, within millimetres of a seed or at the surface of a balloon: hundreds of Gy mean no EQD2.",
    "Every voxel has its own dose rate, which falls with the radionuclide alone; seeds of several strengths all decay "
    "alike. Swelling and migration of seeds are not in it.",
    "The soft photons are taken to act as the hard ones that the parameters were found with (RBE 1).",
)
REGROWTH = (
    "A tumour's BED is counted until the dose rate has fallen to what its regrowth undoes (effective time), or to the "
    "end of the implant if that is sooner."
)
UNVERIFIED = (
    "Parameters marked unverified were named from memory or assumed: put your own in their place before a figure is "
    "relied on."
)


@dataclass(frozen=True, eq=False)
class BiologyEvaluation:
    """What was computed of biological dose.

    Parameters
    ----------
    exposure
        How the dose rate falls.
    doses
        By structure.
    combined
        Sum with an earlier external beam, by structure; empty without one.
    beam
        That beam.
    """

    exposure: Exposure
    doses: Mapping[str, BiologicalDose]
    combined: Mapping[str, CombinedDose]
    beam: EarlierBeam | None = None

    @property
    def tissues(self) -> Mapping[TissueBiology, tuple[str, ...]]:
        """The different tissues, each with its structures; two that were changed apart are two, whatever their name."""
        structures: dict[TissueBiology, tuple[str, ...]] = {}
        for name, dose in self.doses.items():
            structures[dose.tissue] = (*structures.get(dose.tissue, ()), name)
        return structures

    @property
    def warnings(self) -> tuple[str, ...]:
        """Where the implant is, or may be, ineffective; whole sentences."""
        return tuple(filter(None, (dose.regrowth_warning for dose in self.doses.values())))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What everything rests on, a sentence each."""
        regrowth = (REGROWTH,) if any(tissue.regrows for tissue in self.tissues) else ()
        ranges = (values for tissue in self.tissues for values in tissue.parameters.values())
        is_unverified = any(values.status is ParameterStatus.UNVERIFIED for values in ranges)
        beam = self.beam.assumptions if self.beam else ()
        return (*ASSUMPTIONS, *regrowth, *((UNVERIFIED,) if is_unverified else ()), *beam)


def evaluate_biology(
    dvhs: Mapping[str, Dvh], exposure: Exposure, tissues: Mapping[str, TissueBiology]
) -> BiologyEvaluation:
    """Return the biological dose of the structures whose tissue is named.

    Parameters
    ----------
    dvhs
        Histograms of the implant's dose by its end, by structure, as of a plan's or a balloon's evaluation.
    tissues
        By structure.

    Raises
    ------
    DoseError
        No tissue is named, or a structure has no histogram.
    """
    if not tissues:
        raise DoseError("No tissue is named: give each structure its tissue, as GTV=glioma.")
    for name in tissues:
        if name not in dvhs:
            near = get_close_matches(name, dvhs, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(dvhs) or 'none'}."
            raise DoseError(f"The dose of {name!r}, whose biology is asked for, was not computed: {hint}")
    return BiologyEvaluation(
        exposure, {name: BiologicalDose(dvhs[name], exposure, tissue) for name, tissue in tissues.items()}, {}
    )


def with_earlier_beam(
    evaluation: BiologyEvaluation, implant: Volume, structures: Mapping[str, Structure], beam: EarlierBeam
) -> BiologyEvaluation:
    """Return the evaluation with an earlier external beam added up, in every structure whose tissue is named.

    Raises
    ------
    StructureError
        The beam's dose does not cover a structure.
    DoseError
        A dose cannot be used, or a structure is not there.
    """
    missing = [name for name in evaluation.doses if name not in structures]
    if missing:
        raise DoseError(
            f"The structure {missing[0]!r} is not there: an earlier beam is added up structure by structure."
        )
    combined = {
        name: combined_dose(structures[name], implant, evaluation.exposure, dose.tissue, beam)
        for name, dose in evaluation.doses.items()
    }
    return BiologyEvaluation(evaluation.exposure, evaluation.doses, combined, beam)
