"""What people are told, by which way, and how they reach us."""
