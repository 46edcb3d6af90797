"""Who has news: whoever works here."""

from rules.permissions import add_perm

from members.rules import is_member

add_perm("members.read_news", is_member)
