"""Who brings a table of members along."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("members.import_members", holds("membership"))
