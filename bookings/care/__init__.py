"""The record of visits for care, as whoever pays for care wants it."""
