"""The panel of the SeedVerify module: one class a section, each button one call of ``SeedVerifyLogic``."""

from brachyresponse.slicer_panel.seedverify.panel import SeedVerifyPanel

__all__ = ["SeedVerifyPanel"]
