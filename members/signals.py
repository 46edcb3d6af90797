"""What this room announces to the rooms above."""

from django.dispatch import Signal

hours_changed = Signal()
"""A member changed when or where they take work. Sent with `subject` (the member) and `at`, once it is kept.

A room that planned work with them may answer with the address of a page on which they decide about it.
"""
