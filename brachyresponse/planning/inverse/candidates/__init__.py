"""Needle tracks and places for seeds that keep every rule."""
