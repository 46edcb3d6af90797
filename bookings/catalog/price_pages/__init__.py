"""Where prices are set, with what they pay an hour."""
