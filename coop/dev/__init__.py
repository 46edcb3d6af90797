"""What only runs on a machine of ours: the whole co-op with one command, and the demo. It is not shipped."""
