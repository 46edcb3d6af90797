"""What the sandbox keeps, and what each call does with it: one module a kind of Stripe's objects."""
