"""Who may do what about movements at Stripe, disputes and the bank. Who, never when."""

from rules.permissions import add_perm

from members.rules import holds, not_oneself

add_perm("payouts.see_reconciliation", holds("treasurer", "board"))
add_perm("payouts.compare_again", holds("treasurer", "board"))
add_perm("payouts.explain_movement", holds("treasurer"))
add_perm("payouts.read_bank_file", holds("treasurer"))
add_perm("payouts.match_bankline", holds("treasurer"))
add_perm("payouts.let_go_bankline", holds("treasurer"))
add_perm("payouts.see_disputes", holds("treasurer", "coordinator"))
add_perm("payouts.answer_dispute", holds("treasurer", "coordinator") & not_oneself)
add_perm("payouts.let_bear_dispute", holds("treasurer") & not_oneself)
add_perm("payouts.take_back_payout", holds("treasurer") & not_oneself)
add_perm("payouts.retry_takeback", holds("treasurer") & not_oneself)
add_perm("payouts.give_up_takeback", holds("treasurer") & not_oneself)
