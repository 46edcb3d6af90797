"""What the office sees and writes down: its week, its phone, and what nobody has."""
