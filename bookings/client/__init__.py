"""What a household sees of its bookings and visits, and how it changes them."""
