"""Lesions on MRI and what they are compared with: grown from a click, carried, with the voxels that do not count."""
