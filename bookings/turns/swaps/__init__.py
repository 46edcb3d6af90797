"""Two members swap a shift."""
