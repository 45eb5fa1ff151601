"""A thin stand-in for the Slicer application: real module files and panels on the real MRML scene, without Slicer.

The scene, the module logics and the displayable managers are Slicer's own (the ``slicer-core`` wheel); ``qt``, ``ctk``
and the qMRML widgets are PySide6 with PythonQt's manners. ``slicer.ScriptedLoadableModule``,
``slicer.parameterNodeWrapper`` and ``slicer.i18n`` are small versions of our own, unless the environment variable
``SLICER_PYTHON`` names a folder with Slicer's (``bin/Python/slicer`` of an installed Slicer). Nothing is imported here:
ask for what a test needs, mostly through the fixtures of ``conftest.py``.

>>> from slicer_standin.application import start
>>> application = start()
>>> from slicer_standin.modules import load_module
>>> widget = load_module("BrachyDose/BrachyDose.py").widgetRepresentation().self()

What it cannot show: PythonQt's type conversions, the look of the real widgets, the layouts, the Segment Editor, the
DICOM browser, and how the application finds modules. Each module's own self-test covers those in Slicer.
"""
