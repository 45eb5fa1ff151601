"""What a spectrum is made of: metabolites by their published chemical shifts and couplings, lipids, macromolecules."""

from brachyresponse.spectroscopy.basis.basis_set import Acquisition, Basis, basis
from brachyresponse.spectroscopy.basis.components import Component, components, expected_ratios
from brachyresponse.spectroscopy.basis.spin_system import SpinSystem, echo_lines

__all__ = ["Acquisition", "Basis", "Component", "SpinSystem", "basis", "components", "echo_lines", "expected_ratios"]
