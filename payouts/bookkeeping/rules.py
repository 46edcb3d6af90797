"""Who reads the books down to each entry. What names nobody is open to all members (`ledger`)."""

from rules.permissions import add_perm

from members.rules import holds

OFFICES = ("treasurer", "board")
"""The money offices: they read every account with the names in it."""

add_perm("payouts.inspect_books", holds(*OFFICES))
add_perm("payouts.export_books", holds("treasurer"))
