"""Quotes, bookings, visits and their shifts: how they come about, move, end, and what they pay."""
