"""What the law says an hour of work pays at least: dated, with its source, and no vote touches it."""
