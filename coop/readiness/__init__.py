"""Whether a co-op has what it needs: what is missing, and trials of what others give it."""
