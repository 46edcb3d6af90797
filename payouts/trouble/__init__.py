"""What went wrong with money and waits for a person."""
