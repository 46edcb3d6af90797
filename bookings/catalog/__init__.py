"""What the co-op offers, where it comes, what it costs and where each cent goes."""
