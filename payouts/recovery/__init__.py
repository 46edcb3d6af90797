"""What Stripe has in our name that the books do not know: found, read by a person, and written back."""
