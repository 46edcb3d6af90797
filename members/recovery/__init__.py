"""A new way into the account of whoever lost every key and address."""
