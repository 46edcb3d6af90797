"""Whose turn it is and which times can be sold: calendars, hours, distances, the law. Knows no visit."""
