"""Who sees what went wrong with money."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("payouts.see_trouble", holds("treasurer", "coordinator"))
