"""Plans made elsewhere, read from DICOM into the scene."""
