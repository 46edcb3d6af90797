"""Money to members: pay runs, payouts, statements, their accounts at Stripe."""
