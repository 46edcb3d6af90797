"""A bank that asks its client to confirm a payment: the page for it, the mail, and what waits for them."""
