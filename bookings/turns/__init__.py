"""Who is asked for a shift and what they answer: offers, swaps, overrides, days handed over, the open board."""
