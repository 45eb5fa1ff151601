"""The oedema model of a verification, off unless the user asks for it."""

from __future__ import annotations

from dataclasses import asdict

import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.scene.verification_fields import VerificationField, set_verification_field, verification_json
from brachyresponse.verification import OedemaModel


def read_oedema(verification_node: slicer.vtkMRMLScriptedModuleNode) -> OedemaModel | None:
    """Return the oedema model, or None where none was asked for.

    Raises
    ------
    SceneError, VerificationError
        There is no such verification, or its attribute is damaged.
    """
    kept = verification_json(verification_node, VerificationField.OEDEMA)
    if kept is None:
        return None
    try:
        return OedemaModel(**dict(kept))
    except (TypeError, ValueError) as error:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r}: its oedema model {kept!r} is damaged; set it again."
        ) from error


def write_oedema(verification_node: slicer.vtkMRMLScriptedModuleNode, oedema: OedemaModel | None) -> None:
    """Keep an oedema model; None takes it away."""
    set_verification_field(verification_node, VerificationField.OEDEMA, None if oedema is None else asdict(oedema))
