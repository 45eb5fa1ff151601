"""The parts of ``SeedVerifyLogic``, one a subject; camelCase as Slicer's console expects.

A method validates, calls the function of that name in the library or in ``scene``, and writes nodes last.
"""

from brachyresponse.scene.seedverify_logic.case_logic import CaseLogic
from brachyresponse.scene.seedverify_logic.file_logic import FileLogic
from brachyresponse.scene.seedverify_logic.registration_logic import RegistrationLogic
from brachyresponse.scene.seedverify_logic.seeds_logic import SeedsLogic

__all__ = ["CaseLogic", "FileLogic", "RegistrationLogic", "SeedsLogic"]
