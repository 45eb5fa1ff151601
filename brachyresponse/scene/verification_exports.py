"""A verification of the scene in files."""
