"""Turns that a coordinator decides otherwise."""
