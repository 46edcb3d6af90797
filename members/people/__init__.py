"""Who signs in, and who works and owns."""
