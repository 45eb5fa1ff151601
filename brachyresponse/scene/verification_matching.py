"""Pairs of planned and found seeds: made with the registration, shown as a table and as arrows."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.seed_arrows import draw_arrows
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.verification_fields import (
    VerificationField,
    set_verification_field,
    verification_json,
)
from brachyresponse.scene.verification_parts import VerificationRole, need_verification_part, own_node
from brachyresponse.scene.verification_registration import need_registration
from brachyresponse.scene.verification_seeds import read_found_seeds
from brachyresponse.scene.verification_tables import PairedSeeds, pairs_table
from brachyresponse.seeds import seed_displacements
from brachyresponse.verification import FoundSeeds, Pairing


def match_verification(verification_node: slicer.vtkMRMLScriptedModuleNode, choice: Pairing) -> slicer.vtkMRMLTableNode:
    """Pair planned with found seeds, write the table of seeds and the arrows, and return the table.

    Raises
    ------
    VerificationError
        Plan and implant are not registered, or there are no seeds to be paired.
    SceneError, SeedsError, PlanError
        There is no plan, or its seeds or the found ones cannot be read.
    """
    paired = paired_seeds(verification_node, choice)
    with batch(verification_node.GetScene()):
        set_verification_field(verification_node, VerificationField.MATCHING, asdict(choice))
        return write_pairs(verification_node, paired)


def read_pairing(verification_node: slicer.vtkMRMLScriptedModuleNode) -> Pairing:
    """Return how seeds were paired last, or the usual way.

    Raises
    ------
    VerificationError
        The attribute is damaged.
    """
    kept = verification_json(verification_node, VerificationField.MATCHING, {})
    try:
        return Pairing(**kept) if isinstance(kept, dict) else Pairing()
    except TypeError as error:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r}: how its seeds were matched, {kept!r}, is damaged; "
            "match them again."
        ) from error


def paired_seeds(verification_node: slicer.vtkMRMLScriptedModuleNode, choice: Pairing) -> PairedSeeds:
    """Return planned and found seeds on the implant CT with their pairs; nothing is written.

    Raises
    ------
    VerificationError, SceneError, SeedsError, PlanError
        As :func:`match_verification`.
    """
    plan = read_plan_node(need_verification_part(verification_node, VerificationRole.PLAN, "plan"))
    registration = need_registration(verification_node)
    found = FoundSeeds.of(read_found_seeds(verification_node))
    if not (plan.seeds.count and found.count):
        what = "planned" if not plan.seeds.count else "found"
        raise VerificationError(f"There are no {what} seeds to be matched: find the seeds, and choose a plan.")
    planned = registration.seeds(plan.seeds)
    match = choice.match(planned, found.positions_mm)
    needles = {needle.number: registration.turned(needle.direction) for needle in plan.needles}
    implanted = found.seeds(np.ones(found.count))
    return PairedSeeds(planned, found, match, seed_displacements(planned, implanted, match, needle_directions=needles))


def write_pairs(verification_node: slicer.vtkMRMLScriptedModuleNode, paired: PairedSeeds) -> slicer.vtkMRMLTableNode:
    """Write the table of seeds and the arrows, and return the table."""
    node = own_node(verification_node, VerificationRole.SEED_TABLE, "vtkMRMLTableNode", "seeds planned and found")
    draw_arrows(verification_node, paired)
    return write_table(pairs_table(paired), node)
