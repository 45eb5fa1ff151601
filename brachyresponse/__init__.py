"""BrachyResponse: plan, verify and follow up iodine-125 implants; the library behind the 3D Slicer extension.

Importing the package costs nothing: each subject is a subpackage, imported when it is used.
"""

__version__ = "0.1.0"
