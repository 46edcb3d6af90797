"""Who sees what went wrong with money; what is about members' pay, the treasurers alone."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("payouts.see_trouble", holds("treasurer", "coordinator"))
add_perm("payouts.see_waiting_pay", holds("treasurer"))
