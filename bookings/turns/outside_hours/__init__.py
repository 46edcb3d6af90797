"""Accepted shifts that no longer fit what their member said."""
