"""Who reads what the bodies are, and who asks that they change."""

from rules.permissions import add_perm

from members.appointing.rules import may_change
from members.rules import is_member

add_perm("members.read_bodies", is_member)
add_perm("members.change_bodies", may_change)
