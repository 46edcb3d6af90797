"""What this room announces to the rooms above."""

from django.dispatch import Signal

hours_changed = Signal()
"""A member changed when or where they take work. Sent with `subject` (the member) and `at`, once it is kept.

A room that planned work with them may answer with the address of a page on which they decide about it.
"""

standing_changed = Signal()
"""Something was decided about a member's standing of days to come. Sent with `subject` (the member), `since` (the first
of these days), `verb` and `note` (by which step, in which words), `at` and `by`, in the transaction that writes it.

Receivers make what they keep fit what holds on each day by now, in both directions: what was taken back, too.
"""

membership_ended = Signal()
"""Somebody is no member any more. Sent with `subject` (the member), `since` (the moment from which on), `at` and `by`,
in the transaction in which they left, or in which the day of their notice is dealt with; once more when they return.

Receivers end what hung on it, and do nothing the second time.
"""
