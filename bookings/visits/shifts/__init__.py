"""One worker's part of a visit, step by step."""
