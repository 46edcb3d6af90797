"""Votes: one member, one vote, counted exactly, and what passes takes effect by itself."""
