"""A card holder's bank takes a payment back: what we know of it, by when we answer, and who bears it."""
