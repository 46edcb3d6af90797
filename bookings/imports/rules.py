"""Who brings a table of clients along."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("bookings.import_clients", holds("coordinator"))
