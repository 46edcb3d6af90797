"""What is kept about somebody, to take along or to have forgotten."""
