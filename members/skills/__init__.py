"""What the co-op's people can do: the list that services and members refer to."""
