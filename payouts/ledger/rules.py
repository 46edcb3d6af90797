"""Who reads the books."""

from rules.permissions import add_perm

from members.rules import is_member

add_perm("payouts.read_books", is_member)
