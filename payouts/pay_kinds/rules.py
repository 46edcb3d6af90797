"""Who reads and says how members are paid. Nobody says it about themselves."""

from rules.permissions import add_perm

from members.rules import holds, is_member, not_oneself

add_perm("payouts.read_pay_kinds", holds("treasurer", "membership", "board"))
add_perm("payouts.say_paykind", holds("treasurer", "membership") & not_oneself)
add_perm("payouts.read_own_pay", is_member)
