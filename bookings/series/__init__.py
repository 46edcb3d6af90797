"""Visits that come again and again: their rules over time, each of their days, and who knows the home."""
