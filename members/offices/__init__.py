"""What members do for a term for all."""
