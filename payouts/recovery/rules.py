"""Who has what Stripe has beyond the books written down, and lets paying go on."""

from rules.permissions import add_perm

from members.rules import holds

add_perm("payouts.write_back_recovery", holds("treasurer"))
add_perm("payouts.let_go_recovery", holds("treasurer"))
add_perm("payouts.leave_out_found", holds("treasurer"))
