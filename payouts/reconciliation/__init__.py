"""The books beside Stripe and the bank: every movement once, and what differs."""
