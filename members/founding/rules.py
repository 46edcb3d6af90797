"""Who may do what while a co-op is set up."""

from rules.permissions import add_perm

from members.rules import is_owner

add_perm("members.set_up", is_owner)
