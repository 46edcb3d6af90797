"""Whether the co-op takes bookings."""
