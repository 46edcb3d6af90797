"""Who says how people reach the co-op."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("members.say_contact", holds("coordinator", "board"))
